/** The files of a package as they were measured, and what a document says of them held against that. */
import { addressOfTree, type ContentAddress } from '../content/unixfs.ts'
import { MANIFEST_NAME } from './manifest.ts'

export interface MeasuredFile {
  readonly address: ContentAddress
  readonly sha256: string
  readonly bytes: number
}

interface Place {
  readonly cid: string
  readonly bytes: number
  readonly isFolder: boolean
}

function* foldersAbove(path: string): Generator<number> {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) yield end
}

/** What lies at a path, a file or a folder; null where there is neither. Each folder is worked out once. */
export function placesIn(measured: ReadonlyMap<string, MeasuredFile>): (path: string) => Promise<Place | null> {
  const inside = new Map<string, { path: string; address: ContentAddress; bytes: number }[]>()
  for (const [path, { address, bytes }] of measured) {
    for (const end of foldersAbove(path)) {
      const folder = path.slice(0, end)
      const entries = inside.get(folder) ?? []
      entries.push({ path: path.slice(end + 1), address, bytes })
      inside.set(folder, entries)
    }
  }
  const known = new Map<string, Place>()
  return async (path) => {
    const file = measured.get(path)
    if (file !== undefined) return { cid: file.address.cid.toString(), bytes: file.bytes, isFolder: false }
    const entries = inside.get(path)
    if (entries === undefined) return null
    const place = known.get(path) ?? {
      cid: (await addressOfTree(entries)).cid.toString(),
      bytes: entries.reduce((sum, { bytes }) => sum + bytes, 0),
      isFolder: true,
    }
    known.set(path, place)
    return place
  }
}

/** Files that metadata.json has to name, by themselves or by their folder, and does not; and that it names one twice. */
export function unlinked(paths: Iterable<string>, links: readonly { readonly path: string }[]): string[] {
  const named = new Set(links.map((link) => link.path))
  const faults = named.size === links.length ? [] : ['names a file twice']
  for (const path of paths) {
    const isNamed = named.has(path) || [...foldersAbove(path)].some((end) => named.has(path.slice(0, end)))
    const speaksForItself = path.startsWith('preview/') || path === 'metadata.json' || path === MANIFEST_NAME
    if (!isNamed && !speaksForItself) faults.push(`does not name ${path}`)
  }
  return faults
}
