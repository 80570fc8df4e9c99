import { execFileSync } from 'node:child_process'
import { mkdir, readFile, readdir, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CarReader, startsAsCar, verifyCar } from '../../../electron/engine/publish/content/car-reader.ts'
import { writeCarOfDirectory } from '../../../electron/engine/publish/content/car.ts'
import {
  addressOfBytes,
  addressOfFile,
  addressOfTree,
  cidOfFile,
} from '../../../electron/engine/publish/content/unixfs.ts'
import {
  FILE_VECTORS,
  FOLDER_SEED,
  FOLDER_VECTORS,
  chachaBytes,
  vectorNames,
} from '../../fixtures/publish/kubo-vectors.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'
import { HOSTILE_ARCHIVES, writeArchive } from '../../fixtures/publish/hostile-car.ts'

it('what a pipe would say is not waited for, to know whether it is an archive', async () => {
  const pipe = join(await scratchFolder(), 'pipe.car')
  execFileSync('mkfifo', [pipe])
  expect(await startsAsCar(pipe)).toBe(false)
})

describe('content addresses', () => {
  it.each([
    ['hello world', 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'],
    ['', 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'],
  ])('gives %j the CID that kubo publishes', async (text, cid) => {
    const folder = await scratchFolder()
    await writeFile(join(folder, 'file'), text)
    expect(await cidOfFile(join(folder, 'file'))).toBe(cid)
    expect((await addressOfBytes(Buffer.from(text))).cid.toString()).toBe(cid)
  })

  it.each(FILE_VECTORS)('gives kubo’s file of $title its CID', async (vector) => {
    const folder = await scratchFolder()
    await writeFile(join(folder, 'file'), await chachaBytes(vector.seed, vector.byteLength))
    const address = await addressOfFile(join(folder, 'file'))
    expect(address.cid.toString()).toBe(vector.cid)
    expect(address.bytes).toBe(vector.byteLength)
  })

  it.each(FOLDER_VECTORS)('gives kubo’s folder of $title its CID', async (vector) => {
    const names = await vectorNames(FOLDER_SEED, vector.count, vector.nameLength, vector.lastNameLength)
    const address = await addressOfBytes(Buffer.from('x'))
    const tree = await addressOfTree(names.map((path) => ({ path, address })))
    expect(tree.cid.toString()).toBe(vector.cid)
  })

  it('survives the way to a CAR file and back in a sharded folder', async () => {
    const folder = await scratchFolder()
    const [, vector] = FOLDER_VECTORS
    await mkdir(join(folder, 'many'))
    const names = await vectorNames(FOLDER_SEED, vector.count, vector.nameLength, vector.lastNameLength)
    await Promise.all(names.map((name) => writeFile(join(folder, 'many', name), 'x')))
    expect((await writeCarOfDirectory(join(folder, 'many'), join(folder, 'many.car'))).rootCid).toBe(vector.cid)
    const read = await verifyCar(join(folder, 'many.car'))
    expect(read.rootCid).toBe(vector.cid)
    expect(read.files.map((file) => file.path)).toEqual([...names].sort())
  })

  it('gives an empty folder the CID that kubo publishes', async () => {
    const root = await addressOfTree([])
    expect(root.cid.toString()).toBe('bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354')
  })

  it('gives a tree of known addresses the CID of the tree itself', async () => {
    const folder = await scratchFolder()
    await sampleTree(join(folder, 'tree'))
    const { rootCid } = await writeCarOfDirectory(join(folder, 'tree'), join(folder, 'tree.car'))
    const paths = ['a.txt', 'deep/er/b.bin', 'deep/c.txt', 'ü/same.txt']
    const entries = await Promise.all(
      paths.map(async (path) => ({ path, address: await addressOfFile(join(folder, 'tree', path)) })),
    )
    const known = await addressOfTree([...entries.reverse(), { path: 'empty' }])
    expect(known.cid.toString()).toBe(rootCid)
  })
})

async function sampleTree(directory: string): Promise<void> {
  await mkdir(join(directory, 'deep', 'er'), { recursive: true })
  await mkdir(join(directory, 'empty'))
  await mkdir(join(directory, 'ü'))
  await writeFile(join(directory, 'a.txt'), 'first')
  await writeFile(join(directory, 'deep', 'er', 'b.bin'), await chachaBytes('tree', 2_500_000))
  await writeFile(join(directory, 'deep', 'c.txt'), '')
  await writeFile(join(directory, 'ü', 'same.txt'), 'first')
}

describe('CAR files', () => {
  it('are the same whatever the clock, the modes and the order of creation', async () => {
    const folder = await scratchFolder()
    await sampleTree(join(folder, 'one'))
    await mkdir(join(folder, 'two', 'ü'), { recursive: true })
    await writeFile(join(folder, 'two', 'ü', 'same.txt'), 'first', { mode: 0o600 })
    await sampleTree(join(folder, 'three'))
    await mkdir(join(folder, 'two', 'deep', 'er'), { recursive: true })
    await mkdir(join(folder, 'two', 'empty'))
    for (const path of ['deep/er/b.bin', 'deep/c.txt', 'a.txt']) {
      await writeFile(join(folder, 'two', path), await readFile(join(folder, 'one', path)))
      await utimes(join(folder, 'two', path), 1, 1)
    }
    const one = await writeCarOfDirectory(join(folder, 'one'), join(folder, 'one.car'))
    const two = await writeCarOfDirectory(join(folder, 'two'), join(folder, 'two.car'))
    expect(two).toEqual(one)
    const bytes = await readFile(join(folder, 'one.car'))
    expect(bytes.equals(await readFile(join(folder, 'two.car')))).toBe(true)
    expect(bytes.length).toBe(one.carBytes)
  })

  it('give back names, lengths and bytes', async () => {
    const folder = await scratchFolder()
    await sampleTree(join(folder, 'tree'))
    const written = await writeCarOfDirectory(join(folder, 'tree'), join(folder, 'tree.car'))
    const reader = await CarReader.open(join(folder, 'tree.car'))
    try {
      expect(reader.verified.rootCid).toBe(written.rootCid)
      expect(reader.verified.emptyFolders).toEqual(['empty'])
      expect(reader.verified.files.map((file) => file.path)).toEqual([
        'a.txt',
        'deep/c.txt',
        'deep/er/b.bin',
        'ü/same.txt',
      ])
      for (const file of reader.verified.files) {
        const pieces: Uint8Array[] = []
        for await (const piece of reader.read(file.path)) pieces.push(piece)
        const original = await readFile(join(folder, 'tree', file.path))
        expect(Buffer.concat(pieces).equals(original)).toBe(true)
        expect(file.bytes).toBe(original.length)
        expect(file.cid).toBe(await cidOfFile(join(folder, 'tree', file.path)))
      }
    } finally {
      await reader.close()
    }
  })

  it('are refused after any change of a byte and any cut', async () => {
    const folder = await scratchFolder()
    await sampleTree(join(folder, 'tree'))
    await writeCarOfDirectory(join(folder, 'tree'), join(folder, 'tree.car'))
    const bytes = await readFile(join(folder, 'tree.car'))
    const broken = join(folder, 'broken.car')
    const place = fc.oneof(fc.nat({ max: bytes.length - 1 }), fc.nat({ max: 400 }))
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const copy = Buffer.from(bytes)
        copy[at] ^= change
        await writeFile(broken, copy)
        await expect(verifyCar(broken)).rejects.toMatchObject({ name: 'AsterismError', code: 'corrupt_file' })
      }),
      { seed: 7, numRuns: 60 },
    )
    await fc.assert(
      fc.asyncProperty(place, async (length) => {
        await writeFile(broken, bytes)
        await truncate(broken, length)
        const code = length === 0 ? 'empty_file' : 'corrupt_file'
        await expect(verifyCar(broken)).rejects.toMatchObject({ name: 'AsterismError', code })
      }),
      { seed: 8, numRuns: 40 },
    )
    await writeFile(broken, bytes.subarray(0, -1))
    await expect(verifyCar(broken)).rejects.toThrow('ends in the middle of a block')
  })

  it.each(Object.entries(HOSTILE_ARCHIVES))('refuses %s', async (_what, blocks) => {
    const path = join(await scratchFolder(), 'hostile.car')
    await writeArchive(path, blocks)
    await expect(verifyCar(path)).rejects.toMatchObject({
      code: 'corrupt_file',
      message: expect.stringMatching(/unfolds|leads out/) as string,
    })
  })

  it('are refused when a block claims more than any block has', async () => {
    const folder = await scratchFolder()
    await sampleTree(join(folder, 'tree'))
    await writeCarOfDirectory(join(folder, 'tree'), join(folder, 'tree.car'))
    const bytes = await readFile(join(folder, 'tree.car'))
    await writeFile(join(folder, 'bomb.car'), Buffer.concat([bytes, Buffer.from([0xff, 0xff, 0xff, 0xff, 0x7f])]))
    await expect(verifyCar(join(folder, 'bomb.car'))).rejects.toThrow(/claims 34359738367 bytes/)
  })

  it('are not made of links, and leave nothing behind when refused or cancelled', async () => {
    const folder = await scratchFolder()
    await sampleTree(join(folder, 'tree'))
    await symlink('/etc/hostname', join(folder, 'tree', 'link'))
    const car = join(folder, 'tree.car')
    await expect(writeCarOfDirectory(join(folder, 'tree'), car)).rejects.toMatchObject({ code: 'bad_input' })
    const abort = new AbortController()
    await sampleTree(join(folder, 'other'))
    const cancelled = writeCarOfDirectory(join(folder, 'other'), car, {
      signal: abort.signal,
      onProgress: () => abort.abort(),
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect((await readdir(folder)).filter((name) => name.includes('.car'))).toEqual([])
  })

  it('name the folder that is missing', async () => {
    const folder = await scratchFolder()
    const refused = writeCarOfDirectory(join(folder, 'nowhere'), join(folder, 'x.car'))
    await expect(refused).rejects.toMatchObject({ code: 'not_found', path: join(folder, 'nowhere') })
  })
})
