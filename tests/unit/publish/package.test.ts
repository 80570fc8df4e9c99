import { chmod, cp, mkdir, readFile, readdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { base16 } from 'multiformats/bases/base16'
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { cidOfFile } from '../../../electron/engine/publish/content/unixfs.ts'
import { verifyCar } from '../../../electron/engine/publish/content/car-reader.ts'
import { croissantFaults } from '../../../electron/engine/publish/formats/croissant-rules.ts'
import { readPackageMetadata } from '../../../electron/engine/chain/package-metadata.ts'
import { buildPackage } from '../../../electron/engine/publish/package/build.ts'
import { verifyPackage } from '../../../electron/engine/publish/package/verify.ts'
import { inEnglish } from '../../../shared/sayings/saying.ts'
import { packageInput, projectRecord, scanProject, withRecord } from '../../fixtures/publish/project.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'

async function json(path: string): Promise<never> {
  return JSON.parse(await readFile(path, 'utf8')) as never
}

describe('a package', () => {
  it('has the same root CID wherever, whenever and in whatever order it is made', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'here'))
    const one = await buildPackage(packageInput(project), join(folder, 'out'))

    await cp(join(folder, 'here'), join(folder, 'elsewhere'), { recursive: true })
    for (const path of ['room scan.ply', 'capture/odometry.csv'])
      await utimes(join(folder, 'elsewhere', path), 1000, 2000)
    const zone = process.env.TZ
    process.env.TZ = 'Pacific/Kiritimati'
    try {
      const moved = {
        records: [...project.records].reverse(),
        paths: new Map([...project.paths].map(([id, path]) => [id, path.replace('/here', '/elsewhere')])),
      }
      const two = await buildPackage(packageInput(moved), join(folder, 'another', 'place'))
      expect(two.root_cid).toBe(one.root_cid)
      expect(two.token_id).toBe(one.token_id)
      expect(await readFile(two.car)).toEqual(await readFile(one.car))
    } finally {
      if (zone === undefined) delete process.env.TZ
      else process.env.TZ = zone
    }
  })

  it('differs when anything in it does', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const roots = new Set<string>()
    for (const [n, input] of [
      packageInput(project),
      packageInput(project, { creatorAddress: null }),
      packageInput(project, { licence: 'CC0-1.0' }),
      packageInput(project, { supersedes: 'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354' }),
      packageInput(withRecord(project, 'transform', (record) => ({ ...record, rmseMetres: 0.1 }))),
    ].entries()) {
      roots.add((await buildPackage(input, join(folder, `out${n}`))).root_cid)
    }
    expect(roots.size).toBe(5)
  })

  it('holds what it says, and verifies from its folder and from its archive', async () => {
    const folder = await scratchFolder()
    const built = await buildPackage(packageInput(await scanProject(join(folder, 'in'))), join(folder, 'out'))
    expect(await readdir(join(folder, 'out'))).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car'])
    const car = await verifyCar(built.car)
    expect(car.rootCid).toBe(built.root_cid)
    expect(car.files.map((file) => file.path)).toEqual([
      'alignment.json',
      'annotations.jsonl',
      'croissant.json',
      'manifest.json',
      'media/capture/depth/000000.bin',
      'media/capture/odometry.csv',
      'media/room-scan-2.ply',
      'media/room-scan.ply',
      'metadata.json',
      'rights.json',
      'stars.json',
      'timeline.otio',
      'transcript.vtt',
    ])
    expect(built.files).toBe(car.files.length)
    expect(built.bytes).toBe(car.files.reduce((sum, file) => sum + file.bytes, 0))
    for (const path of [built.path, built.car]) {
      const verified = await verifyPackage(path)
      expect(verified.failures).toEqual([])
      expect(verified).toMatchObject({ ok: true, root_cid: built.root_cid, token_id: built.token_id, blocking: [] })
    }
    expect(built.checks.filter((check) => !check.ok).map((check) => check.id)).toEqual(['preview'])
  })

  it('tells the token by content: creator, files, and nothing of the machine', async () => {
    const folder = await scratchFolder()
    const built = await buildPackage(packageInput(await scanProject(join(folder, 'in'))), join(folder, 'out'))
    const metadata: {
      name: string
      properties: { creator: { address: string }; files: { path: string; uri: string }[] }
    } = await json(join(built.path, 'metadata.json'))
    expect(metadata.name).toBe('Kitchen take 1')
    expect(metadata.properties.creator.address).toBe(packageInput({ records: [], paths: new Map() }).creatorAddress)
    // What mints compares this with the account that signs.
    const { creator, tokenId } = await readPackageMetadata(built.path)
    expect(creator).toBe(metadata.properties.creator.address.toLowerCase())
    expect(tokenId).toBe(built.token_id)
    const scan = metadata.properties.files.find((file) => file.path === 'media/room-scan.ply')
    expect(scan?.uri).toBe(`ipfs://${await cidOfFile(join(built.path, 'media/room-scan.ply'))}`)
    // tokenURI is made of the digest alone, which holds only for a raw block.
    const digest = built.token_id.slice(2)
    const cid = CID.parse(await cidOfFile(join(built.path, 'metadata.json')))
    expect(cid.toString(base16.encoder)).toBe(`f01551220${digest}`)
    for (const path of ['metadata.json', 'manifest.json', 'alignment.json', 'croissant.json', 'timeline.otio']) {
      expect(await readFile(join(built.path, path), 'utf8')).not.toContain(folder)
    }
    expect(croissantFaults(await json(join(built.path, 'croissant.json')))).toEqual([])
  })

  it('writes over no file of its archive’s name that is none', async () => {
    const folder = await scratchFolder()
    const input = packageInput(await scanProject(join(folder, 'in')))
    const car = join(folder, 'out', 'Kitchen-take-1.car')
    await mkdir(join(folder, 'out'))
    await writeFile(car, 'the second-hand car that I want to sell')
    await expect(buildPackage(input, join(folder, 'out'))).rejects.toMatchObject({ code: 'conflict', path: car })
    expect(await readFile(car, 'utf8')).toContain('second-hand')
    expect(await readdir(join(folder, 'out'))).toEqual(['Kitchen-take-1.car'])
    await rm(car)
    const built = await buildPackage(input, join(folder, 'out'))
    await writeFile(car, (await readFile(car)).subarray(0, 400))
    await buildPackage(input, join(folder, 'out'))
    expect((await verifyCar(car)).rootCid).toBe(built.root_cid)
  })

  it('is left alone when it is there already, and replaced when the project has changed', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const out = join(folder, 'out')
    const first = await buildPackage(packageInput(project), out)
    expect(first.reused).toBe(false)
    await rm(first.car)
    const again = await buildPackage(packageInput(project), out)
    expect(again).toMatchObject({ reused: true, root_cid: first.root_cid })
    expect((await verifyCar(first.car)).rootCid).toBe(first.root_cid)

    const changed = await buildPackage(packageInput(project, { licence: 'CC0-1.0' }), out)
    expect(changed.reused).toBe(false)
    expect((await verifyPackage(first.path)).root_cid).toBe(changed.root_cid)
    expect((await verifyCar(first.car)).rootCid).toBe(changed.root_cid)

    await writeFile(join(first.path, 'media', 'room-scan.ply'), 'damaged')
    expect((await buildPackage(packageInput(project, { licence: 'CC0-1.0' }), out)).reused).toBe(false)
    expect((await verifyPackage(first.path)).ok).toBe(true)
    expect(await readdir(out)).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car'])
  })

  it('never takes the place of a folder that is no package', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    await mkdir(join(folder, 'out', 'Kitchen-take-1'), { recursive: true })
    await writeFile(join(folder, 'out', 'Kitchen-take-1', 'novel.txt'), 'two years of work')
    await expect(buildPackage(packageInput(project), join(folder, 'out'))).rejects.toMatchObject({ code: 'conflict' })
    expect(await readFile(join(folder, 'out', 'Kitchen-take-1', 'novel.txt'), 'utf8')).toBe('two years of work')
  })
})

