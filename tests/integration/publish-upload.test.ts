import { spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, renameSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdir, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { UPLOAD_TARGETS, uploadPackage, uploadTarget } from '../../electron/engine/publish/upload/index.ts'
import { verifyPackage } from '../../electron/engine/publish/package/verify.ts'
import { packageOf } from '../fixtures/publish/large-package.ts'
import { child, exited, line } from '../fixtures/publish/sending.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

const SERVER = new URL('../fixtures/publish/tus-server-child.ts', import.meta.url)
const CLIENT = new URL('../fixtures/publish/upload-child.ts', import.meta.url)

async function tusServer(directory: string, port = 0): Promise<{ process: ChildProcess; port: number; url: string }> {
  await mkdir(directory, { recursive: true })
  const server = child(SERVER, [directory, String(port)])
  const found = Number(await line(server, (text) => /^\d+$/.test(text)))
  return { process: server, port: found, url: `http://127.0.0.1:${found}/files` }
}

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/files`
}

async function stored(directory: string): Promise<Buffer> {
  const [name] = (await readdir(directory)).filter((each) => !each.endsWith('.json'))
  return readFile(join(directory, name))
}

it('a folder without its archive is refused by what it is, and nothing is sent', async () => {
  const folder = await scratchFolder()
  await mkdir(join(folder, 'no-package'))
  const sent = uploadPackage(join(folder, 'no-package'), join(folder, 'disk'), { stateDirectory: folder })
  await expect(sent).rejects.toMatchObject({ code: 'not_found', message: expect.stringMatching(/CAR file is missing/) })
  expect(existsSync(join(folder, 'disk'))).toBe(false)
})

it('what is no archive is refused at once, however long reading it would take', async () => {
  const folder = await scratchFolder()
  const [pipe, large] = [join(folder, 'pipe.car'), join(folder, 'large.car')]
  spawnSync('mkfifo', [pipe])
  await writeFile(large, '')
  await truncate(large, 2 ** 40)
  for (const [path, code] of [
    [pipe, 'bad_input'],
    [large, 'corrupt_file'],
  ] as const) {
    const sent = uploadPackage(path, join(folder, 'disk'), { stateDirectory: folder })
    await expect(sent, path).rejects.toMatchObject({ code, kept: 'Nothing was sent.' })
  }
})

describe('uploading by tus', () => {
  it('sends the archive, reads it back, and sends nothing the second time', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 3_000_000)
    const server = await tusServer(join(folder, 'server'))
    const options = { stateDirectory: join(folder, 'state') }
    const first = await uploadPackage(built.path, server.url, options)
    expect(first).toMatchObject({ target: 'tus', bytes_sent: built.car_bytes, bytes_skipped: 0, verified: true })
    expect(await stored(join(folder, 'server'))).toEqual(await readFile(built.car))
    expect(Buffer.from(await (await fetch(first.location)).arrayBuffer())).toEqual(await readFile(built.car))
    const again = await uploadPackage(built.car, server.url, options)
    expect(again).toEqual({ ...first, bytes_sent: 0, bytes_skipped: built.car_bytes })
    expect((await readdir(join(folder, 'server'))).length).toBe(2)
  })

  it('goes on where it stopped after the client and then the server was killed', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 24_000_000)
    let server = await tusServer(join(folder, 'server'))
    const { port, url } = server
    const state = join(folder, 'state')

    await exited(child(CLIENT, [built.path, url, state, '10000000']))
    const second = child(CLIENT, [built.path, url, state, '18000000', String(server.process.pid)])
    const ended = line(second, (text) => text.startsWith('{'))
    await exited(server.process)
    server = await tusServer(join(folder, 'server'), port)

    const result = JSON.parse(await ended) as { bytes_sent: number; bytes_skipped: number; verified: boolean }
    expect(result.verified).toBe(true)
    // What was under way between the two when the client was killed is sent again.
    expect(result.bytes_skipped).toBeGreaterThan(2_000_000)
    expect(result.bytes_sent + result.bytes_skipped).toBe(built.car_bytes)
    expect((await stored(join(folder, 'server'))).equals(await readFile(built.car))).toBe(true)
    expect((await readdir(join(folder, 'server'))).length).toBe(2)
  })

  it('begins anew when the server has lost the upload', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 100_000)
    const server = await tusServer(join(folder, 'server'))
    const options = { stateDirectory: join(folder, 'state') }
    await uploadPackage(built.path, server.url, options)
    for (const name of await readdir(join(folder, 'server'))) await rm(join(folder, 'server', name))
    const again = await uploadPackage(built.path, server.url, options)
    expect(again).toMatchObject({ bytes_sent: built.car_bytes, bytes_skipped: 0, verified: true })
  })

  it('says what is not verified, and never calls a false copy a good one', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 100_000)
    const options = { stateDirectory: join(folder, 'state') }
    /** The least that a tus server does, with one answer of choice to GET. */
    const least = (get: RequestListener): RequestListener => {
      let received = 0
      return (request, response) => {
        response.setHeader('Tus-Resumable', '1.0.0')
        if (request.method === 'POST') {
          received = 0
          response.writeHead(201, { Location: '/files/one' }).end()
        } else if (request.method === 'HEAD') {
          response.writeHead(200, { 'Upload-Offset': String(received), 'Upload-Length': String(built.car_bytes) }).end()
        } else if (request.method === 'PATCH') {
          request.on('data', (chunk: Buffer) => (received += chunk.length))
          request.on('end', () => response.writeHead(204, { 'Upload-Offset': String(received) }).end())
        } else get(request, response)
      }
    }
    const silent = await listen(least((_, response) => response.writeHead(404).end()))
    const unverified = await uploadPackage(built.path, silent, options)
    expect(unverified).toMatchObject({
      verified: false,
      bytes_sent: built.car_bytes,
      note: expect.stringContaining('404'),
    })
    const lying = await listen(least((_, response) => response.writeHead(200).end('something else')))
    await expect(uploadPackage(built.path, lying, options)).rejects.toMatchObject({
      code: 'network_failed',
      message: expect.stringContaining('not what was sent'),
    })
  })

  it('refuses with a reason when it is not let in, when there is no room, and when cancelled', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 100_000)
    const options = { stateDirectory: join(folder, 'state') }
    const answering = (status: number): Promise<string> => listen((_, response) => response.writeHead(status).end())
    await expect(uploadPackage(built.path, await answering(403), options)).rejects.toMatchObject({
      code: 'network_failed',
      message: expect.stringContaining('403'),
    })
    await expect(uploadPackage(built.path, await answering(413), options)).rejects.toMatchObject({ code: 'too_large' })
    const abort = new AbortController()
    const hanging = await listen(() => abort.abort())
    const cancelled = uploadPackage(built.path, hanging, { ...options, signal: abort.signal })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('uploading into a folder', () => {
  it('copies folder and archive, verifies them, and copies nothing the second time', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 100_000)
    const disk = join(folder, 'disk')
    const options = { stateDirectory: join(folder, 'state') }
    const first = await uploadPackage(built.path, `folder:${disk}`, options)
    const total = built.bytes + built.car_bytes
    expect(first).toEqual({
      target: 'folder',
      location: join(disk, 'Kitchen-take-1'),
      bytes_sent: total,
      bytes_skipped: 0,
      verified: true,
    })
    expect(await readdir(disk)).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car'])
    expect(await readFile(join(disk, 'Kitchen-take-1.car'))).toEqual(await readFile(built.car))
    const again = await uploadPackage(built.path, disk, options)
    expect(again).toEqual({ ...first, bytes_sent: 0, bytes_skipped: total })
    await writeFile(join(disk, 'Kitchen-take-1', 'rights.json'), 'changed')
    expect((await uploadPackage(built.path, disk, options)).bytes_sent).toBe(built.bytes)
    expect((await uploadPackage(built.path, disk, options)).bytes_sent).toBe(0)
  })

  it('never calls an archive that was written anew meanwhile the one that was whole', async () => {
    const folder = await scratchFolder()
    const [built, other] = [await packageOf(folder, 1000), await packageOf(await scratchFolder(), 2000)]
    const { signal } = new AbortController()
    // As soon as the archive is open for its verification.
    const aborted = (): boolean => {
      if (existsSync(other.car) && new Error().stack?.includes('indexBlocks')) renameSync(other.car, built.car)
      return false
    }
    Object.defineProperty(signal, 'aborted', { get: aborted })
    const sent = uploadPackage(built.car, join(folder, 'disk'), { stateDirectory: folder, signal })
    await expect(sent).rejects.toMatchObject({ code: 'corrupt_file' })
  })

  it('takes up what a killed run has brought', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 100_000)
    const part = join(folder, 'disk', '.Kitchen-take-1.incoming', 'package')
    await mkdir(join(part, 'media'), { recursive: true })
    await writeFile(join(part, 'media', 'large.bin'), await readFile(join(built.path, 'media', 'large.bin')))
    await writeFile(join(part, 'media', 'room-scan.ply.part'), 'half')
    await writeFile(join(part, 'rights.json'), 'other bytes')
    const result = await uploadPackage(built.path, join(folder, 'disk'), { stateDirectory: folder })
    expect(result).toMatchObject({ bytes_skipped: 100_000, verified: true })
    expect(await readdir(join(folder, 'disk'))).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car'])
  })

  it('whose disk is full in the last piece has nothing under a final name, and goes on once there is room', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 2_600_000)
    const disk = join(folder, 'disk')
    // Up to the limit the system writes a part of what it is given and reports no error, as on a disk that fills up.
    const limit = Math.floor((built.car_bytes - 100_000) / 512)
    const limited = `ulimit -f ${limit}; exec "$@"`
    const sending = (path: string) =>
      spawnSync(
        '/bin/sh',
        ['-c', limited, 'sh', process.execPath, CLIENT.pathname, path, disk, join(folder, 'state')],
        { encoding: 'utf8' },
      )
    const told = sending(built.car)
    expect(told.status).not.toBe(0)
    expect(told.stderr).toContain('disk_full')
    expect(await readdir(disk)).toEqual(['Kitchen-take-1.car.part'])
    const result = await uploadPackage(built.car, disk, { stateDirectory: join(folder, 'state') })
    expect(result).toMatchObject({ bytes_skipped: 2 << 20, bytes_sent: built.car_bytes - (2 << 20), verified: true })
    expect(await readdir(disk)).toEqual(['Kitchen-take-1.car'])
    // The same of the whole folder: what has come stays out of sight until all of it has.
    expect(sending(built.path).stderr).toContain('disk_full')
    expect(await readdir(disk)).toEqual(['.Kitchen-take-1.incoming', 'Kitchen-take-1.car'])
    const whole = await uploadPackage(built.path, disk, { stateDirectory: join(folder, 'state') })
    expect(whole.bytes_skipped).toBeGreaterThan(built.car_bytes + (2 << 20) - 1)
    expect(whole.verified).toBe(true)
    expect(await readdir(disk)).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car'])
  })

  it('broken off within the archive of a newer package, has no older archive beside the newer folder', async () => {
    const [folder, later] = [await scratchFolder(), await scratchFolder()]
    const disk = join(folder, 'disk')
    const options = { stateDirectory: join(folder, 'state') }
    await uploadPackage((await packageOf(folder, 5_000_000)).path, disk, options)
    const newer = await packageOf(later, 5_000_000, undefined, 'said better')
    const breaking = new AbortController()
    const onProgress = (sent: number, total: number): void => {
      if (sent > 0.7 * total) breaking.abort()
    }
    const broken = uploadPackage(newer.path, disk, { ...options, onProgress, signal: breaking.signal })
    await expect(broken).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(disk)).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car.part'])
    expect(await verifyPackage(join(disk, 'Kitchen-take-1'))).toMatchObject({ ok: true, root_cid: newer.root_cid })
    expect(await uploadPackage(newer.path, disk, options)).toMatchObject({ verified: true })
    expect(await readdir(disk)).toEqual(['Kitchen-take-1', 'Kitchen-take-1.car'])
  })

  it('never replaces what is no package, and never copies onto itself', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 1000)
    const options = { stateDirectory: folder }
    await mkdir(join(folder, 'disk', 'Kitchen-take-1'), { recursive: true })
    await expect(uploadPackage(built.path, join(folder, 'disk'), options)).rejects.toMatchObject({ code: 'conflict' })
    await expect(uploadPackage(built.path, join(folder, 'out'), options)).rejects.toMatchObject({ code: 'conflict' })
    await expect(uploadPackage(built.path, built.path, options)).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('nothing leaves', () => {
  it('that is damaged or of two minds', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 1000)
    const disk = join(folder, 'disk')
    const options = { stateDirectory: folder }
    await writeFile(join(built.path, 'stars.json'), '{}')
    const damaged = uploadPackage(built.path, disk, options)
    await expect(damaged).rejects.toMatchObject({ code: 'corrupt_file', kept: 'Nothing was sent.' })
    await expect(uploadPackage(built.path, 'ftp://example.org/x', options)).rejects.toMatchObject({ code: 'bad_input' })
    await expect(uploadPackage(join(folder, 'nowhere'), disk, options)).rejects.toMatchObject({ code: 'not_found' })
    await expect(readdir(disk)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('to a place that no target or more than one takes', () => {
    for (const [destination, id] of [
      ['https://up.example.org/files', 'tus'],
      ['/mnt/disk', 'folder'],
      ['folder:./x', 'folder'],
      ['C:\\disk', 'folder'],
    ]) {
      expect(uploadTarget(destination).id).toBe(id)
      expect(UPLOAD_TARGETS.filter((target) => target.supports(destination)).length).toBe(1)
    }
  })
})
