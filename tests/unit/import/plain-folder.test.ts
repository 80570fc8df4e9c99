import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe as suite, expect, test } from 'vitest'
import { recordingsAt } from '../../../electron/engine/work/plain-folder.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { withFolder } from '../../fixtures/import/context.ts'

const PLY =
  'ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nproperty float y\nproperty float z\nend_header\n0 0 0\n'
const CAPTURE = { 'odometry.csv': 'timestamp, frame', 'camera_matrix.csv': '1, 0, 0', 'depth/000000.png': 'x' }

/** What of a folder of these files is imported, and what is said of the rest. */
async function taken(
  files: Readonly<Record<string, string>>,
  arrange: (folder: string) => Promise<void> = () => Promise.resolve(),
) {
  return withFolder(async (folder) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), content)
    }
    await arrange(folder)
    const refused: { code: string; message: string }[] = []
    const recordings = await recordingsAt([folder], new AbortController().signal, (error) => {
      if (!(error instanceof AsterismError)) throw error
      refused.push({ code: error.code, message: error.message })
    })
    return { recordings: recordings.map((path) => path.slice(folder.length)), refused }
  })
}

const prefixed = (prefix: string) =>
  Object.fromEntries(Object.entries(CAPTURE).map(([name, content]) => [`${prefix}${name}`, content]))

suite('a folder that is handed in', () => {
  test('gives its recordings, edits and broken files, and names what is none of them once', async () => {
    const answer = await taken({
      'DCIM/b.ply': PLY,
      'DCIM/b.THM': 'preview',
      'a.vtt': 'WEBVTT',
      'notes.txt': 'hello',
      'DCIM/more.txt': 'hello',
      'empty.wav': '',
      'overwritten.mp4': 'hello',
      '.hidden/c.ply': PLY,
    })
    expect(answer.recordings).toEqual(['/DCIM/b.ply', '/a.vtt', '/empty.wav', '/overwritten.mp4'])
    expect(answer.refused).toEqual([
      { code: 'unsupported_format', message: 'Left out, for no importer knows them: DCIM/more.txt, notes.txt.' },
    ])
  })

  test('is the capture that it holds, one folder further in too', async () => {
    expect((await taken(CAPTURE)).recordings).toEqual([''])
    expect((await taken(prefixed('export/'))).recordings).toEqual([''])
  })

  test('does not lose what lies beside a capture, nor a second one', async () => {
    const beside = await taken({ ...prefixed('phone/'), 'camera.ply': PLY })
    expect(beside.recordings).toEqual(['/camera.ply', '/phone'])
    const two = await taken({ ...prefixed('one/'), ...prefixed('two/') })
    expect(two.recordings).toEqual(['/one', '/two'])
  })

  test('without any recording stands for itself, so that it is refused as a whole', async () => {
    expect(await taken({ 'a/notes.txt': 'hello' })).toEqual({ recordings: [''], refused: [] })
  })

  test('gives what can be read beside names that are no text, links that lead nowhere or out, and says so', async () => {
    const { recordings, refused } = await taken({ 'a.ply': PLY, 'in/b.ply': PLY }, async (folder) => {
      await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0x2e, 0x70])]), PLY)
      await mkdir(Buffer.concat([Buffer.from(`${folder}/in/`), Buffer.from([0xfe])]))
      await mkdir(join(folder, 'lost+found'))
      await symlink('nowhere.ply', join(folder, 'dangling.ply'))
      await symlink('/etc/hostname', join(folder, 'out.ply'))
      await symlink('/nowhere', join(folder, '.hidden'))
    })
    expect(recordings).toEqual(['/a.ply', '/in/b.ply'])
    expect(refused.map(({ message }) => message).toSorted()).toEqual([
      expect.stringMatching(/link that leads out/),
      expect.stringMatching(/UTF-8/),
      expect.stringMatching(/UTF-8/),
      expect.stringMatching(/no such file/),
    ])
  })

  test('of more than a thousand files is refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`${n}.ply`, PLY]))
    expect(await taken(many)).toMatchObject({ recordings: [], refused: [{ code: 'too_large' }] })
  })
})