describe('packing refuses', () => {
  it('a recording that is missing, that has changed, or that is nowhere', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const out = join(folder, 'out')
    const scan = project.paths.get('a') ?? ''
    await rename(scan, `${scan}.away`)
    const lost = buildPackage(packageInput(project), out)
    await expect(lost).rejects.toMatchObject({ code: 'not_found', path: scan, fix: expect.stringContaining('Relink') })
    await writeFile(scan, 'something else')
    await expect(buildPackage(packageInput(project), out)).rejects.toMatchObject({ code: 'corrupt_file', path: scan })
    await rename(`${scan}.away`, scan)
    await writeFile(join(project.paths.get('c') ?? '', 'odometry.csv'), 'changed')
    await expect(buildPackage(packageInput(project), out)).rejects.toMatchObject({ code: 'corrupt_file' })
    const nowhere = packageInput(project, { assetPath: () => null })
    await expect(buildPackage(nowhere, out)).rejects.toMatchObject({ code: 'not_found' })
    expect(await readdir(out)).toEqual([])
  })

  it('an empty project, an unknown buyer, a malformed account', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const empty = { records: [projectRecord()], paths: new Map<string, string>() }
    await expect(buildPackage(packageInput(empty), folder)).rejects.toMatchObject({ code: 'bad_input' })
    const unknown = buildPackage(packageInput(project, { buyerProfileId: 'nobody' }), folder)
    await expect(unknown).rejects.toMatchObject({
      code: 'bad_input',
      fix: expect.stringContaining('egocentric-baseline'),
    })
    const account = buildPackage(packageInput(project, { creatorAddress: 'ada' }), folder)
    await expect(account).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('to pack the same place twice at a time, and a project without a date', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    // Which of the two comes first is the disk's to say.
    const both = [1, 2].map(() => buildPackage(packageInput(project), join(folder, 'out')))
    expect((await Promise.allSettled(both)).toSorted((a, b) => a.status.localeCompare(b.status))).toMatchObject([
      { status: 'fulfilled', value: { files: expect.any(Number) } },
      { status: 'rejected', reason: { code: 'conflict' } },
    ])
    expect(await readdir(join(folder, 'out'))).toHaveLength(2)
    const dateless = withRecord(project, 'project', (record) => ({ ...record, createdAt: 'some day' }))
    await expect(buildPackage(packageInput(dateless), folder)).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('an output folder that is a file', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    await writeFile(join(folder, 'out'), '')
    await expect(buildPackage(packageInput(project), join(folder, 'out'))).rejects.toMatchObject({
      code: 'not_writable',
    })
  })

  it('to go on once cancelled, and leaves nothing behind', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const stages: string[] = []
    await buildPackage(packageInput(project), join(folder, 'all'), {
      onProgress: ({ stage }) => stages.push(inEnglish(stage)),
    })
    for (const stop of new Set(stages)) {
      const abort = new AbortController()
      const out = join(folder, 'out')
      const cancelled = buildPackage(packageInput(project), out, {
        signal: abort.signal,
        onProgress: ({ stage }) => {
          if (inEnglish(stage) === stop) abort.abort()
        },
      })
      await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
      expect(await readdir(out)).toEqual([])
    }
  })

  it('to leave the remains of a dead process lying about', async () => {
    const folder = await scratchFolder()
    const out = join(folder, 'out')
    const dead = join(out, '.Kitchen-take-1.99999999.part')
    await mkdir(join(dead, 'package', 'media'), { recursive: true })
    await writeFile(join(dead, 'package', 'media', 'half'), 'half')
    await mkdir(join(dead, 'replaced'))
    await writeFile(join(dead, 'replaced', 'manifest.json'), '{}')
    await chmod(join(dead, 'package'), 0o700)
    await buildPackage(packageInput(await scanProject(join(folder, 'in'))), out)
    expect(await readdir(out)).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car'])
  })
})

