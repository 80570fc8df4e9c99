import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Decrypter, Encrypter, generateX25519Identity } from 'age-encryption'
import { describe, expect, it } from 'vitest'
import { buildPackage } from '../../../electron/engine/publish/package/build.ts'
import { verifyPackage } from '../../../electron/engine/publish/package/verify.ts'
import {
  HEADER_BYTES,
  openContent,
  sealContent,
  sealedBytes,
} from '../../../electron/engine/publish/sealed/age-file.ts'
import { chunkCipher, portableCipher } from '../../../electron/engine/publish/sealed/chunk-cipher.ts'
import { openSealedPackage, readSealed } from '../../../electron/engine/publish/sealed/open-package.ts'
import { receiveWorkKey, releaseWorkKey } from '../../../electron/engine/publish/sealed/release.ts'
import {
  ageKey,
  fileSecrets,
  parseAgeKey,
  sealingSecret,
  workKey,
} from '../../../electron/engine/publish/sealed/work-key.ts'
import { packageInput, scanProject } from '../../fixtures/publish/project.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'

const CHUNK = 64 << 10
const key = ageKey(new Uint8Array(32).fill(7))
const secrets = fileSecrets(key, 'media/a.bin', 'ab'.repeat(32))

async function bytesOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of content) pieces.push(piece)
  return Buffer.concat(pieces)
}

async function* inPieces(bytes: Uint8Array, length = 100_003): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += length)
    yield await Promise.resolve(bytes.subarray(start, start + length))
}

const sealed = (plain: Uint8Array, cipher = chunkCipher) =>
  bytesOf(sealContent(inPieces(plain), key.publicKey, secrets, cipher))
const opened = (file: Uint8Array, secret = key.secret, cipher = chunkCipher) =>
  bytesOf(openContent(inPieces(file, 70_001), secret, cipher))

describe('the secret of a machine', () => {
  it('is one, whoever seals first', async () => {
    const home = await scratchFolder()
    const found = await Promise.all([sealingSecret(home), sealingSecret(home), sealingSecret(home)])
    expect(new Set(found.map((each) => Buffer.from(each).toString('hex'))).size).toBe(1)
  })
})

describe('a sealed file', () => {
  it.each([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 5])(
    'of %i bytes is what any age program opens',
    async (length) => {
      const plain = randomBytes(length)
      const file = await sealed(plain)
      expect(file.length).toBe(sealedBytes(length))
      const library = new Decrypter()
      library.addIdentity(key.identity)
      expect(Buffer.from(await library.decrypt(file))).toEqual(plain)
      expect(await opened(file)).toEqual(plain)
    },
  )

  it('is the same whichever cipher of the two made it, and opens with either', async () => {
    const plain = randomBytes(CHUNK + 77)
    const file = await sealed(plain, portableCipher)
    expect(file).toEqual(await sealed(plain))
    expect(await opened(file, key.secret, portableCipher)).toEqual(plain)
  })

  it('opens here when the age library made it for our key', async () => {
    const library = new Encrypter()
    library.addRecipient(key.recipient)
    expect(await opened(await library.encrypt(new Uint8Array([1, 2, 3])))).toEqual(Buffer.from([1, 2, 3]))
    expect(parseAgeKey(`# mine\n${await generateX25519Identity()}\n`).recipient).toMatch(/^age1/)
  })

  it.each<[string, (file: Buffer) => Buffer, string]>([
    ['a changed byte', (file) => flipped(file, file.length - 40), 'changed or cut short'],
    ['a changed head', (file) => flipped(file, HEADER_BYTES - 5), 'head'],
    ['a last chunk left out', (file) => file.subarray(0, sealedBytes(2 * CHUNK)), 'changed or cut short'],
    ['chunks exchanged', swapped, 'changed or cut short'],
    ['only a head', (file) => file.subarray(0, 150), 'cut short'],
    ['something else', (file) => Buffer.alloc(file.length, 65), 'not a file that was sealed'],
  ])('with %s gives nothing of it as if it were whole', async (_what, change, message) => {
    const file = change(await sealed(randomBytes(2 * CHUNK + 100)))
    await expect(opened(file)).rejects.toMatchObject({
      code: 'corrupt_file',
      message: expect.stringContaining(message) as string,
    })
  })

  it('does not open with another key, and no two contents or names share a key', async () => {
    const file = await sealed(randomBytes(10))
    await expect(opened(file, ageKey(new Uint8Array(32).fill(8)).secret)).rejects.toMatchObject({
      code: 'corrupt_file',
    })
    const others = [fileSecrets(key, 'media/b.bin', 'ab'.repeat(32)), fileSecrets(key, 'media/a.bin', 'cd'.repeat(32))]
    const keys = [secrets, ...others].map((each) => Buffer.from(each.fileKey).toString('hex'))
    expect(new Set(keys).size).toBe(3)
  })
})

