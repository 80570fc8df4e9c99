/** Every picture that the stage shows of a moment is exactly the one of that moment, though others were not decoded on the way. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browser, closeBrowser } from '../fixtures/electron/browser.ts'
import { makeClip, makeClips, withMediaFolder } from '../fixtures/media/clips.ts'

const PICTURES = 250
const RATE = 25
const BITS = 8
const BAR_PIXELS = 20
const [WIDTH, HEIGHT] = [BITS * BAR_PIXELS, 90]
/** Each picture says its number in black and white bars, from the lowest bit on. */
const COUNTER = `nullsrc=size=${WIDTH}x${HEIGHT}:rate=${RATE}:duration=${PICTURES / RATE},geq=lum='16+200*mod(floor(N/pow(2,floor(X/${BAR_PIXELS}))),2)':cb=128:cr=128`
/** Key pictures as far apart as can be, and three pictures of four between others, one of which others lean on. */
const BETWEEN = [
  '-c:v',
  'libx264',
  '-preset',
  'medium',
  '-pix_fmt',
  'yuv420p',
  '-g',
  '600',
  '-bf',
  '3',
  '-sc_threshold',
  '0',
]
/** Ways to write a film whose key pictures lie far apart. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  pyramid: ['-preset', 'slow', '-bf', '5', '-refs', '4', '-x264-params', 'keyint=600:scenecut=0:b-pyramid=strict'],
  'guessed motion': ['-preset', 'fast', '-bf', '3', '-direct-pred', 'temporal', '-g', '600', '-sc_threshold', '0'],
  'open groups': ['-preset', 'medium', '-x264-params', 'keyint=40:scenecut=0:open-gop=1:bframes=3'],
  'one after the other': ['-profile:v', 'baseline', '-preset', 'fast', '-refs', '3', '-slices', '3', '-g', '600'],
  // Two of five pictures are left out.
  'uneven rate': ['-vf', "select='lt(mod(n*7,5),3)'", '-fps_mode', 'vfr', '-preset', 'medium', '-g', '600'],
}
const SOURCES = fileURLToPath(new URL('../../renderer/src/stage/', import.meta.url))
const ORIGIN = 'http://localhost:1'

let page: Page
/** By kind: when each picture is shown, and the digest of its samples. */
const pictures = new Map<string, readonly Shown[]>()

interface Shown {
  readonly seconds: number
  readonly digest: string
}

beforeAll(async () => {
  const films = await withMediaFolder(async (folder) => {
    const upright = await makeClip(folder, 'upright.mp4', '-f', 'lavfi', '-i', COUNTER, ...BETWEEN)
    const turned = await makeClip(folder, 'turned.mp4', '-i', upright, '-c', 'copy', '-metadata:s:v', 'rotate=90')
    const few = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-frames:v', '60']
    const other = await makeClip(folder, 'vp9.webm', '-i', upright, ...few)
    const kinds = Object.entries(KINDS).map(
      ([kind, codecs]) => [`${kind}.mp4`, ['-c:v', 'libx264', ...codecs]] as const,
    )
    await makeClips(folder, ['-i', upright], kinds)
    for (const [name] of kinds) {
      const list = await makeClip(folder, `${name}.txt`, '-i', join(folder, name), ...DIGESTS)
      pictures.set(name, shownIn(readFileSync(list, 'utf8')))
    }
    const paths = [upright, turned, other, ...kinds.map(([name]) => join(folder, name))]
    return new Map(paths.map((path) => [path.slice(folder.length), readFileSync(path)]))
  })
  const files = new Map<string, Buffer>([...films, ...(await bundle()), ['/', Buffer.from('<canvas></canvas>')]])
  page = await (await browser()).newPage()
  await page.route(`${ORIGIN}/**`, async (route) => {
    const name = decodeURIComponent(new URL(route.request().url()).pathname)
    const body = files.get(name)
    const range = /bytes=(\d+)-(\d*)/.exec(route.request().headers()['range'] ?? '')
    if (!body) await route.fulfill({ status: 404 })
    else if (!range) await route.fulfill({ body, contentType: name.endsWith('js') ? 'text/javascript' : 'text/html' })
    else {
      const [first, last] = [Number(range[1]), Math.min(Number(range[2] || body.length), body.length - 1)]
      const headers = { 'Content-Range': `bytes ${first}-${last}/${body.length}`, 'Accept-Ranges': 'bytes' }
      await route.fulfill({ status: 206, headers, body: body.subarray(first, last + 1), contentType: 'video/mp4' })
    }
  })
  await page.goto(`${ORIGIN}/`)
}, 60_000)

