/** Models that a person brings: nothing is asked before consent, nothing half is taken for whole, speech becomes words. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { chooseRecognizer } from '../../electron/engine/speech/index.ts'
import { runJob } from '../../shared/contract/client.ts'
import type { ModelManifest, ModelsAnswer } from '../../shared/contract/models.ts'
import type { AsterismError } from '../../shared/errors.ts'
import { runCli } from '../fixtures/cli/run-cli.ts'
import { ModelServer } from '../fixtures/models/model-server.ts'
import { writeTinyWhisper } from '../fixtures/models/tiny-whisper.ts'

const { signal } = new AbortController()

describe('models', () => {
  let home: string
  let folder: string
  let server: ModelServer
  let manifest: ModelManifest
  let engine: Engine
  const manifestFile = (name: string, content: ModelManifest): string => {
    const path = join(home, `${name}.json`)
    writeFileSync(path, JSON.stringify(content))
    return path
  }
  const fetchModel = async (content: ModelManifest): Promise<ModelsAnswer> =>
    await runJob(engine.client, 'modelDownload', {
      from: { manifest: engine.grantFile(manifestFile('manifest', content)) },
      consent: true,
    })
  const failureOf = async (work: Promise<unknown>): Promise<AsterismError> =>
    await work.then(
      () => expect.unreachable(),
      (error: unknown) => error as AsterismError,
    )
  const brought = (answer: ModelsAnswer): ModelsAnswer['models'] =>
    answer.models.filter((entry) => entry.origin === 'downloaded' || entry.origin === 'folder')
  const underFinalNames = (): string[] =>
    existsSync(join(home, 'models'))
      ? readdirSync(join(home, 'models'), { recursive: true, encoding: 'utf8' }).filter((name) =>
          /^[0-9a-f]{64}(\.json)?$/.test(name),
        )
      : []

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-models-'))
    folder = join(home, 'own', 'tiny-whisper')
    writeTinyWhisper(folder)
    const names = [
      'config.json',
      'generation_config.json',
      'tokenizer.json',
      'onnx/encoder_model.onnx',
      'onnx/decoder_model.onnx',
    ]
    const files = new Map(names.map((name) => [`/tiny/${name}`, readFileSync(join(folder, name))]))
    server = await ModelServer.start(files)
    manifest = {
      id: 'tiny-whisper',
      title: 'Tiny Whisper',
      licence: 'MIT',
      files: names.map((path) => {
        const bytes = files.get(`/tiny/${path}`)!
        const sha256 = createHash('sha256').update(bytes).digest('hex')
        return { path, url: `${server.address}/tiny/${path}`, bytes: bytes.length, sha256 }
      }),
    }
    engine = await createEngine({ home, resumeJobs: false, host: {} })
  })
  afterAll(async () => {
    await engine.close()
    await server.stop()
    rmSync(home, { recursive: true, force: true })
  })

  test('ask nothing of any address before the person agreed', async () => {
    const path = manifestFile('unasked', manifest)
    await engine.client.models.list()
    expect(await engine.client.models.inspect({ manifest: engine.grantFile(path) })).toEqual(manifest)
    const refused = await runCli(home, ['models', 'get', path])
    expect(refused.code).toBe(2)
    expect(refused.stderr).toContain(`${server.address}/tiny/onnx/decoder_model.onnx`)
    expect(refused.stderr).toContain('licence: MIT')
    await expect(
      engine.client.jobs.start({ kind: 'modelDownload', input: { from: { offer: 'whisper-base' }, consent: false } }),
    ).rejects.toThrow()
    expect(server.asked).toEqual([])
  })

  test('go on where they broke off, and have their name only when they are whole', async () => {
    server.tearsAfterBytes = 40_000
    const failure = await failureOf(fetchModel(manifest))
    expect(failure).toMatchObject({ code: 'network_failed', kept: 'What has come is kept.' })
    expect(underFinalNames()).toEqual([])
    const from = server.asked.flatMap(({ range }) => (range === null ? [] : [Number(range.slice(6, -1))]))
    expect(from[0]).toBeGreaterThan(0)
    expect([...from].sort((a, b) => a - b)).toEqual(from)
    server.tearsAfterBytes = null
    const before = server.asked.length
    const [model, ...others] = brought(await fetchModel(manifest))
    expect(others).toEqual([])
    expect(model).toMatchObject({ id: 'tiny-whisper', origin: 'downloaded', ready: true, licence: 'MIT' })
    // Only what was missing was asked for.
    expect(server.asked.slice(before).map(({ path, range }) => [path, range?.startsWith('bytes=') ?? false])).toEqual([
      ['/tiny/onnx/decoder_model.onnx', true],
    ])
    const sums = manifest.files
      .map((file) => `${file.sha256}  ${file.path}\n`)
      .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1))
    expect(model!.digest).toBe(createHash('sha256').update(sums.join('')).digest('hex'))
  })

  test('turn speech into words with times, and are refused when a byte of them was changed', async () => {
    const recognizer = await chooseRecognizer(home, signal)
    expect(recognizer.id).toMatch(/^tiny-whisper@[0-9a-f]{16}$/)
    const tone = Float32Array.from({ length: 32_000 }, (_, n) => 0.5 * Math.sin(n * 0.3))
    const [heard, silent] = await recognizer.recognize([tone, new Float32Array(32_000)], { signal })
    expect(heard!.map((word) => word.text)).toEqual(['hello', 'world'])
    expect(heard![0]!.startSeconds).toBeCloseTo(0.2, 6)
    expect(heard![1]!.startSeconds).toBeCloseTo(0.6, 6)
    expect(heard![1]!.endSeconds).toBeGreaterThan(0.9)
    expect(silent!.map((word) => word.text)).toEqual(['nothing'])
    const [digest] = underFinalNames().filter((name) => !name.endsWith('.json'))
    const config = join(home, 'models', digest!, 'config.json')
    const text = readFileSync(config, 'utf8')
    writeFileSync(config, text.replace('32', '33'))
    await expect(chooseRecognizer(home, signal)).rejects.toMatchObject({ code: 'corrupt_file' })
    writeFileSync(config, text)
  })

  test('that are not what was announced are not kept, nor what a manifest puts elsewhere or fetches in the open', async () => {
    server.lies = true
    const other = { ...manifest, id: 'liar' }
    expect(await failureOf(fetchModel(other))).toMatchObject({ code: 'corrupt_file', kept: 'Nothing of it was kept.' })
    // Without a digest of the manifest, what the server says of it counts.
    const unpinned = { ...other, files: other.files.map((file) => ({ ...file, sha256: null })) }
    expect((await failureOf(fetchModel(unpinned))).code).toBe('corrupt_file')
    server.lies = false
    const [first] = manifest.files
    for (const file of [
      { ...first!, path: '../outside.json' },
      { ...first!, url: 'http://example.org/config.json' },
      { ...first!, url: 'file:///etc/passwd' },
    ])
      expect((await failureOf(fetchModel({ ...manifest, id: 'bad', files: [file] }))).code).toBe('bad_input')
    server.sendsOnTo = server.address.replace('127.0.0.1', '0.0.0.0')
    expect((await failureOf(fetchModel({ ...manifest, id: 'sent-on' }))).code).toBe('bad_input')
    server.sendsOnTo = null
    const larger = { ...manifest, id: 'larger', files: [{ ...first!, bytes: 10 }] }
    expect((await failureOf(fetchModel(larger))).code).toBe('too_large')
    expect(underFinalNames()).toHaveLength(2)
  })

  test('a folder is used where it lies, says what it lacks, and stays when it is removed', async () => {
    const empty = join(home, 'empty')
    mkdirSync(empty)
    writeFileSync(join(empty, 'config.json'), JSON.stringify({ model_type: 'whisper' }))
    const add = (path: string): Promise<ModelsAnswer> =>
      engine.client.models.addFolder({ folder: engine.grantFile(path), licence: 'MIT' })
    expect((await failureOf(add(empty))).message).toContain('tokenizer.json, onnx/encoder_model.onnx')
    const [downloaded] = brought(await engine.client.models.list())
    expect(brought(await engine.client.models.remove({ digest: downloaded!.digest! }))).toEqual([])
    expect(underFinalNames()).toEqual([])
    // What is said of another cannot be read: it is no model, and in nobody's way.
    writeFileSync(join(home, 'models', `${'0'.repeat(64)}.json`), '{')
    const [own] = brought(await add(folder))
    expect(own).toMatchObject({ id: 'tiny-whisper', origin: 'folder', digest: downloaded!.digest, ready: true })
    await engine.client.models.remove({ digest: own!.digest! })
    expect(existsSync(join(folder, 'onnx/decoder_model.onnx'))).toBe(true)
  })
})