function flipped(file: Buffer, at: number): Buffer {
  file[at]! ^= 2
  return file
}

function swapped(file: Buffer): Buffer {
  const start = HEADER_BYTES + 16
  const end = start + CHUNK + 16
  return Buffer.concat([
    file.subarray(0, start),
    file.subarray(end, end + CHUNK + 16),
    file.subarray(start, end),
    file.subarray(end + CHUNK + 16),
  ])
}

describe('a sealed package', () => {
  const secret = new Uint8Array(32).fill(9)

  it('is the same twice, verifies without its key, and opens to what was packed', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const input = packageInput(project, { sealingSecret: secret })
    const built = await buildPackage(input, join(folder, 'out'))
    expect((await buildPackage(input, join(folder, 'again'))).root_cid).toBe(built.root_cid)
    const plain = await buildPackage(packageInput(project), join(folder, 'plain'))
    expect(plain.token_id).not.toBe(built.token_id)
    for (const path of [built.path, built.car]) {
      const verified = await verifyPackage(path)
      expect(verified.failures).toEqual([])
      expect(verified.sealed).toEqual({ recipient: built.sealed_for, files: 4 })
    }
    const scan = await readFile(join(plain.path, 'media/room-scan.ply'))
    expect((await readFile(built.car)).includes(scan.subarray(0, 200))).toBe(false)

    const lessee = ageKey(new Uint8Array(32).fill(3))
    const released = await releaseWorkKey(secret, await readSealed(built.car), lessee.recipient)
    const received = await receiveWorkKey(released, lessee, built.sealed_for!)
    const { files } = await openSealedPackage(built.car, received, join(folder, 'opened'))
    expect(files).toBe(built.files - 2)
    for (const path of ['media/room-scan.ply', 'media/capture/odometry.csv', 'alignment.json']) {
      expect(await readFile(join(folder, 'opened', path))).toEqual(await readFile(join(plain.path, path)))
    }
  })

  it('gives its key to nobody else: not to another recipient, not for another work, not from another machine', async () => {
    const folder = await scratchFolder()
    const built = await buildPackage(
      packageInput(await scanProject(join(folder, 'in')), { sealingSecret: secret }),
      join(folder, 'out'),
    )
    const about = await readSealed(built.path)
    const [lessee, stranger] = [ageKey(new Uint8Array(32).fill(3)), ageKey(new Uint8Array(32).fill(4))]
    const released = await releaseWorkKey(secret, about, lessee.recipient)
    await expect(receiveWorkKey(released, stranger, about.recipient)).rejects.toMatchObject({ code: 'corrupt_file' })
    const other = workKey(secret, ['ff'.repeat(32)]).recipient
    await expect(receiveWorkKey(released, lessee, other)).rejects.toThrow('another work')
    await expect(releaseWorkKey(new Uint8Array(32).fill(1), about, lessee.recipient)).rejects.toThrow('not sealed with')
  })

  it('says which recording is not sealed, or not as long as it should be', async () => {
    const folder = await scratchFolder()
    const built = await buildPackage(
      packageInput(await scanProject(join(folder, 'in')), { sealingSecret: secret }),
      join(folder, 'out'),
    )
    const scan = join(built.path, 'media/room-scan.ply.age')
    const bytes = await readFile(scan)
    await writeFile(scan, bytes.subarray(0, bytes.length - 1))
    await writeFile(join(built.path, 'media/open.ply'), 'ply')
    await writeFile(
      join(built.path, 'media/capture/odometry.csv.age'),
      Buffer.alloc((await readFile(join(built.path, 'media/capture/odometry.csv.age'))).length),
    )
    const { failures } = await verifyPackage(built.path)
    expect(failures).toEqual(
      expect.arrayContaining([
        { path: 'media/open.ply', what: 'is not sealed, as the others are' },
        { path: 'media/capture/odometry.csv.age', what: 'is not a sealed file' },
        { path: 'media/room-scan.ply.age', what: expect.stringContaining('cannot hold the') as string },
      ]),
    )
  })
})
