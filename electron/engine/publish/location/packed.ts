/** Positions in the files of an archive. They are found, not removed: nothing is written into what somebody packed. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { openSource } from '../../import/source.ts'
import { readZipDirectory } from '../../import/reading/zip-archive.ts'
import { isContent, unpackEntry } from '../../import/reading/zip-unpack.ts'

export const ARCHIVE = /\.zip$/i

/**
 * The first of its files that tells of a place. One at a time is unpacked beside, so that a film in it is looked at as any
 * other is, and an archive needs no more room than its largest file.
 * @param mayTell Whether a file of that name is worth a look.
 * @throws AsterismError `corrupt_file`, `unsupported_format` where a file cannot be unpacked: nothing is known of it then.
 */
export async function findPackedLocation(
  path: string,
  mayTell: (name: string) => boolean,
  look: (path: string) => Promise<Saying | null>,
): Promise<Saying | null> {
  const source = await openSource(path)
  const folder = await mkdtemp(join(tmpdir(), 'asterism-location-'))
  try {
    for (const entry of (await readZipDirectory(source)).values()) {
      if (!isContent(entry) || !mayTell(entry.name)) continue
      // Of its name only what says which kind of file it is: the rest could lead anywhere.
      const file = join(folder, `file${extname(entry.name).replace(/[^.\w]/g, '')}`)
      await unpackEntry(source, entry, file, new AbortController().signal)
      const location = await look(file)
      await rm(file)
      if (location !== null) return say('check.location.packed', { name: entry.name, location })
    }
    return null
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
