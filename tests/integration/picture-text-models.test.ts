/** Models of pictures and words that a person brings: used where they are whole, refused in a sentence where they are not. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { COMMON_ARGUMENTS, runTool } from '../../electron/engine/media/run-tool.ts'
import { requireTool, resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { readyModels } from '../../electron/engine/models/user-models.ts'
import { type OnnxGraph, onnxModel } from '../../electron/engine/models/onnx-writer.ts'
import { PictureTextEncoder } from '../../electron/engine/models/picture-text-encoder.ts'
import { runJob } from '../../shared/contract/client.ts'
import type { StarsAnswer } from '../../shared/contract/stars.ts'
import type { Caption } from '../../shared/document/records.ts'
import type { AsterismError } from '../../shared/errors.ts'
import { ticksFromSeconds } from '../../shared/units.ts'
import { runCli, runJson } from '../fixtures/cli/run-cli.ts'
import { ModelServer } from '../fixtures/models/model-server.ts'
import { TEXT, TINY_SIDE, TOGETHER, VISION, writeTinyClip } from '../fixtures/models/tiny-clip.ts'

const { signal } = new AbortController()
const COLOURS = { red: [200, 30, 30], green: [30, 200, 30], blue: [30, 30, 200] } as const
type Colour = keyof typeof COLOURS
const NAMES = Object.keys(COLOURS) as Colour[]
const SHOWN = Array.from({ length: 9 }, (_, at) => NAMES[at % 3]!)
const SECONDS_EACH = 2

/** Half a second of each colour's picture is enough: what counts is which colour it is. */
async function makeFilm(path: string): Promise<void> {
  const tools = await resolveMediaTools()
  const scene = (colour: Colour, at: number): string => {
    const [r, g, b] = COLOURS[colour]
    const hex = [r, g, b]
      .map((value) =>
        Math.max(0, value - 3 * at)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')
    return `color=c=0x${hex}:s=160x96:r=5:d=${SECONDS_EACH},drawbox=x=${15 * at}:y=${8 * at}:w=30:h=40:c=black:t=fill[s${at}]`
  }
  const joined = SHOWN.map((_, at) => `[s${at}]`).join('')
  const graph = [...SHOWN.map(scene), `${joined}concat=n=${SHOWN.length}:v=1:a=0,format=yuv420p[v]`].join(';')
  const words = [...COMMON_ARGUMENTS, '-y', '-v', 'error', '-filter_complex', graph, '-map', '[v]', '-c:v', 'libx264']
  const made = await runTool(requireTool(tools, 'ffmpeg'), [...words, '-preset', 'ultrafast', path], {
    signal,
    timeoutMilliseconds: 60_000,
  })
  if (made.exitCode !== 0) throw new Error(made.stderrTail)
}

async function makePictures(folder: string): Promise<void> {
  for (const colour of NAMES) {
    mkdirSync(join(folder, colour), { recursive: true })
    const [r, g, b] = COLOURS[colour]
    for (let at = 0; at < 16; at++)
      await sharp({ create: { width: 40, height: 30, channels: 3, background: { r: r - 4 * (at % 7), g: g - at, b } } })
        .png()
        .toFile(join(folder, colour, `${at}.png`))
  }
}

async function refusalOf(work: Promise<unknown>): Promise<AsterismError> {
  const error = await work.then(
    () => expect.unreachable(),
    (reason: unknown) => reason as AsterismError,
  )
  expect(error.code).not.toBe('internal')
  expect(error.message).not.toBe('')
  return error
}

let home = ''
let engine: Engine
const own = (name: string): string => join(home, 'own', name)
const add = (name: string): Promise<unknown> =>
  engine.client.models.addFolder({ folder: engine.grantFile(own(name)), licence: 'MIT' })
const captions = (texts: readonly string[]): void =>
  void engine.session.requireProject().commit({ label: 'Captions' }, (draft) => {
    for (const [at, text] of texts.entries()) {
      const id = `caption-${at}`
      const startTicks = ticksFromSeconds(SECONDS_EACH * at + 0.1)
      const endTicks = ticksFromSeconds(SECONDS_EACH * (at + 1) - 0.1)
      draft.set(id, { kind: 'caption', id, assetId: null, startTicks, endTicks, text, source: 'typed' } as Caption)
    }
  })
const stars = (pack: string | null): Promise<StarsAnswer> =>
  runJob(engine.client, 'stars', { pack: pack === null ? null : engine.grantFile(pack) })

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'asterism-clip-'))
  writeTinyClip(own('colours'))
  engine = await createEngine({ home, resumeJobs: false, host: {} })
  await add('colours')
})
afterAll(async () => {
  await engine.close()
  rmSync(home, { recursive: true, force: true })
})

