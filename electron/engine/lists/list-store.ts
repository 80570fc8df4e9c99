/**
 * The lists that were taken in, as they were signed, one file each under `<home>/lists`; each is checked again when it is
 * read. Of one issuer, kind and title the newest counts.
 */
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { getAddress } from 'ethers'
import type { SignedList } from '../../../shared/contract/lists.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { because, say, type Saying } from '../../../shared/sayings/saying.ts'
import { makePrivateFolder, writeDurably } from '../chain/durable-file.ts'
import { OriginalityLibrary } from '../originality/library.ts'
import { PRINTS_VERSION, unpackPrints } from '../originality/prints.ts'
import { readNamedFile } from '../named-file.ts'
import { listId, verifyList } from './signed-list.ts'

const LARGEST_LIST_BYTES = 256 << 20

interface RefusedList {
  readonly id: string
  readonly path: string
  readonly reason: string
  readonly said?: Saying
}

export interface KeptLists {
  readonly lists: readonly SignedList[]
  readonly refused: readonly RefusedList[]
}

const folderOf = (home: string): string => join(home, 'lists')
const originOf = (id: string): string => `list:${id}`

/**
 * A list from a file, its signature checked.
 * @throws AsterismError `corrupt_file`, `too_large`, `not_found`, `unsupported_format` for prints of another version.
 */
export async function readList(path: string): Promise<SignedList> {
  const text = (await readNamedFile(path, LARGEST_LIST_BYTES, say('list.tooLong'))).toString('utf8')
  try {
    const list = verifyList(JSON.parse(text))
    if (list.kind === 'fingerprints') requireOwnPrints(list.content.prints_version)
    return list
  } catch (error) {
    if (error instanceof SyntaxError) throw new AsterismError('corrupt_file', say('list.none'), { path, cause: error })
    throw error
  }
}

/** Prints that were taken in another way look like ours and are like nothing: a list of them would seem to find nothing. */
function requireOwnPrints(version: number | undefined): void {
  if (version === PRINTS_VERSION) return
  const isNewer = version !== undefined && version > PRINTS_VERSION
  throw new AsterismError(
    'unsupported_format',
    version === undefined ? say('list.oldPrints') : say('list.otherPrints', { version, own: PRINTS_VERSION }),
    { fix: say(isNewer ? 'list.fix.update' : 'list.fix.signAnew'), kept: say('list.kept') },
  )
}

export async function keptLists(home: string): Promise<KeptLists> {
  const folder = folderOf(home)
  const names = await readdir(folder).catch(() => [])
  const lists: SignedList[] = []
  const refused: RefusedList[] = []
  for (const name of names.filter((each) => /^[0-9a-f]{16}\.json$/.test(each)).sort()) {
    const path = join(folder, name)
    try {
      lists.push(await readList(path))
    } catch (error) {
      const id = name.slice(0, -'.json'.length)
      refused.push({ id, path, ...(error instanceof AsterismError ? error.reason : because('disk.programUnreadable')) })
    }
  }
  return { lists, refused }
}

/**
 * Takes in a list: kept as a file, fingerprints into the index of known works under the list's own origin.
 * @throws AsterismError `conflict` for one that is older than what is here.
 */
export async function takeList(home: string, list: SignedList): Promise<void> {
  const id = listId(list)
  const { lists } = await keptLists(home)
  const earlier = lists.filter((each) => isSuccessor(each, list) && listId(each) !== id)
  if (earlier.some((each) => each.issued_at > list.issued_at)) {
    throw new AsterismError('conflict', say('list.newerHere'), {
      kept: say('kept.asItIs'),
    })
  }
  if (list.kind === 'fingerprints') merge(home, id, list)
  await makePrivateFolder(folderOf(home))
  await writeDurably(join(folderOf(home), `${id}.json`), `${JSON.stringify(list)}\n`)
  for (const each of earlier) await removeList(home, listId(each))
}

const isSuccessor = (a: SignedList, b: SignedList): boolean =>
  a.kind === b.kind && getAddress(a.issuer) === getAddress(b.issuer) && a.content.title === b.content.title

/** Forgets a list and every work that is known by it alone. */
export async function removeList(home: string, id: string): Promise<void> {
  const library = new OriginalityLibrary(home)
  try {
    library.forgetOrigin(originOf(id))
  } finally {
    library.close()
  }
  await rm(join(folderOf(home), `${id}.json`), { force: true })
}

/** @throws AsterismError `corrupt_file` for prints that are none: then nothing is taken in. */
function merge(home: string, id: string, { content }: Extract<SignedList, { kind: 'fingerprints' }>): void {
  const works = content.works.map((work) => ({
    id: `${originOf(id)}:${work.token_id.toLowerCase()}`,
    title: work.title,
    tokenId: work.token_id.toLowerCase(),
    recordings: work.recordings.map(({ title, sha256, prints }) => {
      const taken = unpackPrints(Buffer.from(prints, 'base64'))
      if (taken !== null) return { title, sha256, prints: taken }
      throw new AsterismError('corrupt_file', say('list.unreadablePrints', { title, work: work.title }), {
        kept: say('list.kept'),
        fix: say('list.fix.again'),
      })
    }),
  }))
  const library = new OriginalityLibrary(home)
  try {
    library.replaceOrigin(originOf(id), works)
  } finally {
    library.close()
  }
}
