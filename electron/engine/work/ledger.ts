import { mintAnswer, type MintAnswer } from '../../../shared/contract/answers.ts'
import { reportId } from '../../../shared/document/document.ts'
import type { JobInput } from '../../../shared/contract/jobs.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { collectionAddress } from '../chain/contracts.ts'
import { requireContracts } from '../chain/deployment.ts'
import { eventStoreOf } from '../chain/ledger/event-store.ts'
import { readLedger } from '../chain/ledger/ledger.ts'
import { openNetwork } from '../chain/networks.ts'
import { packedWorks, replacementsAmong } from '../originality/index.ts'
import type { Session } from '../session.ts'
import { openSessionSigner } from './open-signer.ts'
import type { Work } from './registry.ts'

/** Reads only: it needs no key, and may be done again by itself. */
export const ledgerWork: Work<'ledger', JobInput<'ledger'>> = {
  kind: 'ledger',
  lane: 'main',
  resumesByItself: true,
  prepare: (input) => input,
  title: ({ network }) => `What became of the works on ${network}`,
  about: ({ network }) => ({ subject: network }),
  async run({ network: networkId, account }, session, { signal, progress }) {
    const store = eventStoreOf(session.requireProject().database)
    const address = await accountOf(session, networkId, account)
    const network = await openNetwork(session.options.home, networkId, signal)
    await requireContracts(network, signal)
    const collections = new Set(address === null ? [] : [collectionAddress(address)])
    const minted = mintedIn(session, networkId)
    if (minted) collections.add(minted)
    const answer = await readLedger({
      network,
      store,
      collections: [...collections],
      account: address,
      signal,
      onProgress: progress,
    })
    const { titles, versions } = packedIn(session)
    const replacedBy = replacementsAmong(versions, new Set(answer.works.map(({ token_id: id }) => id)))
    const works = answer.works.map((work) => ({
      ...work,
      title: titles.get(work.token_id) ?? null,
      replaced_by: replacedBy.get(work.token_id) ?? null,
    }))
    return { ...answer, works }
  },
}

/** Whose ledger it is; null when there is no wallet for this network. Opens none. */
async function accountOf(session: Session, network: string, account: string | null): Promise<string | null> {
  try {
    return (await openSessionSigner(session, network, account)).address
  } catch (error) {
    if (account === null && error instanceof AsterismError && error.code === 'not_found') return null
    throw error
  }
}

function mintOf(session: Session): MintAnswer | null {
  const report = session.document.get(reportId('mint'))
  return report?.kind === 'report' ? (mintAnswer.safeParse(report.data).data ?? null) : null
}

/** The collection that this project was minted into. */
function mintedIn(session: Session, network: string): string | null {
  const minted = mintOf(session)
  return minted?.network === network ? minted.contract : null
}

/** Titles by token, of what was packed here and of this very project, and the versions of what was packed here. */
function packedIn(session: Session) {
  const { titles: packed, versions } = packedWorks(session.options.home)
  const titles = new Map(packed)
  const [minted, project] = [mintOf(session), session.document.get('project')]
  if (minted && project?.kind === 'project') titles.set(minted.token_id, project.title)
  return { titles, versions }
}