describe('failed checks', () => {
  it('are told with their fix, and the package says what blocks it', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const bare = withRecord(
      withRecord(project, 'rights', (record) => ({
        ...record,
        licence: null,
        declaresOriginal: false,
        consentsComplete: false,
      })),
      'transform',
      (record) => ({ ...record, assetId: 'a', id: 'transform:a' }),
    )
    const built = await buildPackage(packageInput(bare), join(folder, 'out'))
    const failed = built.checks.filter((check) => !check.ok && check.blocking)
    expect(failed.map((check) => check.id)).toEqual(['aligned-in-space', 'licence', 'consent', 'original'])
    for (const check of failed) expect(check.fix).toMatch(/\w+.*\.$/)
    const verified = await verifyPackage(built.path)
    expect(verified.ok).toBe(true)
    expect(verified.blocking).toEqual(['aligned-in-space', 'licence', 'consent', 'original'])
  })

  it('do not include what the aligner has said not to align', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const records = project.records.filter((record) => record.kind !== 'transform')
    const report = (unregistered: { asset: string; reason: string }[]) =>
      ({ kind: 'report', id: 'report:register', subject: 'register', createdAt: '', data: { unregistered } }) as const
    const said = report([
      { asset: 'b', reason: 'too little overlap' },
      { asset: 'c', reason: 'no scan' },
    ])
    const built = await buildPackage(packageInput({ ...project, records: [...records, said] }), join(folder, 'one'))
    const check = built.checks.find((each) => each.id === 'aligned-in-space')
    expect(check).toMatchObject({ ok: true, detail: expect.stringContaining('too little overlap') })
    const half = await buildPackage(
      packageInput({ ...project, records: [...records, report([{ asset: 'b', reason: 'x' }])] }),
      join(folder, 'two'),
    )
    expect(half.checks.find((each) => each.id === 'aligned-in-space')?.ok).toBe(false)
  })
})

