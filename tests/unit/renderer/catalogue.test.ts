import { globSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { AsterismError } from '../../../shared/errors.ts'
import { asEngineError } from '../../../shared/contract/client.ts'
import { finding, some } from '../../../electron/engine/publish/checks/check.ts'
import { byteAmount, fixedAmount, shareAmount, timeAmount } from '../../../shared/sayings/amounts.ts'
import { describe as describeFile } from '../../../electron/engine/import/describe.ts'
import type { ImportSource } from '../../../electron/engine/import/importer.ts'
import { refuseBeyondMemory } from '../../../electron/engine/import/refusals.ts'
import { readPlyHeader } from '../../../electron/engine/import/scans/ply-header.ts'
import { requireFreeSpace } from '../../../electron/engine/media/disk.ts'
import { editOfEdl, readEdl } from '../../../electron/engine/publish/formats/edl-read.ts'
import { readOtio } from '../../../electron/engine/publish/formats/otio-read.ts'
import { because, inEnglish, say, SAYINGS } from '../../../shared/sayings/saying.ts'
import { sayingOfStep } from '../../../shared/sayings/step-label.ts'
import { steps } from '../../../shared/sayings/steps.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { figuresAsText, unsayable } from '../../fixtures/window/engine-literals.ts'
import { untranslated } from '../../fixtures/window/literals.ts'
import { loadFromWindow, type CatalogueMessage } from './window-modules.ts'

const { t, useLanguage } = await loadFromWindow('i18n/text')
const { en } = await loadFromWindow('i18n/en/index')
const { failureWords, reasonWords } = await loadFromWindow('ui/saying-words')
const { stepWords } = await loadFromWindow('ui/step-words')
const { de } = await loadFromWindow('i18n/de/index')

const ROOT = join(import.meta.dirname, '../../..')
const sources = globSync('renderer/src/**/*.{ts,tsx}', { cwd: ROOT })
  .filter((path) => !path.includes('/i18n/'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

const slotsOf = (message: CatalogueMessage): string[] => {
  const text = typeof message === 'string' ? message : `${message.one} ${message.other}`
  return [...new Set(text.match(/\{\w+\}/g) ?? [])].sort()
}

function failureOf(refused: () => unknown): AsterismError {
  try {
    refused()
  } catch (error) {
    if (error instanceof AsterismError) return error
  }
  throw new Error('it was not refused')
}

describe('the catalogue', () => {
  afterEach(() => useLanguage.setState({ language: 'en' }))

  test('both languages have the same keys with the same slots and the same forms', () => {
    expect(Object.keys(de).sort()).toEqual(Object.keys(en).sort())
    expect(Object.keys(en).length).toBeGreaterThan(200)
    for (const [key, message] of Object.entries(en)) {
      expect(slotsOf(de[key]!), key).toEqual(slotsOf(message))
      expect(typeof de[key], key).toBe(typeof message)
    }
  })

  test('German is not English under another name', () => {
    const same = Object.keys(en).filter(
      (key) => typeof en[key] === 'string' && en[key].length > 24 && en[key] === de[key],
    )
    expect(same).toEqual([])
  })

  test('no message is left over', () => {
    const all = sources.map(({ text }) => text).join('\n')
    // Keys made of parts (`sensor.${…}`) are known by what stands before the part.
    const families = [...all.matchAll(/`([\w.]+)\$\{/g)].map(([, start]) => start!)
    const unused = Object.keys(en).filter(
      (key) => !all.includes(`'${key}'`) && !families.some((start) => key.startsWith(start)),
    )
    expect(unused).toEqual([])
  })

  test('no word of the window is written outside of it', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(sources.flatMap(({ path, text }) => untranslated(path, text))).toEqual([])
  })

  test.each([
    ['text', '<p>Hello there</p>'],
    ['a label', '<b aria-label="Close" />'],
    ['a choice', "<b title={open ? 'Close' : t('x.y')} />"],
    ['a template', '<b aria-label={`Close ${name}`} />'],
    ['a child', "<p>{busy ? 'Working' : null}</p>"],
    ['a notice', "notify({ kind: 'info', title: 'Done' })"],
    ['a gesture', "commit('Move', () => 0)"],
  ])('%s that is written in the source is found', (_what, code) => {
    expect(untranslated('x.tsx', code)).toHaveLength(1)
  })

  test.each([
    "<p className={open ? 'open' : 'closed'}>{t('a.b')}</p>",
    "<b title={kind === 'info' ? t('a.b') : null} />",
  ])('%s is no finding', (code) => expect(untranslated('x.tsx', code)).toEqual([]))

  test('what packages, uploads, exports, models, media, jobs, wallets, chains, lists and stars tell is a saying, as is what work is at', () => {
    const rooms = globSync(
      [
        'electron/engine/{models,publish/upload,publish/export,publish/lossless,publish/render,publish/package,publish/content,publish/location,publish/profiles,media}/*.ts',
        'electron/engine/publish/formats/*-read.ts',
        'electron/engine/{work,chain,chain/signer,chain/ledger,lists,originality,speech,stars}/*.ts',
        'electron/engine/window/*.ts',
        'electron/engine/{align,assets,commentary,import,jobs,procedures,project}/**/*.ts',
        'shared/{document,geometry,media,signal}/**/*.ts',
        'shared/stars/{estimate,task,wanted}/*.ts',
      ],
      { cwd: ROOT },
    )
    // Weights are converted before anybody has them, what is wrong with ffmpeg itself is what `doctor` says, and why a
    // loop of a path is not believed stands in answers of the command line alone.
    const told = rooms
      .filter((path) => !/(onnx-from-[\w-]+|tfjs-graph|media\/tools|space\/loop-\w+)\.ts$/.test(path))
      .flatMap((path) => unsayable(path, readFileSync(join(ROOT, path), 'utf8')))
    expect(rooms.length).toBeGreaterThan(60)
    // What a pack says of itself is its maker's.
    expect(told.filter((line) => !/build-pack\.ts:\d+ note /.test(line))).toEqual([])
    expect(
      unsayable('x.ts', "new AsterismError('timeout', late ? `${a} is late` : why, { fix: 'Wait.' })"),
    ).toHaveLength(2)
    expect(unsayable('x.ts', "progress(0, 'Waiting'); throw new AsterismError('internal', 'No.')")).toHaveLength(1)
  })

  test('figures in what the engine says are written as each language writes them', async () => {
    const files = globSync('{electron,shared}/**/*.ts', { cwd: ROOT })
    expect(files.length).toBeGreaterThan(900)
    expect(files.flatMap((path) => figuresAsText(path, readFileSync(join(ROOT, path), 'utf8')))).toEqual([])
    expect(figuresAsText('x.ts', "say('a', { b: c.toFixed(2), d: Number(e.toFixed(1)) })")).toHaveLength(1)
    const needed = 99.5e12
    const noRoom: unknown = await requireFreeSpace(tmpdir(), needed).catch((error: unknown) => error)
    const noMemory = failureOf(() => refuseBeyondMemory('/scan.ply', 50.5 * 2 ** 30, say('broken.gltfScene')))
    useLanguage.setState({ language: 'de' })
    expect(failureWords(asEngineError(noRoom)).what).toMatch(/^Es braucht 99,5 TB auf dem Datenträger, und .* frei\.$/)
    expect(failureWords(noMemory).what).toMatch(/braucht es 50,5 GiB Arbeitsspeicher; .* \d+,\d GiB/)
  })

  test('a step of the history that the engine made is called in the language of the window', () => {
    for (const code of Object.keys(steps) as (keyof typeof steps)[]) {
      const slots = { title: 'A (1).mp4', name: 'the edit [2].otio', count: 3 }
      const label = inEnglish({ code, slots })
      expect(sayingOfStep(label)?.code, label).toBe(code)
      expect(stepWords(label)).toBe(label)
    }
    useLanguage.setState({ language: 'de' })
    expect(stepWords('Align in time')).toBe('Zeitlich ausrichten')
    expect(stepWords('Import the edit take.otio')).toBe('Den Schnitt take.otio importieren')
    expect(stepWords('Import 12 recordings')).toBe('12 Aufnahmen importieren')
    expect(stepWords('Marke setzen')).toBe('Marke setzen')
    const files = globSync('electron/engine/**/*.ts', { cwd: ROOT })
    const written = files.filter((path) => /commit\(\s*\{ label: ['`]/.test(readFileSync(join(ROOT, path), 'utf8')))
    expect(written).toEqual([])
  })

  test('what the engine says is said in the language of the window, as a whole or not at all', () => {
    const why = because('time.noPlace', { contrast: 5.5, least: 7 })
    const refusal = because('time.byMethod', { method: say('time.way.audio'), why: why.said })
    expect(refusal.reason).toMatch(/^audio: No place was found .* by 5\.5 deviations/)
    expect(reasonWords(refusal)).toBe(refusal.reason)
    useLanguage.setState({ language: 'de' })
    expect(reasonWords(refusal)).toMatch(/^Ton: Keine Stelle wurde gefunden.* 5,5 Abweichungen/)
    const newer = { code: 'time.notUsable', slots: { why: { code: 'time.ofTomorrow' } } }
    expect(reasonWords({ reason: 'Of tomorrow.', said: newer })).toBe('Of tomorrow.')
    expect(reasonWords({ reason: 'Of a file.' })).toBe('Of a file.')
  })

  test('what a check of a package saw is said in both languages, amounts as each writes them', () => {
    const fault = say('check.rate', { found: fixedAmount(29.5, 2), wanted: 30 })
    const films = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((path) => say('check.of', { path, fault }))
    const { detail, said } = finding(false, say('check.fitsNot', { profile: 'P', faults: some(films) }))
    expect(detail).toMatch(/^The package does not fit "P": a: 29\.50 fps, wanted 30; b: .*; e: [^;]*; and 2 more\.$/)
    expect(reasonWords({ reason: detail, said: said.detail })).toBe(detail)
    const amounts = [timeAmount(1.5), timeAmount(3), timeAmount(-7260), byteAmount(1_540_000), shareAmount(0.351)]
    expect(amounts.map(inEnglish)).toEqual(['1.5 s', '3 s', '-2 h 1 min', '1.5 MB', '35 %'])
    useLanguage.setState({ language: 'de' })
    expect(reasonWords({ reason: detail, said: said.detail })).toMatch(/: a: 29,50 Bilder\/s, .*; und 2 mehr\.$/)
    expect(amounts.map((said) => reasonWords({ reason: '', said }))).toEqual([
      '1,5 s',
      '3 s',
      '-2 h 1 min',
      '1,5 MB',
      '35 %',
    ])
  })

  test('what went wrong is said in the language of the window, and in English what is not known there', () => {
    const failure = new AsterismError(
      'disk_full',
      say('disk.needs', { needed: byteAmount(2e9), free: byteAmount(1e9) }),
      {
        path: '/films',
        fix: say('disk.fix.freeAndAgain'),
        kept: 'The other half.',
      },
    )
    expect(failure.sentence).toBe(
      'It needs 2.0 GB on disk and 1.0 GB are free. The other half. Free some space and try again. (/films)',
    )
    useLanguage.setState({ language: 'de' })
    const { code, message, path, fix, kept, said } = failure.with({ path: '/elsewhere' })
    const came = asEngineError({ data: { code, path, fix, kept, said }, message })
    expect(came.path).toBe('/elsewhere')
    expect(failureWords(came)).toEqual({
      what: 'Es braucht 2,0 GB auf dem Datenträger, und 1,0 GB sind frei.',
      rest: 'The other half. Schaffen Sie Platz, und versuchen Sie es noch einmal.',
    })
    expect(reasonWords(came.reason)).toMatch(/^Es braucht .* frei\. Schaffen Sie Platz/)
    expect(failureWords(new AsterismError('internal', 'Of tomorrow.'))).toEqual({ what: 'Of tomorrow.', rest: '' })
  })

  test('why the edit of another program cannot be read is said in the language of the window', () => {
    const marker = failureOf(() =>
      readOtio('{"OTIO_SCHEMA":"Timeline.1","tracks":{"OTIO_SCHEMA":"Stack.1","markers":[3]}}'),
    )
    expect(marker.message).toBe('A marker must be an object.')
    const markers = failureOf(() =>
      readOtio('{"OTIO_SCHEMA":"Timeline.1","tracks":{"OTIO_SCHEMA":"Stack.1","markers":3}}'),
    )
    expect(markers.message).toBe('The markers of the timeline must be a list.')
    useLanguage.setState({ language: 'de' })
    expect(failureWords(markers).what).toBe('Die Marker von dem ganzen Schnitt: Das ist keine Liste.')
    expect(failureWords(failureOf(() => readOtio('{"OTIO_SCHEMA":"Clip.1"}'))).what).toBe(
      'Die Datei enthält keinen Schnitt.',
    )
    const list = readEdl('TITLE: A\n001  AX  V  D  024  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00')
    expect(editOfEdl(list, () => undefined).warnings.map((said) => reasonWords({ reason: '', said }))).toEqual([
      'Übergänge sind weggelassen: Die Clips stoßen in einem Schnitt aneinander.',
      'Die Liste nennt keine Bildrate: Sie wurde mit 25,00 gelesen.',
    ])
  })

  test('what the header of a scan claims in vain is told in the language of the window', async () => {
    const head = new TextEncoder().encode(
      'ply\nformat ascii 1.0\nelement vertex 1200\nproperty float x\nelement face 7\nproperty list uchar int a\nend_header\n',
    )
    const source: ImportSource = {
      path: '/scan.ply',
      name: 'scan.ply',
      extension: 'ply',
      byteLength: head.length,
      isDirectory: false,
      entries: [],
      head,
    }
    const refused: unknown = await readPlyHeader(source).catch((error: unknown) => error)
    const failure = asEngineError(refused)
    expect(failure.message).toMatch(
      /^Its header claims 1200 of vertex, 7 of face, which takes at least 2413 bytes; only 0/,
    )
    useLanguage.setState({ language: 'de' })
    expect(failureWords(failure).what).toMatch(
      /^Der Kopf kündigt an: 1\.200 von „vertex“, 7 von „face“\. Das braucht mindestens 2\.413 Bytes, und es folgen nur 0\./,
    )
  })

  test.each([
    [
      'body.bvh',
      'HIERARCHY\nROOT Hips\n{\nOFFSET 0 0\n}\nMOTION\n',
      'The offset of a joint is not three numbers.',
      'Der Versatz eines Gelenks besteht nicht aus drei Zahlen.',
    ],
    [
      'log.csv',
      `time_s,acc_x,acc_y,acc_z\n0,0,0,9.8\n${'bad,0,0,9.8\n'.repeat(1500)}`,
      '1500 of its 1501 rows cannot be used.',
      '1.500 der 1.501 Zeilen sind nicht zu gebrauchen.',
    ],
    [
      'empty.las',
      'x',
      'No importer knows this: a file of 1 bytes with the name extension .las that begins with 78. Its name says "survey points (LAS, LAZ)", its content does not.',
      'Kein Leser kennt das: eine Datei mit 1 Bytes und der Namensendung .las, die mit 78 beginnt. Der Name sagt „Vermessungspunkte (LAS, LAZ)“, der Inhalt nicht.',
    ],
  ])('why %s cannot be read is said in the language of the window', async (name, content, english, german) => {
    const refused: unknown = await withFolder(async (folder) => {
      await writeFile(join(folder, name), content)
      return describeFile(join(folder, name), await importContext({ withTools: false })).catch(
        (error: unknown) => error,
      )
    })
    expect(asEngineError(refused).message).toBe(english)
    useLanguage.setState({ language: 'de' })
    expect(failureWords(asEngineError(refused)).what).toBe(german)
  })

  test('no saying is left over', () => {
    const engine = globSync('{electron,shared}/**/*.ts', { cwd: ROOT }).filter((path) => !path.includes('sayings/'))
    const all = engine.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n')
    const families = [...all.matchAll(/`([\w.]+)\$\{/g)].map(([, start]) => start!)
    const unsaid = Object.keys(SAYINGS).filter(
      (code) => !all.includes(`'${code}'`) && !families.some((start) => code.startsWith(start)),
    )
    expect(unsaid).toEqual([])
  })

  test('what long work is at is said in both languages', () => {
    const stage = say('work.partOf', { place: 2, all: 3, what: say('work.rendering', { place: 1200, all: 2000 }) })
    expect(inEnglish(stage)).toBe('2 of 3: Rendering picture 1200 of 2000')
    expect(inEnglish('large.onnx')).toBe('large.onnx')
    useLanguage.setState({ language: 'de' })
    expect(reasonWords({ reason: inEnglish(stage), said: stage })).toBe('2 von 3: Bild 1.200 von 2.000 entsteht')
  })

  test('slots are filled and plurals follow the count', () => {
    expect(t('jobs.failed', { count: 1 })).toBe('1 job failed')
    expect(t('jobs.failed', { count: 12_000 })).toBe('12,000 jobs failed')
    useLanguage.setState({ language: 'de' })
    expect(t('jobs.failed', { count: 1 })).toBe('1 Auftrag fehlgeschlagen')
    expect(t('jobs.failed', { count: 12_000 })).toBe('12.000 Aufträge fehlgeschlagen')
    useLanguage.setState({ language: 'pseudo' })
    expect(t('jobs.failed', { count: 2 })).toMatch(/^2 jöbš .*~/)
  })
})
