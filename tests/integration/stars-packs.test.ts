/** Packs as a lab makes them and a creator gets them: built from pictures, signed, checked, installed, used, refused. */
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Encoders } from '../../electron/engine/models/encoders.ts'
import { buildPack } from '../../electron/engine/stars/build-pack.ts'
import { installPacks, listPacks, removePack, verifyPacks } from '../../electron/engine/stars/pack-store.ts'
import { pictureEncoder } from '../../electron/engine/stars/picture-meaning.ts'
import { estimatePack, readStarpack } from '../../electron/engine/stars/starpack-file.ts'

let folder = ''
const abort = new AbortController()
const encoders = new Encoders(abort.signal)
const context = { encoders, signal: abort.signal, onProgress: () => {}, log: () => {} }
const file = (name: string): string => join(folder, name)

const SHAPES: Record<string, (at: number) => string> = {
  rings: (at) => `<circle cx="64" cy="64" r="${20 + at}" fill="none" stroke="#c33" stroke-width="${4 + at / 4}"/>`,
  bars: (at) =>
    [0, 1, 2, 3].map((k) => `<rect x="${10 + 28 * k}" y="${at}" width="12" height="100" fill="#36c"/>`).join(''),
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packs-'))
  for (const [name, shape] of Object.entries(SHAPES)) {
    await mkdir(join(folder, 'shapes', name), { recursive: true })
    for (let at = 0; at < 22; at++) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128"><rect width="128" height="128" fill="#${at % 2 ? 'eee' : 'ffd'}"/>${shape(at)}</svg>`
      await sharp(Buffer.from(svg))
        .png()
        .toFile(join(folder, 'shapes', name, `${at}.png`))
    }
  }
})
afterAll(async () => {
  await encoders.close()
  await rm(folder, { recursive: true, force: true })
})

describe('a pack built from a folder of pictures', () => {
  it('is signed, can be checked, installed, used and taken away', async () => {
    const out = file('shapes.starpack')
    const { figures } = await buildPack({ source: file('shapes'), out, key: file('key.pem'), title: null }, context)
    expect(figures.samples).toBe(44)
    expect(figures.accuracy_base).toBeGreaterThan(0.7)
    expect((await stat(file('key.pem'))).mode & 0o777).toBe(0o600)
    const { task } = estimatePack(readStarpack(await readFile(out), 'foreign'))
    expect(task).toMatchObject({ classNames: ['bars', 'rings'], dimension: 64 })
    const home = file('home')
    expect((await listPacks(home)).packs).toHaveLength(1)
    const { packs } = await installPacks(home, [out])
    expect(packs).toMatchObject([{ id: 'shapes', kind: 'lab', tasks: [{ classes: 2, encoder: pictureEncoder().id }] }])
    expect((await listPacks(home)).packs.map((pack) => pack.kind)).toEqual(['built-in', 'lab'])
    expect((await removePack(home, packs[0].digest)).packs).toHaveLength(1)
    await expect(removePack(home, packs[0].digest)).rejects.toMatchObject({ code: 'not_found' })
    await expect(removePack(home, '../../etc')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is refused, with the reason, when anything about it is not right', async () => {
    const text = await readFile(file('shapes.starpack'), 'utf8')
    const spoilt: Record<string, string> = {
      tampered: text.replace('"title":"shapes"', '"title":"Shapes"'),
      unsigned: text.replace(/"signature":\{[^}]*\}/, '"signature":null'),
      cut: text.slice(0, 200),
      other: '{"format":"recipe"}',
      newer: text.replace('"version":1', '"version":2'),
    }
    for (const [name, content] of Object.entries(spoilt)) await writeFile(file(`${name}.starpack`), content)
    await writeFile(file('huge.starpack'), Buffer.alloc(13_000_001))
    const names = [...Object.keys(spoilt), 'huge', 'missing']
    const answer = await installPacks(
      file('home'),
      names.map((name) => file(`${name}.starpack`)),
    )
    expect(answer.packs).toEqual([])
    expect(answer.refused.map(({ code }) => code)).toEqual([
      'corrupt_file',
      'bad_input',
      'corrupt_file',
      'unsupported_format',
      'unsupported_format',
      'too_large',
      'not_found',
    ])
    expect(answer.refused.map(({ reason }) => reason).join(' ')).toMatch(/changed after .* not signed/)
    expect((await listPacks(file('home'))).packs).toHaveLength(1)
    expect((await verifyPacks([file('shapes.starpack'), file('cut.starpack')])).refused).toHaveLength(1)
  })

  it('says what is wrong with its source, and writes nothing', async () => {
    const build = (source: string): Promise<unknown> =>
      buildPack({ source: file(source), out: file('no.starpack'), key: file('key.pem'), title: null }, context)
    await mkdir(file('one/class'), { recursive: true })
    await writeFile(file('rows.json'), '{"x":[[1]],"y":[0]}')
    await expect(build('one')).rejects.toThrow('two or more classes')
    await expect(build('rows.json')).rejects.toThrow('not well formed: encoder')
    await expect(build('nowhere')).rejects.toMatchObject({ code: 'not_found' })
    const embeddings = {
      encoder: { id: 'theirs', sha256: 'a'.repeat(64) },
      classNames: ['left', 'right'],
      x: Array.from({ length: 60 }, (_, n) => [n % 2, n / 60]),
      y: Array.from({ length: 60 }, (_, n) => n % 2),
    }
    const refusals: [changed: object, why: string][] = [
      [{ x: embeddings.x.map(() => [0, 0]) }, 'the same row'],
      [{ x: embeddings.x.map(() => [1e30, 0]) }, 'not well formed: x.0.0'],
      [{ x: embeddings.x.map(() => [null, 0]) }, 'not well formed: x.0.0'],
      [{ x: embeddings.x.map((row, n) => (n === 7 ? [1] : row)) }, 'Row 7 has 1 numbers'],
      [{ y: embeddings.y.map(() => 2) }, 'one label y'],
      [{ y: embeddings.y.map(() => 0) }, 'class "right" has 0 samples'],
      [{ classNames: ['left', 'left'] }, 'the same name'],
    ]
    for (const [changed, why] of refusals) {
      await writeFile(file('rows.json'), JSON.stringify({ ...embeddings, ...changed }))
      await expect(build('rows.json')).rejects.toThrow(why)
    }
    await writeFile(file('rows.json'), JSON.stringify(embeddings))
    const to = { source: file('rows.json'), out: file('no.starpack'), key: file('key.pem'), title: null }
    await expect(buildPack({ ...to, key: file('one') }, context)).rejects.toThrow('The key cannot be read')
    await expect(buildPack({ ...to, title: '' }, context)).rejects.toThrow('A title has')
    await expect(buildPack({ ...to, out: file('not/there.starpack') }, context)).rejects.toThrow('is not there')
    await expect(stat(file('no.starpack'))).rejects.toThrow('ENOENT')
  })
})