describe('verifying', () => {
  it('names every kind of tampering', async () => {
    const folder = await scratchFolder()
    const built = await buildPackage(packageInput(await scanProject(join(folder, 'in'))), join(folder, 'out'))
    const tamper = async (change: (path: string) => Promise<void>): Promise<string> => {
      const copy = join(folder, 'copy')
      await rm(copy, { recursive: true, force: true })
      await cp(built.path, copy, { recursive: true })
      await change(copy)
      const { ok, failures } = await verifyPackage(copy)
      expect(ok).toBe(false)
      const said = failures.map((failure) => `${failure.path} ${failure.what}`)
      expect(said).toEqual([...new Set(said)])
      return said.join('\n')
    }
    const edit = (file: string, from: string, to: string) => async (path: string) => {
      const text = await readFile(join(path, file), 'utf8')
      expect(text).toContain(from)
      await writeFile(join(path, file), text.replace(from, to))
    }
    expect(await tamper((path) => rm(join(path, 'media/room-scan.ply')))).toContain('media/room-scan.ply is missing')
    expect(await tamper((path) => writeFile(join(path, 'extra'), ''))).toContain('extra is not in the manifest')
    expect(await tamper(edit('rights.json', '"allowed"', '"notAllowed"'))).toContain('rights.json')
    expect(await tamper(edit('stars.json', '3.2', '4.9'))).toContain('stars.json has other content')
    expect(await tamper(edit('metadata.json', 'Kitchen', 'Bedroom'))).toContain('metadata.json has other content')
    expect(await tamper(edit('manifest.json', '"blocking":[]', '"blocking":["licence"]'))).toContain(
      'manifest.json names other',
    )
    expect(await tamper(edit('manifest.json', '{', '{ '))).toContain('manifest.json is not in canonical form')
    expect(await tamper((path) => writeFile(join(path, 'manifest.json'), '{'))).toContain('manifest.json is not JSON')
    expect(await tamper((path) => rm(join(path, 'manifest.json')))).toContain('manifest.json is missing')
    expect(await tamper(edit('croissant.json', 'https://schema.org/', 'http://schema.org/'))).toContain(
      '@context must name',
    )
    const put = (file: string, text: string) => (path: string) => writeFile(join(path, file), text)
    const deep = `{"name":"x","properties":{"files":[]},"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}`
    for (const [file, text, what] of [
      ['metadata.json', deep, 'is nested without end'],
      ['croissant.json', `{"recordSet":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`, 'is nested without end'],
      ['metadata.json', '{"name":"\\ud800","properties":{"files":[]}}', 'holds a text with half a character'],
      ['alignment.json', '[]', 'is not an alignment'],
      ['timeline.otio', '{}', 'is not a time line'],
      ['rights.json', '{}', 'does not state rights'],
      ['stars.json', '{"stars":"5"}', 'is not a prediction of stars'],
      ['transcript.vtt', 'hello', 'is not WebVTT'],
      ['annotations.jsonl', '{"kind":"marker"}\nnone\n', 'has a line 2 that is not JSON'],
      ['annotations.jsonl', 'x'.repeat(3 << 20), 'has a line 1 of more than a megabyte'],
    ] as const) {
      expect(await tamper(put(file, text))).toContain(`${file} ${what}`)
    }
    expect(await tamper((path) => symlink('/etc/hostname', join(path, 'media/link')))).toContain('media/link is a link')
    expect(await tamper((path) => mkdir(join(path, 'media/none')))).toContain('media/none is a folder with nothing')
    expect(await tamper(put('media/a\\b', 'x'))).toContain('has a name with a backslash')
    const many: { properties: object } = await json(join(built.path, 'metadata.json'))
    const links = Array.from({ length: 20_000 }, (_, n) => ({ path: `media/${n}`, uri: 'x', bytes: 1, type: 'x' }))
    Object.assign(many.properties, { files: links })
    expect(await tamper(put('metadata.json', JSON.stringify(many)))).toMatch(/copy has \d+ more failures$/)
    expect(await tamper((path) => mkdir(`${path}.signature.json`))).toContain('copy.signature.json is no signature')
    await rm(join(folder, 'copy.signature.json'), { recursive: true })
    expect(
      await tamper(async (path) => void (await mkdir(`${path}.credentials/media/a.c2pa`, { recursive: true }))),
    ).toContain('copy.credentials/media/a.c2pa is no manifest')
    await rm(join(folder, 'copy.credentials'), { recursive: true })
    await expect(verifyPackage(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'not_found' })
  })
})
