/** The files that croissant.json lists, held against those that are there. */
import { z } from 'zod'
import { mediaTypeOf } from '../formats/media-types.ts'
import { MANIFEST_NAME } from './manifest.ts'
import type { MeasuredFile } from './measured-files.ts'

export const CROISSANT_NAME = 'croissant.json'
/** Written after it, or it itself. */
const UNLISTED = new Set([CROISSANT_NAME, 'metadata.json', MANIFEST_NAME])

const distributionSchema = z.array(
  z.looseObject({
    contentUrl: z.string().optional(),
    contentSize: z.string().optional(),
    sha256: z.string().optional(),
    encodingFormat: z.string().optional(),
    includes: z.string().optional(),
  }),
)

/** A URL's path as the file name that it stands for; one that is malformed stands for itself. */
export function decoded(url: string): string {
  try {
    return decodeURIComponent(url)
  } catch (error) {
    if (error instanceof URIError) return url
    throw error
  }
}

/** Whether a pattern of ours takes a file: its own name, or `folder/*.ending`. */
function includesFile(pattern: string, path: string): boolean {
  const star = pattern.lastIndexOf('*')
  if (star < 0) return pattern === path
  const [folder, ending] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return path.startsWith(folder) && path.endsWith(ending) && !path.slice(folder.length).includes('/')
}

/** What the list says that is not so, one sentence each. */
export function croissantFileFaults(distribution: unknown, measured: ReadonlyMap<string, MeasuredFile>): string[] {
  const parsed = distributionSchema.safeParse(distribution)
  if (!parsed.success) return ['does not list files']
  const faults: string[] = []
  const listed = new Set<string>()
  for (const { contentUrl, contentSize, sha256, encodingFormat } of parsed.data) {
    if (contentUrl === undefined) continue
    const path = decoded(contentUrl)
    listed.add(path)
    const file = measured.get(path)
    if (file === undefined) faults.push(`names ${contentUrl}, which is not in the package`)
    else if (file.sha256 !== sha256 || (contentSize !== undefined && contentSize !== `${file.bytes} B`))
      faults.push(`names ${contentUrl} by another content`)
    else if (encodingFormat !== mediaTypeOf(path)) faults.push(`names ${contentUrl} as of another kind`)
  }
  const patterns = parsed.data.flatMap(({ includes }) => includes ?? [])
  for (const path of measured.keys()) {
    const isListed = listed.has(path) || UNLISTED.has(path) || patterns.some((each) => includesFile(each, path))
    if (!isListed) faults.push(`does not name ${path}`)
  }
  return faults
}
