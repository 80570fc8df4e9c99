/** Words of a file may be those that every object of the language answers to: they mean no more than any other word. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describe } from '../../../electron/engine/import/describe.ts'
import { rosReader } from '../../../electron/engine/import/messages/ros-messages.ts'
import { xmlWords } from '../../../electron/engine/import/reading/xml-tags.ts'
import { licenceUrl } from '../../../electron/engine/publish/formats/licences.ts'
import { mediaTypeOf } from '../../../electron/engine/publish/formats/media-types.ts'
import { readOtio } from '../../../electron/engine/publish/formats/otio-read.ts'
import { importContext, withFolder } from '../../fixtures/import/context.ts'
import { tcx } from '../../fixtures/import/track-fixtures.ts'

const WORDS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']

const read = (name: string, content: string) =>
  withFolder(async (folder) => {
    await writeFile(join(folder, name), content)
    return (await describe(join(folder, name), await importContext({ withTools: false }))).asset
  })

const ply = (format: string, type: string, list = 'list uchar int') =>
  `ply\nformat ${format} 1.0\nelement vertex 1\nproperty ${type} x\nproperty float y\nproperty float z\n` +
  `element face 1\nproperty ${list} vertex_indices\nend_header\n1 2 3\n3 0 0 0\n`

const gltf = (type: string) =>
  JSON.stringify({
    asset: { version: '2.0' },
    buffers: [{ byteLength: 36, uri: `data:;base64,${Buffer.alloc(36).toString('base64')}` }],
    bufferViews: [{ buffer: 0, byteLength: 36 }],
    accessors: [{ bufferView: 0, componentType: 5126, count: 3, type }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
    nodes: [{ mesh: 0 }],
    scenes: [{ nodes: [0] }],
  })

test.each(WORDS)('%s is a word like any other', async (word) => {
  const track = tcx()
  const point = '<Trackpoint>'
  expect(track).toContain(point)
  const strange = track.replaceAll(point, `${point}<${word}>1</${word}>`)
  expect(await read('a.tcx', strange), 'a tag').toMatchObject({ streams: (await read('a.tcx', track)).streams })
  expect(xmlWords(`a &${word}; &amp;`), 'an entity').toBe(`a &${word}; &`)
  await expect(read('a.ply', ply(word, 'float')), 'an encoding').rejects.toMatchObject({ code: 'unsupported_format' })
  for (const content of [ply('ascii', word), ply('ascii', 'float', `list ${word} int`)])
    await expect(read('a.ply', content), 'a type').rejects.toMatchObject({ code: 'corrupt_file' })
  await expect(read('a.gltf', gltf(word)), 'an element').rejects.toMatchObject({ code: 'corrupt_file' })
  expect(rosReader(word, 'cdr'), 'a message').toBeUndefined()
  const edit = JSON.stringify({ OTIO_SCHEMA: `${word}.1`, tracks: [] })
  expect(() => readOtio(edit), 'a schema').toThrow(`${word}.1`)
  expect(mediaTypeOf(`a.${word}`), 'an extension').toBe('application/octet-stream')
  expect(licenceUrl(word), 'a licence').toBe(`https://spdx.org/licenses/${word}.html`)
})