describe('a model of pictures and words', () => {
  test('is known by its files, and puts a picture beside the words for it', async () => {
    const [card] = await readyModels(home, 'picture-text')
    const sums = card!.files.map(({ path }) => {
      const sha256 = createHash('sha256')
        .update(readFileSync(join(own('colours'), path)))
        .digest('hex')
      return `${sha256}  ${path}\n`
    })
    const inOrder = sums.sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1)).join('')
    expect(card!.digest).toBe(createHash('sha256').update(inOrder).digest('hex'))
    expect(sums).toHaveLength(6)
    const encoder = new PictureTextEncoder(card!, { signal })
    try {
      const picture = (colour: Colour): Uint8Array =>
        new Uint8Array(3 * TINY_SIDE ** 2).map((_, at) => COLOURS[colour][at % 3]!)
      const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0)
      for (const shown of NAMES) {
        const seen = await encoder.picture(picture(shown))
        expect(Math.hypot(...seen)).toBeCloseTo(1, 6)
        const said = await Promise.all(NAMES.map((name) => encoder.sentence(`A ${name.toUpperCase()} ball`)))
        const likeness = said.map((vector) => cosine(seen, vector))
        expect(NAMES[likeness.indexOf(Math.max(...likeness))]).toBe(shown)
      }
      // A sentence longer than the model reads keeps its end, and is read.
      expect(await encoder.sentence('red '.repeat(500))).toHaveLength(3)
    } finally {
      await encoder.close()
    }
  })

  test('may be one graph for both, and gives the same answers', async () => {
    writeTinyClip(own('both'), TOGETHER)
    await add('both')
    const vectors: string[] = []
    for (const card of await readyModels(home, 'picture-text')) {
      const encoder = new PictureTextEncoder(card, { signal })
      vectors.push(
        JSON.stringify([await encoder.sentence('green'), await encoder.picture(new Uint8Array(768).fill(9))]),
      )
      await encoder.close()
    }
    expect(vectors).toHaveLength(2)
    expect(vectors[0]).toBe(vectors[1])
    const both = (await readyModels(home, 'picture-text')).find((card) => card.id === 'both')!
    await engine.client.models.remove({ digest: both.digest })
  })

  const vision = (changed: Partial<OnnxGraph>): Record<string, OnnxGraph> => ({
    vision_model: { ...VISION, ...changed },
    text_model: TEXT,
  })
  const scaled = (by: number): Record<string, OnnxGraph> =>
    vision({
      constants: [...VISION.constants, { name: 'by', dims: [1], data: Float32Array.of(by) }],
      nodes: [VISION.nodes[0]!, { operator: 'Mul', inputs: ['means', 'by'], output: 'image_embeds', attributes: {} }],
    })
  /** 32 GB, which no machine should be asked for. */
  const huge = vision({
    constants: [{ name: 'size', dims: [2], data: BigInt64Array.of(1n << 18n, 1n << 15n) }],
    nodes: [
      { operator: 'ConstantOfShape', inputs: ['size'], output: 'plane', attributes: {} },
      { operator: 'ReduceMean', inputs: ['plane'], output: 'mean', attributes: { keepdims: 0 } },
      { operator: 'ReduceMean', inputs: ['pixel_values'], output: 'means', attributes: { axes: [2, 3], keepdims: 0 } },
      { operator: 'Add', inputs: ['means', 'mean'], output: 'image_embeds', attributes: {} },
    ],
  })
  const hostile: Record<string, { graphs: Record<string, OnnxGraph>; why: RegExp }> = {
    nan: { graphs: scaled(NaN), why: /NaN or zeros/ },
    flat: { graphs: scaled(0), why: /NaN or zeros/ },
    huge: { graphs: huge, why: /memory|does not run|cannot be opened/ },
    shape: {
      graphs: vision({
        outputs: [{ name: 'image_embeds', dims: ['a', 'b', 'c'] }],
        nodes: [
          {
            operator: 'ReduceMean',
            inputs: ['pixel_values'],
            output: 'image_embeds',
            attributes: { axes: [3], keepdims: 0 },
          },
        ],
      }),
      why: /not one vector/,
    },
    cycle: {
      graphs: vision({
        nodes: [
          { operator: 'Add', inputs: ['image_embeds', 'darkest'], output: 'loop', attributes: {} },
          { operator: 'Add', inputs: ['loop', 'darkest'], output: 'image_embeds', attributes: {} },
        ],
      }),
      why: /cannot be opened/,
    },
    asks: {
      graphs: vision({ inputs: [...VISION.inputs, { name: 'pixel_depth', dims: ['n'] }] }),
      why: /asks for “pixel_depth”/,
    },
    silent: {
      graphs: { vision_model: VISION, text_model: { ...TEXT, outputs: [{ name: 'known', dims: ['b', 't', 3] }] } },
      why: /does not give text_embeds/,
    },
  }
  test('that is not one ends in a sentence, whatever it does', async () => {
    const before = (await readyModels(home, 'picture-text')).length
    await Promise.all(
      Object.entries(hostile).map(async ([name, { graphs, why }]) => {
        writeTinyClip(own(name), graphs)
        expect((await refusalOf(add(name))).message, name).toMatch(why)
      }),
    )
    expect(await readyModels(home, 'picture-text')).toHaveLength(before)
  })

  test('is not even opened where its files show what is wrong', async () => {
    const spoilt = (name: string, file: string, content: string | Uint8Array): void => {
      writeTinyClip(own(name))
      writeFileSync(join(own(name), file), content)
    }
    const whole = onnxModel(VISION)
    // A weight that lies in another file: ModelProto.graph.initializer.data_location = EXTERNAL, in the graph and in a node.
    spoilt('outside', 'onnx/vision_model.onnx', Uint8Array.of(0x3a, 4, 0x2a, 2, 0x70, 1))
    spoilt('inside', 'onnx/vision_model.onnx', Uint8Array.of(0x3a, 8, 0x0a, 6, 0x2a, 4, 0x2a, 2, 0x6a, 0))
    spoilt('cut', 'onnx/vision_model.onnx', whole.slice(0, whole.length - 9))
    spoilt('text', 'onnx/text_model.onnx', '../../../../etc/passwd')
    spoilt('empty', 'onnx/text_model.onnx', '')
    spoilt('other', 'config.json', JSON.stringify({ model_type: 'chinese_clip' }))
    spoilt('sizes', 'preprocessor_config.json', JSON.stringify({ size: { shortest_edge: 1e9 } }))
    spoilt('oblong', 'preprocessor_config.json', JSON.stringify({ size: { height: 64, width: 32 } }))
    spoilt('words', 'tokenizer.json', JSON.stringify({ model: { type: 'Unheard' } }))
    const reasons = await Promise.all(
      ['outside', 'inside', 'cut', 'text', 'empty', 'other', 'sizes', 'oblong', 'words'].map(async (name) => [
        name,
        (await refusalOf(add(name))).message,
      ]),
    )
    expect(Object.fromEntries(reasons)).toMatchObject({
      outside: expect.stringContaining('keeps its weights in another file') as string,
      inside: expect.stringContaining('keeps its weights in another file') as string,
      cut: expect.stringContaining('no whole ONNX graph') as string,
      text: expect.stringContaining('no whole ONNX graph') as string,
      empty: expect.stringContaining('no ONNX graph') as string,
      other: expect.stringContaining('“chinese_clip” are not used') as string,
      sizes: expect.stringContaining('preprocessor_config.json') as string,
      oblong: expect.stringContaining('square pictures') as string,
      words: expect.stringContaining('tokenizer.json') as string,
    })
  })

  test('tells whether words belong to pictures, serves packs made with it, and is missed where it is gone', async () => {
    const film = join(home, 'film.mp4')
    await Promise.all([makeFilm(film), makePictures(join(home, 'pictures'))])
    await engine.client.projects.create({ title: 'Colours' })
    await runJob(engine.client, 'import', { files: [engine.grantFile(film)] })
    const agreement = async (texts: readonly string[]): Promise<StarsAnswer['signals'][number]> => {
      captions(texts)
      return (await stars(null)).signals.find(({ id }) => id === 'words-agreement')!
    }
    const right = SHOWN.map((colour, at) => `${['now', 'here', 'look', 'and', 'then'][at % 5]} it is ${colour}`)
    const told = await agreement(right)
    expect(told.why).toContain('by a model that holds both')
    const shifted = await agreement([...right.slice(1), right[0]!])
    expect(shifted.contribution_stars).toBeLessThan(told.contribution_stars)
    captions(right)

    const [card] = await readyModels(home, 'picture-text')
    const [out, key] = [join(home, 'colours.starpack'), join(home, 'key.pem')]
    const words = ['pack-build', join(home, 'pictures'), '--out', out, '--key', key, '--encoder']
    const built = await runJson<{ pack: { tasks: { encoder: string }[] } }>(home, [...words, card!.digest])
    expect(built.answer.pack.tasks).toMatchObject([{ encoder: 'colours' }])
    const judged = await stars(out)
    expect(judged.signals[0]).toMatchObject({ id: 'usefulness' })
    expect(judged.signals[0]!.why).toMatch(/^9 of 9 windows name a class/)
    // Kept with the digests of the pack and of all that looked, so that it can be had again.
    const digests = new Map(judged.encoders!.map(({ id, sha256 }) => [id, sha256]))
    expect([...digests.keys()]).toEqual(['centernet-c5-axes', 'use-lite', 'colours'])
    expect(digests.get('colours')).toBe(card!.digest)

    // Changed since it was brought: what needs it says so, everything else goes on without it.
    const config = join(own('colours'), 'tokenizer_config.json')
    const text = readFileSync(config, 'utf8')
    writeFileSync(config, text.replace('end', 'END'))
    captions(right.map((line) => `${line} again`))
    expect((await stars(null)).stars).toBeGreaterThan(0)
    expect((await refusalOf(stars(out))).message).toContain('is not what was taken into use')
    writeFileSync(config, text)
    await engine.client.models.remove({ digest: card!.digest })
    expect((await refusalOf(stars(out))).message).toContain('the encoder "colours"')
  })

  test('comes from another place that serves the paths of the hub, after consent, and begins anew when it changes', async () => {
    const paths = [
      'config.json',
      'preprocessor_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'onnx/vision_model_quantized.onnx',
      'onnx/text_model_quantized.onnx',
    ]
    const served = (name: string): string => `/Xenova/clip-vit-base-patch32/resolve/main/${name}`
    const content = (name: string): Buffer => readFileSync(join(own('colours'), name.replace('_quantized', '')))
    const files = new Map(paths.map((name) => [served(name), content(name)]))
    const server = await ModelServer.start(files)
    try {
      const words = ['models', 'get', 'clip-vit-base-patch32', '--base', server.address]
      const asked = await runCli(home, words)
      expect(asked).toMatchObject({ code: 2 })
      expect(asked.stderr).toContain(server.address)
      expect(asked.stderr).toContain('MIT (weights of OpenAI)')
      expect(server.asked).toEqual([])
      const download = (base = server.address): Promise<unknown> =>
        runJob(engine.client, 'modelDownload', { from: { offer: 'clip-vit-base-patch32', base }, consent: true })
      expect(await refusalOf(download('http://example.org'))).toMatchObject({ code: 'bad_input' })
      const tokenizer = content('tokenizer.json')
      const cut = tokenizer.length - 200
      server.tearsAfterBytes = Math.floor(cut / 8)
      expect((await refusalOf(download())).message).toContain('did not send all of tokenizer.json')
      // Another file under the same address: nothing of the first is joined to it.
      const spaced = Buffer.from(JSON.stringify(JSON.parse(tokenizer.toString('utf8')), null, 1))
      files.set(served('tokenizer.json'), spaced)
      server.tearsAfterBytes = null
      await download()
      const card = (await readyModels(home, 'picture-text')).find(({ id }) => id === 'clip-vit-base-patch32')!
      expect(readFileSync(join(card.folder, 'tokenizer.json'))).toEqual(spaced)
      expect(card).toMatchObject({ origin: 'downloaded', licence: 'MIT (weights of OpenAI)' })
    } finally {
      await server.stop()
    }
  })
})