afterAll(closeBrowser)

const DIGESTS = ['-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-f', 'framehash', '-hash', 'SHA256']

/** Lines of `framehash`: stream, dts, pts, duration, size, digest. */
function shownIn(list: string): Shown[] {
  const [, above, below] = /#tb 0: (\d+)\/(\d+)/.exec(list)!
  return list
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => line.split(',').map((each) => each.trim()))
    .map(([, , pts, , , digest]) => ({ seconds: (Number(pts) * Number(above)) / Number(below), digest: digest! }))
}

/** The modules as the window has them, by their address. */
async function bundle(): Promise<[address: string, code: Buffer][]> {
  const names = ['exact-pictures', 'upright']
  const entry = Object.fromEntries(names.map((name) => [name, `${SOURCES}${name}.ts`]))
  const made = (await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry, formats: ['es'] } },
  })) as Rollup.RollupOutput[]
  return made[0]!.output.flatMap((file) =>
    file.type === 'chunk' ? [[`/${file.fileName}`, Buffer.from(file.code)] as const] : [],
  ) as [string, Buffer][]
}

/** Reads the number in what the canvas shows. */
const READ = (isTurned: boolean): string => `(context) => {
  let number = 0
  for (let bit = 0; bit < ${BITS}; bit++) {
    const along = (bit + 0.5) * ${BAR_PIXELS}
    const [x, y] = ${isTurned} ? [${HEIGHT} / 2, along] : [along, ${HEIGHT} / 2]
    if (context.getImageData(x, y, 1, 1).data[1] > 128) number |= 1 << bit
  }
  return number
}`

/** The numbers in the pictures of some moments, read from the canvas that they are drawn to; -1 where there was none. */
async function numbersAt(film: string, seconds: readonly number[], isTurned = false): Promise<number[]> {
  return await page.evaluate<number[]>(`(async () => {
    const { ExactPictures } = await import('/exact-pictures.js')
    const { drawUpright } = await import('/upright.js')
    const pictures = await ExactPictures.open('${film}')
    const canvas = document.querySelector('canvas')
    const context = canvas.getContext('2d', { alpha: false })
    const numbers = []
    for (const seconds of ${JSON.stringify(seconds)}) {
      const frame = await pictures.at(seconds)
      if (frame) await drawUpright(canvas, frame, pictures)
      numbers.push(frame ? (${READ(isTurned)})(context) : -1)
    }
    pictures.close()
    return numbers
  })()`)
}

/** The same of a turned film that the browser itself sought and turned. */
async function numberInBrowser(film: string, seconds: number): Promise<number> {
  return await page.evaluate<number>(`(async () => {
    const video = document.createElement('video')
    video.src = '${film}'
    video.muted = true
    await new Promise((resolve) => video.addEventListener('canplay', resolve, { once: true }))
    video.currentTime = ${seconds}
    // The film's first picture may be presented late, after the seek was asked for: it is not what was asked for.
    let shownSeconds = -1
    while (Math.abs(shownSeconds - ${seconds}) > 1 / ${RATE}) {
      const { mediaTime } = await new Promise((resolve) => video.requestVideoFrameCallback((_, shown) => resolve(shown)))
      shownSeconds = mediaTime
    }
    const canvas = document.createElement('canvas')
    canvas.width = video.videoWidth
    canvas.height = video.videoHeight
    const context = canvas.getContext('2d', { alpha: false })
    context.drawImage(video, 0, 0)
    return (${READ(true)})(context)
  })()`)
}

