/** Servers that lie, dawdle and die: nothing is called sent that is not there, nothing waits for ever, no secret follows. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import type { RequestListener, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { BuiltPackage } from '../../electron/engine/publish/package/build.ts'
import { uploadPackage, type UploadOptions } from '../../electron/engine/publish/upload/index.ts'
import type { UploadResult } from '../../electron/engine/publish/upload/target.ts'
import { runCli, runJson } from '../fixtures/cli/run-cli.ts'
import { bodyOf, dribbling, endlessly, listen, silently, stranger } from '../fixtures/publish/bad-servers.ts'
import { startKubo } from '../fixtures/publish/kubo-server.ts'
import { packageOf } from '../fixtures/publish/large-package.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

/** For servers that are silent from their first answer on, and for those that are so in the end. */
const [BRIEF, LONG_ENOUGH] = [{ patienceMilliseconds: 300 }, { patienceMilliseconds: 1_000 }]
const SECRET = 'Bearer let-me-in-91c2'

let built: BuiltPackage
let car: Buffer
let state: string

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'publish-hostile-'))
  built = await packageOf(folder, 100_000)
  car = await readFile(built.car)
  return () => rm(folder, { recursive: true, force: true })
})
beforeEach(async () => {
  state = join(await scratchFolder(), 'state')
})

const upload = (to: string, more: Partial<UploadOptions> = {}): Promise<UploadResult> =>
  uploadPackage(built.path, to, { stateDirectory: state, ...more })

/** An honest tus server but for what is exchanged; every method it was asked with. */
function tus(changed: Partial<Record<string, RequestListener>>): { handler: RequestListener; asked: string[] } {
  const asked: string[] = []
  let stored: Buffer = Buffer.alloc(0)
  const honest: Record<string, RequestListener> = {
    POST: (_, response) => response.writeHead(201, { Location: '/files/one' }).end(),
    HEAD: (_, response) =>
      response.writeHead(200, { 'Upload-Offset': stored.length, 'Upload-Length': car.length }).end(),
    PATCH: (request, response) =>
      void bodyOf(request).then((bytes) => {
        stored = Buffer.concat([stored, bytes])
        response.writeHead(204, { 'Upload-Offset': stored.length }).end()
      }),
    GET: (_, response) => response.writeHead(200).end(stored),
  }
  return {
    asked,
    handler(request, response) {
      asked.push(request.method!)
      response.setHeader('Tus-Resumable', '1.0.0')
      ;(changed[request.method!] ?? honest[request.method!]!)(request, response)
    },
  }
}

/** Gives back a part, and is gone. */
const dies = (response: ServerResponse): void =>
  void response.writeHead(200, { 'Content-Length': car.length }).write(car.subarray(0, 1000), () => response.destroy())

const offset = (bytes: number): RequestListener => {
  return (request, response) =>
    void bodyOf(request).then(() => response.writeHead(204, { 'Upload-Offset': bytes }).end())
}

