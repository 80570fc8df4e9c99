import { policyNamed } from '../chain/chain-policies.ts'
import { fileMintJournal } from '../chain/mint-journal.ts'
import { listPending } from '../chain/pending.ts'
import { takeSigned } from '../chain/offline-signing.ts'
import { listNetworks, nameNodes } from '../chain/networks.ts'
import { practiceStatus, stopPracticeNetwork, type PracticeStatus } from '../chain/practice-network.ts'
import type { PracticeAnswer } from '../../../shared/contract/answers.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { readNamedFile } from '../named-file.ts'
import type { Session } from '../session.ts'
import { implementer } from './implementer.ts'

/** One of ours takes a few thousand bytes. */
const LARGEST_SIGNED_BYTES = 1 << 20

async function signedIn(path: string): Promise<unknown> {
  const text = (await readNamedFile(path, LARGEST_SIGNED_BYTES, say('file.longKind'))).toString('utf8')
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new AsterismError('corrupt_file', say('elsewhere.notSigned'), { path })
  }
}

const asAnswer = (status: PracticeStatus): PracticeAnswer => ({ ...status, contracts: { ...status.contracts } })

export function chainProcedures(session: Session) {
  const home = session.options.home
  return {
    practice: implementer.chain.practice.handler(async () => asAnswer(await practiceStatus(home))),
    practiceStop: implementer.chain.practiceStop.handler(async ({ signal }) =>
      asAnswer(await stopPracticeNetwork({ home, signal })),
    ),
    networks: implementer.chain.networks.handler(async () => ({ networks: await listNetworks(home) })),
    nameNodes: implementer.chain.nameNodes.handler(async ({ input: { network, urls, quorum }, signal }) => {
      const over = signal ?? new AbortController().signal
      await nameNodes({
        home,
        networkId: network,
        urls,
        quorum,
        async agree({ title, main: isMain }, origins, least) {
          const { askWallet } = session.options.host
          if (!askWallet) {
            throw new AsterismError('wallet_locked', say('nodes.noPage'), {
              fix: say('nodes.fix.byHand'),
            })
          }
          return (await askWallet({ kind: 'nodes', network: title, origins, quorum: least, isMain }, over)) !== null
        },
        signal: over,
      })
      return { networks: await listNetworks(home) }
    }),
    takeSigned: implementer.chain.takeSigned.handler(async ({ input, signal }) => {
      const { network, account } = await takeSigned(home, await signedIn(session.files.resolve(input.file)), signal)
      return { network, account }
    }),
    pending: implementer.chain.pending.handler(async ({ input }) => ({
      pending: await listPending(fileMintJournal(home), policyNamed(input.network).chainId),
    })),
  }
}
