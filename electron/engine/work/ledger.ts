import { mintAnswer } from '../../../shared/contract/answers.ts'
import { reportId } from '../../../shared/document/document.ts'
import type { JobInput } from '../../../shared/contract/jobs.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { collectionAddress } from '../chain/contracts.ts'
import { isDeployed } from '../chain/deployment.ts'
import { eventStoreOf } from '../chain/ledger/event-store.ts'
import { readLedger } from '../chain/ledger/ledger.ts'
import { openNetwork } from '../chain/networks.ts'
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
  async run({ network: networkId, account }, session, { signal, progress }) {
    const store = eventStoreOf(session.requireProject().database)
    const address = await accountOf(session, networkId, account)
    const network = await openNetwork(session.options.home, networkId, signal)
    if (!(await isDeployed(network.rpc, signal))) {
      throw new AsterismError('chain_refused', `The contracts of Asterism are not on ${network.policy.title}.`)
    }
    const collections = new Set(address === null ? [] : [collectionAddress(address)])
    const minted = mintedIn(session, networkId)
    if (minted) collections.add(minted)
    return await readLedger({
      network,
      store,
      collections: [...collections],
      account: address,
      signal,
      onProgress: progress,
    })
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

/** The collection that this project was minted into. */
function mintedIn(session: Session, network: string): string | null {
  const report = session.document.get(reportId('mint'))
  const parsed = report?.kind === 'report' ? mintAnswer.safeParse(report.data) : null
  return parsed?.success && parsed.data.network === network ? parsed.data.contract : null
}