describe('a tus server', () => {
  it('that never answers, or never takes a byte, is waited for in bounded time', async () => {
    const mute = `${await listen(silently)}/files`
    await expect(upload(mute, BRIEF)).rejects.toMatchObject({ code: 'timeout', path: mute })
    const deaf = `${await listen(tus({ PATCH: silently }).handler)}/files`
    await expect(upload(deaf, LONG_ENOUGH)).rejects.toMatchObject({
      code: 'timeout',
      kept: expect.stringContaining('of'),
    })
  })

  it('that gives back other bytes, more, or fewer is not believed, and the next run begins anew', async () => {
    const turned = Buffer.from(car)
    turned[car.length >> 1]! ^= 1
    for (const get of [
      (response: ServerResponse) => response.end(turned),
      (response: ServerResponse) => response.end(car.subarray(1)),
      endlessly,
    ]) {
      const server = tus({ GET: (_, response) => void get(response.writeHead(200)) })
      const to = `${await listen(server.handler)}/files`
      await expect(upload(to)).rejects.toMatchObject({
        code: 'network_failed',
        path: to,
        message: expect.stringContaining('not what was sent'),
      })
      await upload(to).catch(() => undefined)
      expect(server.asked.filter((method) => method === 'POST')).toHaveLength(2)
    }
  })

  it('that gives it back a byte at a time, or breaks off, leaves it unverified with the reason', async () => {
    const slow = tus({ GET: (_, response) => dribbling(response.writeHead(200)) })
    expect(await upload(`${await listen(slow.handler)}/files`, LONG_ENOUGH)).toMatchObject({
      verified: false,
      note: expect.stringContaining('in time'),
    })
    const dying = tus({ GET: (_, response) => dies(response) })
    expect(await upload(`${await listen(dying.handler)}/files`)).toMatchObject({
      verified: false,
      note: expect.stringContaining('Reading back failed'),
    })
    expect(dying.asked.filter((method) => method === 'GET')).toHaveLength(3)
  })

  it('that is killed while it gives back, and refuses connections until it stands again, is asked again', async () => {
    let asked = 0
    const restarting = tus({
      GET: (request, response) => {
        asked += 1
        if (asked === 1) dies(response)
        else if (asked === 2) request.socket.destroy()
        else response.writeHead(200).end(car)
      },
    })
    expect(await upload(`${await listen(restarting.handler)}/files`)).toMatchObject({ verified: true })
  })

  it('that counts what it cannot have is left, and the next run begins anew', async () => {
    for (const bytes of [0, car.length + 1]) {
      const server = tus({ PATCH: offset(bytes) })
      const to = `${await listen(server.handler)}/files`
      await expect(upload(to)).rejects.toMatchObject({ message: expect.stringContaining('which cannot be') })
      await upload(to).catch(() => undefined)
      expect(server.asked).toEqual(['POST', 'PATCH', 'POST', 'PATCH'])
    }
  })

  it('that forgets again and again what it had taken is left', async () => {
    let patches = 0
    const forgetting = tus({
      HEAD: (_, response) => response.writeHead(200, { 'Upload-Offset': 0, 'Upload-Length': car.length }).end(),
      PATCH: (request, response) => {
        patches += 1
        if (patches % 2 === 1) return offset(1000)(request, response)
        void bodyOf(request).then(() => response.writeHead(409).end())
      },
    })
    const to = `${await listen(forgetting.handler)}/files`
    await expect(upload(to)).rejects.toThrow('loses what it has taken')
    expect(await readdir(state)).toEqual([])
  })

  it('that says it all but has another length in its place is left', async () => {
    let cut = true
    const other = tus({
      PATCH: (request, response) => {
        if (cut) return void request.socket.destroy()
        offset(car.length)(request, response)
      },
      HEAD: (_, response) => {
        cut = false
        response.writeHead(200, { 'Upload-Offset': 5, 'Upload-Length': 5 }).end()
      },
    })
    const to = `${await listen(other.handler)}/files`
    await expect(upload(to)).rejects.toThrow('another length')
    await upload(to).catch(() => undefined)
    expect(other.asked.filter((method) => method === 'POST')).toHaveLength(2)
  })

  it('that sends on to another host is not followed, and what lets in goes nowhere else', async () => {
    const elsewhere = await stranger()
    const headers = { Authorization: SECRET }
    const onward = tus({
      POST: (_, response) => response.writeHead(201, { Location: `${elsewhere.url}/files/1` }).end(),
    })
    await expect(upload(`${await listen(onward.handler)}/files`, { headers })).rejects.toMatchObject({
      code: 'network_failed',
      message: expect.stringContaining(new URL(elsewhere.url).host),
    })
    for (const status of [301, 307]) {
      const redirecting = await listen((_, response) => response.writeHead(status, { Location: elsewhere.url }).end())
      await expect(upload(`${redirecting}/files`, { headers })).rejects.toThrow(elsewhere.url)
    }
    expect(elsewhere.heard).toEqual([])
  })

  it('that has no room, takes none this large, or is busy says so in words', async () => {
    const answering = async (status: number, headers = {}): Promise<string> =>
      `${await listen((_, response) => response.writeHead(status, headers).end())}/files`
    await expect(upload(await answering(507))).rejects.toThrow('no room for it (507)')
    await expect(upload(await answering(413))).rejects.toMatchObject({ code: 'too_large' })
    await expect(upload(await answering(429, { 'Retry-After': '3600' }))).rejects.toThrow('left alone for 3600 s')
    let busy = 2
    const passing = tus({})
    const soon = await listen((request, response) => {
      if (busy-- > 0) response.writeHead(429, { 'Retry-After': '0' }).end()
      else passing.handler(request, response)
    })
    expect(await upload(`${soon}/files`)).toMatchObject({ verified: true, bytes_sent: car.length })
  })

  it('that talks without end beside its answer is not listened to', async () => {
    const talking = tus({
      POST: (_, response) => endlessly(response.writeHead(201, { Location: '/files/one' })),
    })
    expect(await upload(`${await listen(talking.handler)}/files`)).toMatchObject({ verified: true })
  })

  it('that is not believed ends the command with 1, one that gives nothing back with 3', async () => {
    const home = join(await scratchFolder(), 'home')
    const lying = tus({ GET: (_, response) => response.writeHead(200).end('something else') })
    const to = `${await listen(lying.handler)}/files`
    const refused = await runCli(home, ['upload', built.path, '--to', to])
    expect(refused).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/error: .*not what was sent.*anew.*files/s),
    })
    const secretive = tus({ GET: (_, response) => response.writeHead(403).end() })
    const there = await runJson<UploadResult>(home, [
      'upload',
      built.path,
      '--to',
      `${await listen(secretive.handler)}/files`,
    ])
    expect(there).toMatchObject({ code: 3, answer: { verified: false, bytes_sent: car.length } })
  })
})

