import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { readMovie } from '../../../electron/engine/publish/lossless/movie.ts'
import type { AsterismError } from '../../../shared/errors.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { loadFromWindow } from './window-modules.ts'

const { useLanguage } = await loadFromWindow('i18n/text')
const { failureWords } = await loadFromWindow('ui/saying-words')

const bytesOf = (...words: number[]) => Buffer.from(Uint32Array.from(words).buffer)
const GLB = 0x46546c67

afterEach(() => useLanguage.setState({ language: 'en' }))

test.each([
  [
    'a.glb',
    bytesOf(GLB, 2, 12_000, 0, 0x4e4f534a),
    'Its header says 12000 bytes; the file has 20. It was cut off.',
    'Ihr Kopf sagt 12.000 Bytes; die Datei hat 20. Sie wurde abgeschnitten.',
  ],
  [
    'a.usda',
    Buffer.from('#usda 1.0\ndef Mesh "Wall" {\n'),
    'Its USD layer cannot be read: It was cut off: a prim does not end.',
    'Ihre USD-Ebene ist nicht zu lesen: Sie wurde abgeschnitten: Ein Prim endet nicht.',
  ],
  [
    'a.bag',
    Buffer.concat([Buffer.from('#ROSBAG V2.0\n'), bytesOf(1 << 25)]),
    'Nothing in it can be used: a broken header.',
    'Nichts darin ist zu gebrauchen: ein beschädigter Kopf.',
  ],
])('what is wrong with %s is said in the language of the window', async (name, content, english, german) => {
  const refusal: unknown = await withFolder(async (folder) => {
    await writeFile(join(folder, name), content)
    return await describe(join(folder, name), await importContext({ withTools: false })).catch(
      (error: unknown) => error,
    )
  })
  expect(refusal).toMatchObject({ code: 'corrupt_file', message: english })
  useLanguage.setState({ language: 'de' })
  expect(failureWords(refusal as AsterismError).what).toBe(german)
})

test('why a recording cannot be cut without encoding is said in the language of the window', async () => {
  const refusal: unknown = await withFolder(async (folder) => {
    await writeFile(join(folder, 'a.mkv'), 'no movie')
    return await readMovie(join(folder, 'a.mkv')).catch((error: unknown) => error)
  })
  const english = 'This recording cannot be cut without encoding: only MP4 and QuickTime files can.'
  expect(refusal).toMatchObject({ code: 'unsupported_format', message: english })
  useLanguage.setState({ language: 'de' })
  expect(failureWords(refusal as AsterismError).what).toBe(
    'Diese Aufnahme lässt sich nicht ohne Kodieren schneiden: das geht nur mit MP4 und QuickTime.',
  )
})
