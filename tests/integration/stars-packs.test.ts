/** Packs as a lab makes them and a creator gets them: built from pictures, signed, checked, installed, used, refused. */
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AsterismError } from '../../shared/errors.ts'
import { Encoders } from '../../electron/engine/models/encoders.ts'
import { resolveMediaTools } from '../../electron/engine/media/tools.ts'
import { buildPack } from '../../electron/engine/stars/build-pack.ts'
import { installPacks, listPacks, removePack, verifyPacks } from '../../electron/engine/stars/pack-store.ts'
import { pictureEncoder } from '../../electron/engine/stars/picture-meaning.ts'
import { estimatePack, readStarpack } from '../../electron/engine/stars/starpack-file.ts'
import { packBuildAnswer } from '../../shared/contract/packs.ts'
import { runJson } from '../fixtures/cli/run-cli.ts'

let folder = ''
const abort = new AbortController()
const encoders = new Encoders(abort.signal)
const context = { encoders, signal: abort.signal, onProgress: () => {}, log: () => {}, leaveOut: () => {} }
const file = (name: string): string => join(folder, name)

const SHAPES: Record<string, (at: number) => string> = {
  rings: (at) => `<circle cx="64" cy="64" r="${20 + at}" fill="none" stroke="#c33" stroke-width="${4 + at / 4}"/>`,
  bars: (at) =>
    [0, 1, 2, 3].map((k) => `<rect x="${10 + 28 * k}" y="${at}" width="12" height="100" fill="#36c"/>`).join(''),
}