describe('an IPFS node', () => {
  it('that never answers, dribbles, talks without end or sends on is left with the reason', async () => {
    const elsewhere = await stranger()
    const headers = { Authorization: SECRET }
    for (const [handler, what] of [
      [silently, { code: 'timeout' }],
      [(_, response) => dribbling(response.writeHead(200)), { code: 'timeout' }],
      [(_, response) => endlessly(response.writeHead(200)), { message: expect.stringContaining('more than there is') }],
      [
        (_, response) => response.writeHead(307, { Location: elsewhere.url }).end(),
        { message: expect.stringContaining(elsewhere.url) },
      ],
      [
        (_, response) => response.writeHead(429, { 'Retry-After': '7200' }).end(),
        { message: expect.stringContaining('left alone for 7200 s') },
      ],
    ] as [RequestListener, object][]) {
      const to = `kubo+${await listen(handler)}`
      await expect(upload(to, { headers, ...('code' in what && LONG_ENOUGH) })).rejects.toMatchObject({
        path: expect.stringContaining(to.slice('kubo+'.length)),
        ...what,
      })
    }
    expect(elsewhere.heard).toEqual([])
  })

  it('that exports without end, or dribbles what it exports, is not called done', async () => {
    const node = await startKubo()
    onTestFinished(() => node.close())
    for (const exporting of [endlessly, dribbling]) {
      const before = await listen((request, response) => {
        if (request.url!.includes('dag/export')) return exporting(response.writeHead(200))
        const handOn = async (): Promise<void> => {
          const headers = { 'Content-Type': request.headers['content-type'] ?? '' }
          const body = new Uint8Array(await bodyOf(request))
          const answer = await fetch(node.url + request.url!, { method: 'POST', body, headers })
          response.writeHead(answer.status).end(await answer.text())
        }
        // On a busy machine the sender has given up, and the node behind is closed, while something is still handed on.
        handOn().catch(() => response.destroy())
      })
      await expect(upload(`kubo+${before}`, LONG_ENOUGH)).rejects.toMatchObject({
        code: expect.stringMatching(/^(network_failed|timeout)$/),
        path: expect.stringContaining(before),
      })
    }
  })
})

describe('a connection that is closed before any answer', () => {
  it('is opened once more for what may be asked twice, and for nothing else', async () => {
    const node = await startKubo()
    onTestFinished(() => node.close())
    const dropped = new Set<string>()
    const asked: string[] = []
    const front = await listen((request, response) => {
      const what = new URL(request.url!, 'http://node').pathname
      asked.push(`${request.method} ${what}`)
      if (what === '/psa/pins' && request.method === 'POST') return void request.socket.destroy()
      if (what.startsWith('/psa')) return void response.end('{"count":0,"results":[]}')
      if (!dropped.has(what)) {
        dropped.add(what)
        return void request.socket.destroy()
      }
      void bodyOf(request).then(async (body) => {
        const type = { 'Content-Type': request.headers['content-type'] ?? '' }
        const answer = await fetch(node.url + request.url!, {
          method: 'POST',
          body: new Uint8Array(body),
          headers: type,
        })
        response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()))
      })
    })
    expect(await upload(`kubo+${front}`)).toMatchObject({ verified: true })
    expect([...dropped]).toContain('/api/v0/dag/import')
    await expect(upload(`pin+${front}/psa`)).rejects.toMatchObject({ code: 'network_failed' })
    expect(asked.filter((what) => what === 'POST /psa/pins')).toHaveLength(1)
  })
})

describe('a pinning service', () => {
  it('that speaks of other content has pinned nothing', async () => {
    const other = 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi'
    const pin = (cid: string, status: string): string =>
      JSON.stringify({ requestid: 'r1', status, pin: { cid }, delegates: [] })
    for (const [posted, looked] of [
      [pin(other, 'pinned'), ''],
      [pin(built.root_cid, 'queued'), pin(other, 'pinned')],
    ] as const) {
      const service = await listen((request, response) => {
        if (request.method === 'POST') return response.writeHead(202).end(posted)
        response.end(request.url!.includes('?') ? '{"count":0,"results":[]}' : looked)
      })
      await expect(upload(`pin+${service}/psa`)).rejects.toMatchObject({
        code: 'network_failed',
        message: expect.stringContaining(other),
      })
    }
  })
})
