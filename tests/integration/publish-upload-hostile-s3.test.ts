/** Stores that lie, dawdle and die: what is there is what was read back, and nothing waits for ever. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BuiltPackage } from '../../electron/engine/publish/package/build.ts'
import { uploadPackage, type UploadOptions } from '../../electron/engine/publish/upload/index.ts'
import type { UploadResult } from '../../electron/engine/publish/upload/target.ts'
import { bodyOf, dribbling, endlessly, listen, silently, stranger } from '../fixtures/publish/bad-servers.ts'
import { packageOf } from '../fixtures/publish/large-package.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

/** For stores that are silent only after honest answers. */
const LONG_ENOUGH = { patienceMilliseconds: 1_000 }

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

describe('a store that speaks S3', () => {
  beforeEach(() => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'ID')
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'KEY')
    return () => vi.unstubAllEnvs()
  })

  const xml = (name: string, inside: string): string => `<?xml version="1.0"?><${name}>${inside}</${name}>`

  /** An honest store but for what is exchanged, by `HEAD`, `begin`, `part`, `complete`, `GET`. */
  function store(changed: Partial<Record<string, RequestListener>>): { handler: RequestListener; asked: string[] } {
    const asked: string[] = []
    let stored: Buffer = Buffer.alloc(0)
    const honest: Record<string, RequestListener> = {
      HEAD: (_, response) => response.writeHead(404).end(),
      begin: (_, response) => response.end(xml('InitiateMultipartUploadResult', '<UploadId>u1</UploadId>')),
      part: (request, response) =>
        void bodyOf(request).then((bytes) => {
          stored = bytes
          response.writeHead(200, { ETag: '"0123456789abcdef0123456789abcdef"' }).end()
        }),
      complete: (_, response) => response.end(xml('CompleteMultipartUploadResult', '<ETag>"no"</ETag>')),
      GET: (_, response) => response.end(stored),
    }
    return {
      asked,
      handler(request, response) {
        const { method, url = '' } = request
        const what =
          method === 'PUT' ? 'part' : method !== 'POST' ? method! : url.includes('uploads') ? 'begin' : 'complete'
        asked.push(what)
        ;(changed[what] ?? honest[what]!)(request, response)
      },
    }
  }
  const at = async (handler: RequestListener): Promise<string> => `s3://bucket/in?endpoint=${await listen(handler)}`

  it('is not held to the names that it gives to parts, only to what it gives back', async () => {
    expect(await upload(await at(store({}).handler))).toMatchObject({ verified: true, bytes_sent: car.length })
    const shorter = store({ GET: (_, response) => response.end(car.subarray(1)) })
    await expect(upload(await at(shorter.handler))).rejects.toThrow('not what was sent')
    const endless = store({ GET: (_, response) => endlessly(response.writeHead(200)) })
    await expect(upload(await at(endless.handler))).rejects.toThrow('not what was sent')
  })

  it('that does not know its own parts any more gets them again, once', async () => {
    let refusals = 1
    const forgetting = store({
      complete: (_, response) => {
        if (refusals-- > 0) return response.writeHead(400).end(xml('Error', '<Code>InvalidPart</Code>'))
        response.end(xml('CompleteMultipartUploadResult', ''))
      },
    })
    expect(await upload(await at(forgetting.handler))).toMatchObject({ verified: true })
    expect(forgetting.asked.filter((what) => what === 'begin')).toHaveLength(2)
  })

  it('that never answers, dribbles, talks without end, has no room or sends on is left with the reason', async () => {
    const elsewhere = await stranger()
    for (const [changed, what] of [
      [{ HEAD: silently }, { code: 'timeout' }],
      [{ part: silently }, { code: 'timeout' }],
      [{ begin: (_, response) => dribbling(response.writeHead(200)) }, { code: 'timeout' }],
      [
        { begin: (_, response) => endlessly(response.writeHead(200)) },
        { message: expect.stringContaining('more than there is') },
      ],
      [{ GET: (_, response) => dribbling(response.writeHead(200)) }, { code: 'timeout' }],
      [{ begin: (_, response) => response.writeHead(507).end() }, { message: expect.stringContaining('no room') }],
      [
        { begin: (_, response) => response.writeHead(503, { 'Retry-After': '3600' }).end() },
        { message: expect.stringContaining('left alone for 3600 s') },
      ],
      [
        { part: (_, response) => response.writeHead(307, { Location: elsewhere.url }).end() },
        { message: expect.stringContaining('307') },
      ],
    ] as [Partial<Record<string, RequestListener>>, object][]) {
      const to = await at(store(changed).handler)
      const patience = 'code' in what ? LONG_ENOUGH : {}
      await expect(upload(to, patience), JSON.stringify(Object.keys(changed))).rejects.toMatchObject({
        path: to,
        ...what,
      })
    }
    expect(elsewhere.heard).toEqual([])
  })
})