/** A second and a half of a tone as a WAV file: 16 bits, mono, 16 kHz. */
function toneOf(hertz: number): Buffer {
  const [rate, count] = [16_000, 24_000]
  const wave = Buffer.alloc(44 + 2 * count)
  wave.write('RIFF', 0)
  wave.writeUInt32LE(36 + 2 * count, 4)
  wave.write('WAVEfmt ', 8)
  for (const [value, at] of [
    [16, 16],
    [rate, 24],
    [2 * rate, 28],
    [2 * count, 40],
  ] as const)
    wave.writeUInt32LE(value, at)
  for (const [value, at] of [
    [1, 20],
    [1, 22],
    [2, 32],
    [16, 34],
  ] as const)
    wave.writeUInt16LE(value, at)
  wave.write('data', 36)
  for (let n = 0; n < count; n++)
    wave.writeInt16LE(Math.round(9000 * Math.sin((2 * Math.PI * hertz * n) / rate)), 44 + 2 * n)
  return wave
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packs-'))
  for (const [name, shape] of Object.entries(SHAPES)) {
    await mkdir(join(folder, 'shapes', name), { recursive: true })
    for (let at = 0; at < 22; at++) {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="128" height="128"><rect width="128" height="128" fill="#${at % 2 ? 'eee' : 'ffd'}"/>${shape(at)}</svg>`
      await sharp(Buffer.from(svg))
        .png()
        .toFile(join(folder, 'shapes', name, `${at}.png`))
    }
  }
})
afterAll(async () => {
  await encoders.close()
  await rm(folder, { recursive: true, force: true })
})

describe('a pack built from a folder of pictures', () => {
  it('is signed, can be checked, installed, used and taken away', async () => {
    const out = file('shapes.starpack')
    const { figures } = await buildPack({ source: file('shapes'), out, key: file('key.pem'), title: null }, context)
    expect(figures.samples).toBe(44)
    expect(figures.accuracy_base).toBeGreaterThan(0.7)
    expect((await stat(file('key.pem'))).mode & 0o777).toBe(0o600)
    const { task } = estimatePack(readStarpack(await readFile(out), 'foreign'))
    expect(task).toMatchObject({ classNames: ['bars', 'rings'], dimension: 64 })
    const home = file('home')
    expect((await listPacks(home)).packs).toHaveLength(1)
    const { packs } = await installPacks(home, [out])
    expect(packs).toMatchObject([{ id: 'shapes', kind: 'lab', tasks: [{ classes: 2, encoder: pictureEncoder().id }] }])
    expect((await listPacks(home)).packs.map((pack) => pack.kind)).toEqual(['built-in', 'lab'])
    expect((await removePack(home, packs[0].digest)).packs).toHaveLength(1)
    await expect(removePack(home, packs[0].digest)).rejects.toMatchObject({ code: 'not_found' })
    await expect(removePack(home, '../../etc')).rejects.toMatchObject({ code: 'not_found' })
  })

  it('takes the place of no pipe and no folder', async () => {
    execFileSync('mkfifo', [file('pipe.starpack')])
    for (const out of [file('pipe.starpack'), file('shapes')]) {
      const built = buildPack({ source: file('shapes'), out, key: file('key.pem'), title: null }, context)
      await expect(built, out).rejects.toMatchObject({ code: 'bad_input', kept: 'It was left as it is.' })
    }
  })

  it('is refused, with the reason, when anything about it is not right', async () => {
    const text = await readFile(file('shapes.starpack'), 'utf8')
    const spoilt: Record<string, string> = {
      tampered: text.replace('"title":"shapes"', '"title":"Shapes"'),
      unsigned: text.replace(/"signature":\{[^}]*\}/, '"signature":null'),
      cut: text.slice(0, 200),
      other: '{"format":"recipe"}',
      newer: text.replace('"version":2', '"version":3'),
    }
    for (const [name, content] of Object.entries(spoilt)) await writeFile(file(`${name}.starpack`), content)
    await writeFile(file('huge.starpack'), Buffer.alloc(13_000_001))
    await mkdir(file('folder.starpack'))
    const names = [...Object.keys(spoilt), 'huge', 'missing', 'folder']
    const answer = await installPacks(
      file('home'),
      names.map((name) => file(`${name}.starpack`)),
    )
    expect(answer.packs).toEqual([])
    expect(answer.refused.map(({ code }) => code)).toEqual([
      'corrupt_file',
      'bad_input',
      'corrupt_file',
      'unsupported_format',
      'unsupported_format',
      'too_large',
      'not_found',
      'bad_input',
    ])
    expect(answer.refused.map(({ reason }) => reason).join(' ')).toMatch(/changed after .* not signed/)
    expect((await listPacks(file('home'))).packs).toHaveLength(1)
    expect((await verifyPacks([file('shapes.starpack'), file('cut.starpack')])).refused).toHaveLength(1)
  })

  it('says what is wrong with its source, and writes nothing', async () => {
    const tools = await resolveMediaTools()
    const build = (source: string): Promise<unknown> =>
      buildPack(
        { source: file(source), out: file('no.starpack'), key: file('key.pem'), title: null },
        { ...context, tools },
      )
    await mkdir(file('one/class'), { recursive: true })
    await writeFile(file('rows.json'), '{"x":[[1]],"y":[0]}')
    await expect(build('one')).rejects.toThrow('two or more classes')
    const put = async (path: string, content: string | Buffer): Promise<void> => {
      await mkdir(join(file('odd'), path, '..'), { recursive: true })
      await writeFile(join(file('odd'), path), content)
    }
    await mkdir(Buffer.concat([Buffer.from(`${file('odd')}/`), Buffer.from([0xff])]), { recursive: true })
    await put('b/1.wav', toneOf(900))
    await expect(build('odd')).rejects.toMatchObject({ code: 'bad_input', message: 'The folder cannot be read.' })
    await rm(file('odd'), { recursive: true })
    await put('a/1.wav', toneOf(300))
    await put('b/1.wav', toneOf(900))
    await expect(build('odd')).rejects.toThrow('2 samples are too few')
    await rm(file('odd'), { recursive: true })
    await put('a/1.png', 'no picture')
    await put('b/1.wav', 'no sound')
    await expect(build('odd')).rejects.toThrow('a task is of one sense')
    await put('captions.csv', 'file_name,caption\n../shapes/rings/0.png,a ring\n')
    await expect(build('odd')).rejects.toThrow('Row 1 of the captions names a picture outside')
    await put('captions.csv', 'file_name,label\na/1.png,1\n')
    await expect(build('odd')).rejects.toThrow('Row 1 of the captions does not name')
    await put('captions.csv', 'file_name,caption\na/1.png,"a ring, red"\n')
    await expect(build('odd')).rejects.toThrow('Nothing in the folder could be read: 1.png')
    await put('captions.jsonl', '{"file_name": "a/1.png", "caption": "a ring"}\nno row\n')
    await expect(build('odd')).rejects.toThrow('Line 2 of the captions is not a JSON object')
    await put('captions.jsonl', Buffer.from('{"file_name": "a/1.png", "caption": "ein schöner Ring"}', 'latin1'))
    await expect(build('odd')).rejects.toThrow('cannot be read as UTF-8')
    await expect(build('rows.json')).rejects.toThrow('not well formed: encoder')
    await expect(build('nowhere')).rejects.toMatchObject({ code: 'not_found' })
    const embeddings = {
      encoder: { id: 'theirs', sha256: 'a'.repeat(64) },
      classNames: ['left', 'right'],
      x: Array.from({ length: 60 }, (_, n) => [n % 2, n / 60]),
      y: Array.from({ length: 60 }, (_, n) => n % 2),
    }
    const refusals: [changed: object, why: string][] = [
      [{ x: embeddings.x.map(() => [0, 0]) }, 'the same row'],
      [{ x: embeddings.x.map(() => [1e30, 0]) }, 'not well formed: x.0.0'],
      [{ x: embeddings.x.map(() => [null, 0]) }, 'not well formed: x.0.0'],
      [{ x: embeddings.x.map((row, n) => (n === 7 ? [1] : row)) }, 'Row 7 has 1 numbers'],
      [{ y: embeddings.y.map(() => 2) }, 'one label y'],
      [{ y: embeddings.y.map(() => 0) }, 'class "right" has 0 samples'],
      [{ classNames: ['left', 'left'] }, 'the same name'],
      [{ captions: ['left'] }, '60 rows x, but 1 captions'],
      [{ captions: embeddings.y.map(String) }, 'these are of "theirs"'],
      [{ captions: [1] }, 'not well formed: captions.0'],
    ]
    for (const [changed, why] of refusals) {
      await writeFile(file('rows.json'), JSON.stringify({ ...embeddings, ...changed }))
      await expect(build('rows.json')).rejects.toThrow(why)
    }
    await writeFile(file('rows.json'), JSON.stringify(embeddings))
    const to = { source: file('rows.json'), out: file('no.starpack'), key: file('key.pem'), title: null }
    await expect(buildPack({ ...to, key: file('one') }, context)).rejects.toThrow('The key cannot be read')
    await expect(buildPack({ ...to, title: '' }, context)).rejects.toThrow('A title has')
    await expect(buildPack({ ...to, out: file('not/there.starpack') }, context)).rejects.toThrow('is not there')
    await expect(buildPack({ ...to, out: '/proc/no.starpack' }, context)).rejects.toBeInstanceOf(AsterismError)
    await expect(buildPack({ ...to, key: '/proc/key.pem' }, context)).rejects.toBeInstanceOf(AsterismError)
    await expect(stat(file('no.starpack'))).rejects.toThrow('ENOENT')
  })
})

describe('a pack of the command line', () => {
  it('is built from pictures with captions', async () => {
    const names = Object.keys(SHAPES).flatMap((name) => Array.from({ length: 22 }, (_, at) => `${name}/${at}.png`))
    const lines = names.map((name, at) => {
      const caption = name.startsWith('rings') ? `a red ring, number ${at}` : `blue bars in a row, number ${at}`
      return JSON.stringify({ file_name: name, caption })
    })
    await writeFile(join(file('shapes'), 'no-picture.png'), 'not one')
    lines.push(JSON.stringify({ file_name: 'no-picture.png', caption: 'a red ring that is none' }))
    await writeFile(join(file('shapes'), 'captions.jsonl'), lines.join('\n'))
    const words = (source: string): string[] => [
      'pack-build',
      file(source),
      '--out',
      file(`${source}.out`),
      '--key',
      file('key.pem'),
    ]
    const { code, answer } = await runJson(file('home'), words('shapes'))
    const told = packBuildAnswer.parse(answer)
    expect([code, told.left_out]).toEqual([3, [expect.stringContaining('no-picture.png')]])
    expect(told.pack.tasks).toMatchObject([{ targets: 'captions', classes: 0, encoder: pictureEncoder().id }])
    expect(told.figures).toMatchObject({ samples: 44, spearman_gain: expect.any(Number) })
    expect(told.pack.tasks[0]!.held_out).toMatchObject({ samples: 9, spearman: expect.any(Number) })
    expect(told.figures['cosine_base']).toBeGreaterThan(0.3)
    expect(estimatePack(readStarpack(await readFile(file('shapes.out')), 'foreign')).task).toMatchObject({
      kind: 'captions',
      vectors: 'meaning',
    })
  })
})
