import type { ChildProcess } from 'node:child_process'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { uploadPackage } from '../../electron/engine/publish/upload/index.ts'
import { packageOf } from '../fixtures/publish/large-package.ts'
import { child, exited, line } from '../fixtures/publish/sending.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

const SERVER = new URL('../fixtures/publish/s3-server-child.ts', import.meta.url)
const CLIENT = new URL('../fixtures/publish/upload-child.ts', import.meta.url)

async function store(directory: string, port = 0): Promise<{ process: ChildProcess; port: number; target: string }> {
  await mkdir(directory, { recursive: true })
  const server = child(SERVER, [directory, String(port)])
  const found = Number(await line(server, (text) => /^\d+$/.test(text)))
  return { process: server, port: found, target: `s3://takes/from/me?endpoint=http://127.0.0.1:${found}` }
}

function clientOf(port: number): S3Client {
  return new S3Client({ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, forcePathStyle: true })
}

describe('uploading to a store that speaks S3', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER')
    return () => vi.unstubAllEnvs()
  })

  it('sends the archive in parts, reads it back, and sends nothing the second time', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 9_000_000)
    const { target, port } = await store(join(folder, 'store'))
    const options = { stateDirectory: join(folder, 'state') }
    const first = await uploadPackage(built.path, target, options)
    expect(first).toEqual({
      target: 's3',
      location: 's3://takes/from/me/Kitchen-take-1.car',
      bytes_sent: built.car_bytes,
      bytes_skipped: 0,
      verified: true,
    })
    const object = await clientOf(port).send(
      new GetObjectCommand({ Bucket: 'takes', Key: 'from/me/Kitchen-take-1.car' }),
    )
    expect(Buffer.from((await object.Body?.transformToByteArray()) ?? [])).toEqual(await readFile(built.car))
    expect(object.Metadata).toMatchObject({ 'root-cid': built.root_cid })
    expect(await uploadPackage(built.path, target, options)).toEqual({
      ...first,
      bytes_sent: 0,
      bytes_skipped: built.car_bytes,
    })
    expect(await readdir(join(folder, 'state'))).toEqual([])
  })

  it('goes on from its own journal of parts after both sides were killed', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 18_000_000)
    const server = await store(join(folder, 'store'))
    const state = join(folder, 'state')
    await exited(child(CLIENT, [built.path, server.target, state, '12000000']))
    server.process.kill('SIGKILL')
    await exited(server.process)
    await store(join(folder, 'store'), server.port)
    const result = await uploadPackage(built.path, server.target, { stateDirectory: state })
    expect(result.verified).toBe(true)
    expect(result.bytes_skipped).toBeGreaterThan(8_000_000)
    expect(result.bytes_sent + result.bytes_skipped).toBe(built.car_bytes)
  })

  it('never believes the store: what says that it is the package but is not is refused', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 100_000)
    const { target, port } = await store(join(folder, 'store'))
    const options = { stateDirectory: join(folder, 'state') }
    await uploadPackage(built.path, target, options)
    const client = clientOf(port)
    const Key = 'from/me/Kitchen-take-1.car'
    const { Metadata } = await client.send(new GetObjectCommand({ Bucket: 'takes', Key }))
    const Body = Buffer.alloc(built.car_bytes, 1)
    await client.send(new PutObjectCommand({ Bucket: 'takes', Key, Body, ...(Metadata ? { Metadata } : {}) }))
    await expect(uploadPackage(built.path, target, options)).rejects.toMatchObject({
      code: 'network_failed',
      message: expect.stringContaining('not what was sent'),
    })
  })

  it('says what is missing: the bucket, the credentials, the store', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 1000)
    const { target } = await store(join(folder, 'store'))
    const options = { stateDirectory: join(folder, 'state') }
    const other = uploadPackage(built.path, target.replace('takes', 'others'), options)
    await expect(other).rejects.toMatchObject({ code: 'not_found' })
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'NOBODY')
    await expect(uploadPackage(built.path, target, options)).rejects.toMatchObject({
      message: expect.stringContaining('does not let you in'),
    })
  })
})
