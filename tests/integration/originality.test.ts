import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { resolveMediaTools } from '../../electron/engine/media/tools.ts'
import {
  findOriginality,
  markMinted,
  registerWork,
  replacementsAmong,
  type Originality,
} from '../../electron/engine/originality/index.ts'
import { OriginalityLibrary } from '../../electron/engine/originality/library.ts'
import { NO_PRINTS, packPrints, unpackPrints, type Recording } from '../../electron/engine/originality/prints.ts'
import { resourceFolder } from '../../electron/engine/resources.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

const FILM = join(resourceFolder('sample'), 'camera-a.mp4')
const OTHER_FILM = join(resourceFolder('sample'), 'camera-b.mp4')

function recording(id: string, path: string): Recording {
  return {
    asset: { id, sha256: id.padEnd(64, '0').slice(0, 64), title: `${id}.mp4` },
    streams: [{ sensor: 'video' }, { sensor: 'audio' }],
    path,
  }
}

const version = (tokenId: string, replaces: string | null = null) => ({
  tokenId,
  root: `bafy-${tokenId}`,
  supersedes: replaces === null ? null : `bafy-${replaces}`,
})

describe('originality', () => {
  it('finds an edited copy of a registered film with its span, but not the other camera of the room', async () => {
    const tools = await resolveMediaTools()
    const home = await scratchFolder()
    const { signal } = new AbortController()
    const find = (work: string, recordings: Recording[]): Promise<Originality> =>
      findOriginality({ home, work, recordings, tools, signal })
    const original = recording('a1', FILM)
    expect(await find('w1', [original])).toEqual({ status: 'original', findings: [] })
    await registerWork({
      home,
      work: 'w1',
      title: 'First',
      version: version('0x1'),
      recordings: [original],
      tools,
      signal,
    })
    expect((await find('w1', [original])).status).toBe('original')

    const copy = join(home, 'copy.mp4')
    const filter = 'hflip,crop=iw*0.9:ih*0.9,scale=480:-2,drawbox=y=ih*0.85:h=ih*0.1:w=iw:color=black:t=fill'
    const sound = 'asetrate=48000*1.06,aresample=48000'
    const args = ['-v', 'error', '-ss', '4', '-t', '14', '-i', FILM, '-vf', `${filter},setpts=PTS/1.06`, '-af', sound]
    await promisify(execFile)(tools.ffmpeg?.path ?? 'ffmpeg', [...args, '-preset', 'ultrafast', '-crf', '30', copy])
    const found = await find('w2', [recording('b2', copy), recording('c3', OTHER_FILM)])
    expect(found.status).toBe('packed-before')
    expect(found.findings).toMatchObject([{ asset: 'b2', work: 'w1', workTitle: 'First', of: 'a1.mp4', minted: false }])
    const { span, kind } = found.findings[0]
    expect(['video', 'audio']).toContain(kind)
    expect((span?.otherStartSeconds ?? 0) - 1.06 * (span?.startSeconds ?? 0)).toBeCloseTo(4, 0)
    expect(span?.endSeconds).toBeGreaterThan(10)

    // What was said is known as well, whoever says it.
    const words = (id: string, extra: string): Recording => ({
      ...recording(id, ''),
      path: null,
      words: [{ startSeconds: 2, text: `${extra} ${Array.from({ length: 40 }, (_, n) => `word${n * n}`).join(' ')}` }],
    })
    const told = { home, title: 'Told', version: version('0x2'), tools, signal }
    await registerWork({ ...told, work: 'w3', recordings: [words('d4', 'First')] })
    expect((await find('w2', [words('e5', 'Again, then:')])).findings).toMatchObject([
      { kind: 'text', asset: 'e5', work: 'w3', span: { startSeconds: 2 } },
    ])

    markMinted(home, '0x1')
    const exact = await find('w2', [original])
    expect(exact).toMatchObject({ status: 'seen-before', findings: [{ kind: 'exact', similarity: 1, minted: true }] })
  })

  it('keeps prints as bytes, and takes them again where the bytes are none', async () => {
    const prints = {
      film: {
        query: {
          times: Float64Array.of(0, 0.25),
          forms: Uint32Array.from({ length: 128 }, (_, n) => n),
          upperForms: Uint32Array.from({ length: 128 }, (_, n) => 3 * n),
        },
        print: {
          times: Float64Array.of(0, 0.25),
          crops: 4,
          hashes: Uint32Array.from({ length: 64 }, (_, n) => 7 * n),
          upper: Uint32Array.from({ length: 16 }, (_, n) => 5 * n),
        },
      },
      sound: { items: Int32Array.of(-1, 2, 3), variants: [Int32Array.of(-1, 2, 3), Int32Array.of(5)] },
      shape: Float32Array.of(0.5, 0.25),
      text: Uint32Array.of(1, 2, 3),
    }
    const bytes = packPrints(prints)
    expect(unpackPrints(bytes)).toEqual(prints)
    expect(unpackPrints(packPrints(NO_PRINTS))).toEqual(NO_PRINTS)
    for (const bad of [bytes.slice(0, 10), bytes.slice(0, 40), bytes.slice(1, 41)]) expect(unpackPrints(bad)).toBeNull()
    const library = new OriginalityLibrary(await scratchFolder())
    onTestFinished(() => library.close())
    library.keepPrints('aa', prints)
    expect(library.prints('aa')).toEqual(prints)
    library.register('w', 'One', version('0x1'), [{ sha256: 'aa', title: 'a' }])
    library.register('w', 'One', version('0x2'), [{ sha256: 'bb', title: 'b' }])
    expect(library.others('x').map((each) => each.sha256)).toEqual(['bb'])
    library.markMinted('0x2')
    library.register('w', 'One', version('0x3'), [{ sha256: 'cc', title: 'c' }])
    expect(library.others('x')).toMatchObject([
      { sha256: 'bb', minted: true },
      { sha256: 'cc', minted: true },
    ])
    expect(library.others('w')).toEqual([])
  })

  it('knows each version of a work by its token, and which of those that were minted replaces which', async () => {
    const library = new OriginalityLibrary(await scratchFolder())
    onTestFinished(() => library.close())
    library.keepPrints('aa', NO_PRINTS)
    const members = [{ sha256: 'aa', title: 'a' }]
    library.register('w', 'Kitchen', version('0x1'), members)
    library.register('w', 'Kitchen at night', version('0x2', '0x1'), members)
    expect([library.titles().get('0x1'), library.titles().get('0x2')]).toEqual(['Kitchen', 'Kitchen at night'])
    // The earlier one is minted although a later one is packed by then, and stays the one that is told to others.
    library.markMinted('0x1')
    library.register('w', 'Kitchen', version('0x3', '0x2'), members)
    expect(library.others('x')).toMatchObject([{ minted: true }])
    expect(library.ownMinted()).toMatchObject([{ tokenId: '0x1' }])
    const replaced = (...minted: string[]) => [...replacementsAmong(library.versions(), new Set(minted))]
    expect(replaced('0x1')).toEqual([])
    expect(replaced('0x1', '0x2')).toEqual([['0x1', '0x2']])
    expect(replaced('0x1', '0x3')).toEqual([['0x2', '0x3']])
  })
})