const middleOf = (picture: number): number => (picture + 0.5) / RATE

test('at random, on, back, picture by picture, at both ends', async () => {
  const jumps = Array.from({ length: 30 }, (_, n) => (n * 97) % PICTURES)
  const on = [100, 101, 102, 103, 104, 110, 111, 180, 181]
  const back = [60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 40, 39, 20, 19]
  const wanted = [...jumps, ...on, ...back, 0, 249, 248, 1, 249, 0]
  expect(await numbersAt('/upright.mp4', wanted.map(middleOf))).toEqual(wanted)
})

test('from the first instant of a picture on, and none before the film', async () => {
  expect(await numbersAt('/upright.mp4', [77 / RATE, 78 / RATE - 0.001, 78 / RATE, -1])).toEqual([77, 77, 78, -1])
})

test('a film that was turned is drawn as the camera was held, and another codec is exact too', async () => {
  const own = await numbersAt('/turned.mp4', [middleOf(130)], true)
  // From one end or from the other: which, the browser knows.
  expect([0b10000010, 0b01000001]).toContain(own[0])
  expect(own).toEqual([await numberInBrowser('/turned.mp4', middleOf(130))])
  const wanted = [40, 12, 13, 59, 3]
  expect(await numbersAt('/vp9.webm', wanted.map(middleOf))).toEqual(wanted)
})

test('of several that are asked for at once, the newest is given', async () => {
  const given = await page.evaluate<(number | null)[]>(`(async () => {
    const { ExactPictures } = await import('/exact-pictures.js')
    const pictures = await ExactPictures.open('/upright.mp4')
    const asked = await Promise.all([200, 50, 60, 70].map((n) => pictures.at((n + 0.5) / ${RATE})))
    const times = asked.map((frame) => frame && Math.round((frame.timestamp / 1e6) * ${RATE}))
    pictures.close()
    return times
  })()`)
  expect(given.slice(1)).toEqual([null, null, 70])
})

const ASKED = 90

test.each(Object.keys(KINDS))('%s: sample by sample what ffmpeg decodes, from way points too', async (kind) => {
  const shown = pictures.get(`${kind}.mp4`)!
  const numbers = shown.map((_, n) => (n * 89) % shown.length).slice(0, ASKED)
  const { digests, decoded } = await page.evaluate<{ digests: string[]; decoded: number[] }>(`(async () => {
    const { ExactPictures } = await import('/exact-pictures.js')
    const pictures = await ExactPictures.open('/${kind}.mp4')
    const { decode } = VideoDecoder.prototype
    let count = 0
    VideoDecoder.prototype.decode = function (chunk) { count += 1; decode.call(this, chunk) }
    const [digests, decoded] = [[], []]
    for (const [n, seconds] of ${JSON.stringify(numbers.map((n) => shown[n]!.seconds + 0.001))}.entries()) {
      const frame = await pictures.at(seconds)
      const samples = new Uint8Array(frame.allocationSize())
      await frame.copyTo(samples)
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', samples))
      digests.push(Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''))
      decoded.push(count)
      count = 0
      // Now and then it goes on by itself, to its end or not.
      if (n % 9 === 4) await pictures.goOn()
      if (n % 9 === 7) void pictures.goOn()
      // So do the ways, all over the film at last; what is asked for meanwhile stops them.
      if (n % 9 === 1) await pictures.spread(seconds)
      if (n % 9 === 2) void pictures.spread(seconds)
      while (n === ${ASKED} / 2 && (await pictures.spread(seconds)));
    }
    VideoDecoder.prototype.decode = decode
    pictures.close()
    return { digests, decoded }
  })()`)
  expect(digests).toEqual(numbers.map((n) => shown[n]!.digest))
  // Each is somewhere else, and none is far once the film is known: key pictures would be 125 pictures away.
  expect(Math.max(...decoded.slice(-40))).toBeLessThan(80)
})
