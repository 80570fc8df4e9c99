/** Film files and folders made of what lies in recordings: beside the project's other caches, and made again where they are gone. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { MediaTools } from '../../media/tools.ts'
import type { ImportSource, MediaPart } from '../importer.ts'

let ofThisProcess: string | undefined

/** Where no project is open: gone when the program ends. */
function temporaryFolder(): string {
  if (ofThisProcess === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'asterism-films-'))
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    ofThisProcess = folder
  }
  return ofThisProcess
}

const making = new Map<string, Promise<void>>()

/** The film of a stream; `write` makes it under the path it is given, whole or not at all. */
export function derivedFilm(
  source: ImportSource,
  streamIndex: number,
  tools: MediaTools,
  write: (path: string) => Promise<void>,
): MediaPart {
  return derivedPart(source, `${streamIndex}.mp4`, tools, write)
}

/** A file or folder made of a recording. */
export function derivedPart(
  source: ImportSource,
  name: string,
  tools: MediaTools,
  write: (path: string) => Promise<void>,
): Required<MediaPart> {
  const hash = createHash('sha256').update(`1 ${source.path} ${source.byteLength} `).update(source.head)
  if (source.packed) hash.update(JSON.stringify(source.packed))
  const path = join(tools.filmFolder ?? temporaryFolder(), `${hash.digest('hex').slice(0, 32)}-${name}`)
  const make = async (): Promise<void> => {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (isThere) return
    await mkdir(dirname(path), { recursive: true })
    await write(path)
  }
  return {
    path,
    make: async () => {
      const pending = making.get(path) ?? make().finally(() => making.delete(path))
      making.set(path, pending)
      await pending
    },
  }
}
