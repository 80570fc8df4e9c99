import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { builtInCalibration, builtInPack, builtInStarpack } from '../../../electron/engine/stars/built-in-pack.ts'
import { soundEncoder } from '../../../electron/engine/stars/sound-meaning.ts'
import { estimatePack, readStarpack, writeStarpack } from '../../../electron/engine/stars/starpack-file.ts'
import { stars as english } from '../../../renderer/src/i18n/en/stars.ts'
import { AsterismError } from '../../../shared/errors.ts'
import type { StarpackContent } from '../../../shared/stars/starpack.ts'
import { STARPACK_LIMITS } from '../../../shared/stars/starpack.ts'

const floats = (count: number): string => Buffer.from(new Float32Array(count).fill(0.5).buffer).toString('base64')

function labPack(): StarpackContent {
  return {
    format: 'starpack',
    version: 1,
    id: 'lab-1',
    title: 'A lab',
    kind: 'lab',
    createdAt: '2026-11-23',
    note: 'What the lab needs.',
    benchmark: 'kitchen actions',
    calibration: {
      world: structuredClone(builtInCalibration()) as StarpackContent['calibration']['world'],
      libraryOnly: { halfWidth: 1, shareQuantiles: [0, 1] },
    },
    tasks: [
      {
        id: 'kitchen',
        weight: 1,
        encoder: { id: 'some-encoder', sha256: 'a'.repeat(64) },
        dimension: 3,
        classes: 2,
        classNames: ['stir', 'cut'],
        gainQuantiles: [-0.1, 0, 0.2],
        halfWidth: 1.2,
        ridge: { lambda: 1, count: 10, gram: floats(16), moment: floats(8) },
        probe: { rows: 2, x: floats(6), y: [0, 1] },
        influence: null,
        scores: { base: 0.5, current: 0.6, baseSize: 10 },
      },
    ],
    provenance: { datasets: [], recipe: 'by hand', judged: [] },
  }
}

const key = (type: 'ed25519' | 'x25519'): string => {
  const pair = type === 'ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('x25519')
  return pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function codeOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof AsterismError) return error.code
    throw error
  }
  return 'taken'
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const bytes = (value: string): Uint8Array => new TextEncoder().encode(value)

describe('the pack that ships', () => {
  it('says of itself in English what the window says of it', () => {
    const { title, note, benchmark } = builtInStarpack()
    expect([english['packs.builtIn'], english['packs.builtInNote'], english['packs.builtInBenchmark']]).toEqual([
      title,
      note,
      benchmark,
    ])
  })
})

