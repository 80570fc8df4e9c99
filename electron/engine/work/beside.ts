/**
 * What lies beside a film and belongs to it: under its name, as `sync` understands names, or as the next part or the other lens of
 * the same recording. Whoever imported the film alone is told of it; nothing comes in that nobody asked for.
 */
import { readdir } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { goesBy } from '../align/time/sidecar.ts'
import { importers } from '../import/index.ts'
import { isEdit } from './import-edit.ts'
import { PREVIEWS } from './plain-folder.ts'

export interface Companion {
  readonly path: string
  /** The film that it belongs to. */
  readonly of: string
}

/** Names of which all that is in brackets is the same for the parts of one recording. */
const PARTS = [
  // GoPro: chapter, then number.
  /^(G[HXS])\d\d(\d{4}\.)(?:mp4|360)$/i,
  // Insta360: the front lens and the back one.
  /^(VID_\d{8}_\d{6})_(?:00|10)(_\d{3}\.)insv$/i,
]
/** More are a folder of everything rather than companions. */
const MOST = 50

function recordingOf(name: string): string | undefined {
  for (const pattern of PARTS) {
    const match = pattern.exec(name)
    if (match) return match.slice(1).join('').toLowerCase()
  }
  return undefined
}

/** Still pictures under a film's name are its previews. */
function canCome(name: string): boolean {
  const extension = extname(name).slice(1).toLowerCase()
  if (isEdit(name)) return true
  return importers.some(({ id, extensions }) => id !== 'image' && extensions.includes(extension))
}

function belongs(film: string, name: string): boolean {
  if (name === film || name.startsWith('.') || PREVIEWS.test(name) || !canCome(name)) return false
  const recording = recordingOf(film)
  return goesBy({ name: film }, { name }) || (recording !== undefined && recording === recordingOf(name))
}

/** @param films Paths of files. @param known What came in or was refused already. */
export async function companionsOf(films: readonly string[], known: ReadonlySet<string>): Promise<Companion[]> {
  const found = new Map<string, Companion>()
  const names = new Map<string, Promise<string[]>>()
  const namesIn = async (folder: string): Promise<string[]> => {
    const listed = await readdir(folder, { withFileTypes: true }).catch(() => [])
    return listed.filter((entry) => entry.isFile()).map(({ name }) => name)
  }
  for (const film of films) {
    const folder = dirname(film)
    const listed = names.get(folder) ?? namesIn(folder)
    names.set(folder, listed)
    for (const name of await listed) {
      const path = join(folder, name)
      if (!known.has(path) && !found.has(path) && belongs(basename(film), name)) found.set(path, { path, of: film })
    }
  }
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1)).slice(0, MOST)
}
