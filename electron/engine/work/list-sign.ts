import {
  wantedContent,
  type FingerprintContent,
  type ListKind,
  type SignedList,
} from '../../../shared/contract/lists.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { signList } from '../lists/signed-list.ts'
import { OriginalityLibrary } from '../originality/library.ts'
import { packPrints, PRINTS_VERSION } from '../originality/prints.ts'
import { writeNewFile } from '../publish/export/whole-file.ts'
import { WANTED_LIMITS } from '../../../shared/stars/wanted/wanted-list.ts'
import { readNamedFile } from '../named-file.ts'
import { openSessionSigner } from './open-signer.ts'
import type { Work } from './registry.ts'

interface Prepared {
  kind: ListKind
  content: string | null
  network: string
  account: string | null
  out: string
}

/** Signs a list to be handed out: what a lab wants, or the works that were minted on this machine. */
export const listSignWork: Work<'listSign', Prepared> = {
  kind: 'listSign',
  lane: 'main',
  resumesByItself: false,
  prepare: ({ content, out, ...input }, session) => ({
    ...input,
    content: content === null ? null : session.files.resolve(content),
    out: session.files.resolve(out),
  }),
  title: ({ kind }) => (kind === 'wanted' ? 'Sign a wanted list' : 'Sign the list of minted works'),
  async run({ kind, content: path, network, account, out }, session, { signal }) {
    const content = kind === 'wanted' ? await wantedIn(path) : mintedHere(session.options.home)
    const signer = await openSessionSigner(session, network, account)
    try {
      const list = await signList(kind, content, network, signer, signal)
      await writeNewFile(out, Buffer.from(`${JSON.stringify(list, null, 2)}\n`))
      return { path: out, kind, issuer: list.issuer, title: list.content.title }
    } finally {
      await signer.close()
    }
  },
}

async function wantedIn(path: string | null): Promise<SignedList['content']> {
  if (path === null) throw new AsterismError('bad_input', say('list.needsFile'))
  const text = (await readNamedFile(path, WANTED_LIMITS.bytes, say('list.tooLong'))).toString('utf8')
  try {
    const parsed = wantedContent.safeParse(JSON.parse(text))
    if (parsed.success) return parsed.data
    const [issue] = parsed.error.issues
    throw new AsterismError(
      'bad_input',
      say('list.issue', { where: issue?.path.join('.') ?? '', what: issue?.message ?? '' }),
      {
        path,
      },
    )
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AsterismError('corrupt_file', say('file.notJson'), { path, cause: error })
    throw error
  }
}

function mintedHere(home: string): FingerprintContent {
  const library = new OriginalityLibrary(home)
  try {
    const works = library.ownMinted().map(({ title, tokenId, recordings }) => ({
      title,
      token_id: tokenId,
      recordings: recordings.map(({ sha256, title: name, prints }) => ({
        title: name,
        sha256,
        prints: Buffer.from(packPrints(prints)).toString('base64'),
      })),
    }))
    if (works.length === 0) throw new AsterismError('bad_input', say('list.nothingMinted'))
    return { title: 'Minted works', prints_version: PRINTS_VERSION, works }
  } finally {
    library.close()
  }
}
