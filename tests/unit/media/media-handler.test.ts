import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createMediaHandler, parseMediaAddress } from '../../../electron/engine/media/media-handler.ts'
import { withMediaFolder } from '../../fixtures/media/clips.ts'

const CONTENT = Uint8Array.from({ length: 700_001 }, (_, index) => (index * 31) % 251)
const asked: string[] = []
let folder = ''
let leave: () => void
let left: Promise<unknown>

const handler = createMediaHandler({
  async resolve(assetId, what, params) {
    asked.push(`${assetId}/${what}/${JSON.stringify(params)}`)
    if (assetId === 'broken') throw new Error(`no such file: ${folder}/secret`)
    if (assetId === 'gone') return { path: join(folder, 'gone.bin'), contentType: 'video/mp4' }
    if (assetId === 'folder') return { path: folder, contentType: 'video/mp4' }
    if (assetId === 'page') return { path: join(folder, 'clip.bin'), contentType: 'text/html' }
    if (assetId === 'made') return { bytes: CONTENT.subarray(0, 5), contentType: 'application/octet-stream' }
    if (assetId === 'empty') return { path: join(folder, 'empty.bin'), contentType: 'video/mp4' }
    return assetId === 'asset_1' && what === 'original'
      ? { path: join(folder, 'clip.bin'), contentType: 'video/mp4' }
      : null
  },
})

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return handler(new Request(`http://127.0.0.1${path}`, { method, headers }))
}

beforeAll(async () => {
  await new Promise<void>((ready) => {
    left = withMediaFolder(async (path) => {
      folder = path
      await writeFile(join(path, 'clip.bin'), CONTENT)
      await writeFile(join(path, 'empty.bin'), '')
      await mkdir(join(path, 'sub'))
      ready()
      await new Promise<void>((resolve) => {
        leave = resolve
      })
    })
  })
})

afterAll(async () => {
  leave()
  await left
})

test('what is made for the moment is sent whole and kept by nobody', async () => {
  const response = await get('/media/made/depth?at=5')
  expect(new Uint8Array(await response.arrayBuffer())).toEqual(CONTENT.slice(0, 5))
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await (await get('/media/made/depth?at=5', {}, 'HEAD')).text()).toBe('')
})

describe('the media handler', () => {
  test('sends the whole file', async () => {
    const response = await get('/media/asset_1/original')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe(String(CONTENT.length))
    expect(response.headers.get('content-type')).toBe('video/mp4')
    expect(response.headers.get('accept-ranges')).toBe('bytes')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(Buffer.from(await response.arrayBuffer()).equals(CONTENT)).toBe(true)
  })

  test('sends any part of it, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(CONTENT.length - 1), fc.nat(600_000), async (first, extra) => {
        const last = Math.min(CONTENT.length - 1, first + extra)
        const response = await get('/media/asset_1/original', { range: `bytes=${first}-${last}` })
        expect(response.status).toBe(206)
        expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${CONTENT.length}`)
        expect(response.headers.get('content-length')).toBe(String(last - first + 1))
        const bytes = Buffer.from(await response.arrayBuffer())
        expect(bytes.equals(CONTENT.subarray(first, last + 1))).toBe(true)
      }),
      { seed: 5, numRuns: 25 },
    )
  })

  test('answers 416 with the size beyond the end', async () => {
    const response = await get('/media/asset_1/original', { range: 'bytes=9999999-' })
    expect(response.status).toBe(416)
    expect(response.headers.get('content-range')).toBe(`bytes */${CONTENT.length}`)
  })

  test('HEAD tells the same without a body', async () => {
    const response = await get('/media/asset_1/original', {}, 'HEAD')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-length')).toBe(String(CONTENT.length))
    expect(response.body).toBeNull()
  })

  test('knows what a client has already', async () => {
    const etag = (await get('/media/asset_1/original', {}, 'HEAD')).headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[^"]+"$/)
    expect((await get('/media/asset_1/original', { 'if-none-match': etag })).status).toBe(304)
    expect((await get('/media/asset_1/original', { 'if-none-match': '"other"' })).status).toBe(200)
    const part = { range: 'bytes=0-9' }
    expect((await get('/media/asset_1/original', { ...part, 'if-range': etag })).status).toBe(206)
    expect((await get('/media/asset_1/original', { ...part, 'if-range': '"old"' })).status).toBe(200)
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    const response = await get('/media/asset_1/original', {}, method)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD')
  })

  test.each([
    ['/media/asset_1/nothing', 404],
    ['/media/unknown/original', 404],
    ['/media/gone/original', 404],
    ['/media/folder/original', 404],
    ['/media/broken/original', 500],
    ['/other', 404],
  ])('%s answers %i and names no path', async (path, status) => {
    const response = await get(path)
    expect(response.status).toBe(status)
    expect(await response.text()).not.toContain(folder)
  })

  test('an empty file is whole without a byte', async () => {
    const response = await get('/media/empty/original')
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '0'])
  })

  test('never sends a page', async () => {
    const response = await get('/media/page/original')
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toBe('attachment')
    await response.body?.cancel()
  })

  test('lets go of the file when the reader does', async () => {
    const response = await get('/media/asset_1/original')
    const reader = response.body?.getReader()
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0)
    await reader?.cancel()
    await expect(reader?.closed).resolves.toBeUndefined()
  })
})

describe('media addresses', () => {
  test('hold an id, a name and whole numbers', () => {
    expect(parseMediaAddress('asterism://studio/media/as-1/thumbnails.json?stream=2&sheet=0')).toEqual({
      assetId: 'as-1',
      what: 'thumbnails.json',
      params: { stream: 2, sheet: 0 },
    })
  })

  test.each([
    'http://h/media/../etc/passwd',
    'http://h/media/a/..%2f..%2fetc',
    'http://h/media/%2e%2e/original',
    'http://h/media/a/b/c',
    'http://h/media/a/original/',
    'http://h/media/a/Original',
    'http://h/media//original',
    'http://h/media/a/original?stream=-1',
    'http://h/media/a/original?stream=1&stream=2',
    'http://h/media/a/original?path=x',
    'http://h/media/a%00/original',
    'not a url',
  ])('%s is none', (url) => {
    expect(parseMediaAddress(url)).toBeNull()
  })

  test('whatever passes can be no path', () => {
    const soup = fc.string({ unit: fc.constantFrom(...'a.Z/\\%2eF0_-:~ ?=&'), maxLength: 40 })
    fc.assert(
      fc.property(soup, (rest) => {
        const address = parseMediaAddress(`http://h/media/${rest}`)
        if (!address) return
        expect(`${address.assetId} ${address.what}`).not.toMatch(/[/\\%]|\.\./)
      }),
      { seed: 9, numRuns: 2_000 },
    )
  })
})