describe('starpack', () => {
  it('comes back as it was written, the same bytes every time', () => {
    const pem = key('ed25519')
    const written = writeStarpack(labPack(), pem)
    expect(text(writeStarpack(labPack(), pem))).toBe(text(written))
    const { digest, signature, ...content } = readStarpack(written, 'foreign')
    expect(content).toEqual(labPack())
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
    expect(signature?.algorithm).toBe('ed25519')
  })

  it('refuses what was tampered with, whichever letter it was', () => {
    const written = text(writeStarpack(labPack(), key('ed25519')))
    for (const [from, to] of [
      ['kitchen actions', 'kitchen action5'],
      ['"halfWidth":1', '"halfWidth":2'],
      ['"rows":2', '"rows":3'],
    ]) {
      expect(written).toContain(from)
      expect(codeOf(() => readStarpack(bytes(written.replace(from, to)), 'foreign'))).toBe('corrupt_file')
    }
  })

  it('refuses a signature of another pack, of another key, and none', () => {
    const own = JSON.parse(text(writeStarpack(labPack(), key('ed25519')))) as Record<string, unknown>
    const other = JSON.parse(text(writeStarpack({ ...labPack(), id: 'lab-2' }, key('ed25519')))) as Record<
      string,
      unknown
    >
    expect(codeOf(() => readStarpack(bytes(JSON.stringify({ ...own, signature: other.signature })), 'foreign'))).toBe(
      'corrupt_file',
    )
    const broken = { algorithm: 'ed25519', publicKey: 'AAAA', value: 'AAAA' }
    expect(codeOf(() => readStarpack(bytes(JSON.stringify({ ...own, signature: broken })), 'foreign'))).toBe(
      'corrupt_file',
    )
    expect(codeOf(() => readStarpack(bytes(JSON.stringify({ ...own, signature: null })), 'foreign'))).toBe('bad_input')
    expect(codeOf(() => readStarpack(bytes(JSON.stringify({ ...own, signature: null })), 'shipped'))).toBe('bad_input')
    expect(codeOf(() => writeStarpack(labPack(), key('x25519')))).toBe('bad_input')
  })

  it('refuses other documents, newer versions, unknown fields and what is too large', () => {
    const own = JSON.parse(text(writeStarpack(labPack(), key('ed25519')))) as Record<string, unknown>
    const read = (value: unknown) =>
      codeOf(() => readStarpack(bytes(typeof value === 'string' ? value : JSON.stringify(value)), 'foreign'))
    expect(read('not json')).toBe('corrupt_file')
    expect(read([])).toBe('unsupported_format')
    expect(read({ ...own, format: 'zip' })).toBe('unsupported_format')
    expect(read({ ...own, version: 3 })).toBe('unsupported_format')
    expect(read({ ...own, extra: 1 })).toBe('corrupt_file')
    expect(codeOf(() => readStarpack(new Uint8Array(STARPACK_LIMITS.bytes + 1), 'foreign'))).toBe('too_large')
    const written = (probe: object): string => {
      const tasks = [{ ...labPack().tasks[0], probe }] as StarpackContent['tasks']
      return codeOf(() => writeStarpack({ ...labPack(), tasks }, null))
    }
    expect(written({ rows: 2, x: floats(6), y: [0, 1] })).toBe('taken')
    expect(written({ rows: 2, x: floats(5), y: [0, 1] })).toBe('bad_input')
    expect(written({ rows: 2, x: floats(6), y: [0, 7] })).toBe('bad_input')
    expect(written({ rows: 2, x: floats(6), y: floats(2) })).toBe('bad_input')
  })

  it('carries a task of captions, and refuses one whose numbers are not as many as it says', () => {
    const { classes: _, classNames: __, ...task } = labPack().tasks[0] as Record<string, unknown>
    const captions = { encoder: { id: 'words', sha256: 'b'.repeat(64) }, dimension: 5 }
    const pack = (changed: object): StarpackContent => ({
      ...labPack(),
      tasks: [
        {
          ...task,
          targets: 'captions',
          captions,
          ridge: { lambda: 1, count: 10, gram: floats(16), moment: floats(20) },
          probe: { rows: 2, x: floats(6), y: floats(10) },
          ...changed,
        },
      ] as StarpackContent['tasks'],
    })
    const { tasks } = readStarpack(writeStarpack(pack({}), key('ed25519')), 'foreign')
    expect(tasks).toEqual(pack({}).tasks)
    for (const changed of [
      { probe: { rows: 2, x: floats(6), y: floats(9) } },
      { probe: { rows: 2, x: floats(6), y: [0, 1] } },
      { captions: { ...captions, dimension: 6 } },
      { classNames: ['stir', 'cut'] },
      { targets: 'sentences' },
    ])
      expect(codeOf(() => writeStarpack(pack(changed), null))).toBe('bad_input')
  })

  it('carries influence and a sketch of what the lab has from version 2 on, and refuses them where they are malformed', () => {
    const reference = {
      whitening: { mean: floats(3), axes: floats(6), kept: 2 },
      centroids: { counts: [7, 3], x: floats(4) },
      reservoir: { rows: 2, x: floats(4), y: [0, 1] },
      distances: [0.1, 0.2, 0.5],
    }
    const [task] = labPack().tasks
    const full = { influence: floats(8), reference }
    const pack = (changed: object, version: 1 | 2 = 2): StarpackContent => ({
      ...labPack(),
      version,
      tasks: [{ ...task, encoder: soundEncoder(), ...full, ...changed }] as StarpackContent['tasks'],
    })
    const written = writeStarpack(pack({}), key('ed25519'))
    expect(estimatePack(readStarpack(written, 'foreign')).task).toMatchObject({
      influence: { rows: 4, columns: 2 },
      sketch: { counts: [7, 3], labels: [0, 1], distances: [0.1, 0.2, 0.5] },
    })
    const refused: object[] = [
      { influence: null },
      { influence: floats(7) },
      { reference: undefined },
      { reference: { ...reference, extra: 1 } },
      { reference: { ...reference, distances: [0.5, 0.1] } },
      { reference: { ...reference, distances: [0.1, 3] } },
      { reference: { ...reference, whitening: { ...reference.whitening, mean: floats(4) } } },
      { reference: { ...reference, whitening: { ...reference.whitening, axes: floats(9), kept: 3 } } },
      { reference: { ...reference, whitening: { mean: floats(3), axes: floats(99), kept: 33 } } },
      { reference: { ...reference, centroids: { counts: [7, 0], x: floats(4) } } },
      { reference: { ...reference, centroids: { counts: Array(33).fill(1), x: floats(66) } } },
      { reference: { ...reference, reservoir: { rows: 65, x: floats(130), y: Array(65).fill(0) } } },
      { reference: { ...reference, reservoir: { ...reference.reservoir, y: [0, 2] } } },
      { reference: { ...reference, reservoir: { ...reference.reservoir, y: [0] } } },
    ]
    for (const changed of refused) expect(codeOf(() => writeStarpack(pack(changed), null))).toBe('bad_input')
    expect(codeOf(() => writeStarpack(pack({}, 1), null))).toBe('bad_input')
    const wild = Buffer.from(new Float32Array([1, 2, 3, NaN]).buffer).toString('base64')
    const holding = pack({ reference: { ...reference, centroids: { counts: [7, 3], x: wild } } })
    expect(codeOf(() => readStarpack(writeStarpack(holding, key('ed25519')), 'foreign'))).toBe('corrupt_file')
  })

  it('is refused for projects while its encoder is not installed', () => {
    const pack = readStarpack(writeStarpack(labPack(), key('ed25519')), 'foreign')
    expect(codeOf(() => estimatePack(pack))).toBe('unsupported_format')
    const [task] = labPack().tasks
    const heard = { ...labPack(), tasks: [{ ...task, encoder: soundEncoder() }] } as StarpackContent
    const sounds = estimatePack(readStarpack(writeStarpack(heard, key('ed25519')), 'foreign'))
    // By what a person knows it, and the share of the lab's score that its market brought.
    expect(sounds.task).toMatchObject({ vectors: 'sound', classNames: ['stir', 'cut'], title: heard.title })
    const { base, current } = heard.tasks[0].scores
    expect(sounds.improvedShare).toBeCloseTo((current - base) / current, 12)
  })

  it('ships with figures from data sets that its fit did not see', () => {
    const pack = builtInPack()
    expect(pack.kind).toBe('built-in')
    expect(pack.shareQuantiles.length).toBeGreaterThan(10)
    expect([...pack.shareQuantiles].sort((a, b) => a - b)).toEqual(pack.shareQuantiles)
  })
})
