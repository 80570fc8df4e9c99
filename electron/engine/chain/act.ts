/**
 * Performs an act until it is in a final block, exactly once, whatever happens in between; uses the journal of mints.
 */
import { keccak256 } from 'ethers'
import type { ActAnswer, ChainAct } from '../../../shared/contract/chain-acts.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Wording, type Reason } from '../../../shared/sayings/saying.ts'
import type { ActCall, ActPlan, ActScene } from './act-plan.ts'
import { planAct } from './act-plans.ts'
import { waitForAccount } from './account-lock.ts'
import { requireContracts } from './deployment.ts'
import { dryRun } from './dry-run.ts'
import { firstBlockOf } from './ledger/first-block.ts'
import { followMined, settleStep, type Step, type StepContext } from './journalled-transaction.ts'
import { fileMintJournal, type MintJournal } from './mint-journal.ts'
import { openNetwork, recordContracts, type Network } from './networks.ts'
import type { PackageMetadata } from './package-metadata.ts'
import type { ChainSigner } from './chain-signer.ts'
import type { Receipt } from './token-lookup.ts'

export interface ActOptions {
  readonly home: string
  readonly networkId: string
  readonly signer: ChainSigner
  readonly act: ChainAct
  /** Only estimates the cost; uses no key. */
  readonly dryRun: boolean
  readonly journal?: MintJournal
  /** Metadata of the work, if the caller has them. */
  readonly metadata?: PackageMetadata | null
  readonly signal?: AbortSignal
  readonly onProgress?: (fraction: number, stage: Wording) => void
  /** What to know before it is signed. */
  readonly onWarning?: (reason: string) => void
}

/** @throws AsterismError as planAct and settleStep do. */
export async function performAct(options: ActOptions): Promise<ActAnswer> {
  const network = await openNetwork(options.home, options.networkId, options.signal)
  if (options.act.act !== 'deploy') await requireContracts(network, options.signal)
  const answer = await performOn(network, options)
  if (options.act.act === 'deploy' && !options.dryRun) await recordDeployed(options.home, network, options.signal)
  return answer
}

/** Of a node that keeps few states, just after the deployment is when it knows. */
async function recordDeployed(home: string, network: Network, signal: AbortSignal | undefined): Promise<void> {
  if (network.policy.practice) return
  const block = await firstBlockOf(network, signal)
  if (block !== null && block !== network.contractsSince) await recordContracts(home, network.id, block)
}

async function performOn(network: Network, options: ActOptions): Promise<ActAnswer> {
  const { home, signer, act, signal, onProgress, journal = fileMintJournal(home) } = options
  const scene: ActScene = { network, account: signer.address, signal, metadata: options.metadata ?? null }
  const context = { network, journal, signer, signal, onProgress }
  onProgress?.(0.1, say('stage.lookingAtChain'))
  if (options.dryRun) {
    const plan = await planAct(act, scene)
    if (await plan.isDone?.()) return answerOf(options, plan, { already_done: true })
    const told = await toldOf(plan, scene)
    const { gasUsed, gasPriceWei } = await dryRun(network, signer.address, plan.calls, signal)
    const gas = gasUsed.reduce((sum, each) => sum + each, 0n)
    return answerOf(options, plan, { gas_used: Number(gas), fee_wei: String(gas * gasPriceWei), ...told })
  }
  const lock = await waitForAccount(home, network.policy.chainId, signer.address, signal)
  try {
    // Planned under the lock, because another process may have done part of it in the meantime.
    let plan = await planAct(act, scene)
    if (plan.calls.length === 0) {
      // It is done by what may be in the latest block alone.
      const { contract, tokenId } = plan
      await followMined({ contract: contract ?? '', tokenId }, { ...context, onStage: () => undefined })
      plan = await planAct(act, scene)
    }
    const underWay = await isUnderWay(stepsOf(network, signer.address, plan), journal)
    if (!underWay && (await plan.isDone?.())) return answerOf(options, plan, { already_done: true })
    const told: Told = underWay ? { terms: [], warnings: [] } : await toldOf(plan, scene)
    for (const { reason } of told.warnings) options.onWarning?.(reason)
    const settle = async (): Promise<ActAnswer> => {
      const steps = stepsOf(network, signer.address, plan).map((step) => ({
        ...step,
        told: [...told.terms, ...told.warnings],
      }))
      const { paidIn = () => Promise.resolve(null) } = plan.payment ?? {}
      return answerOf(options, plan, { ...(await settleAll(steps, context, paidIn)), ...told })
    }
    const answer = await settle()
    if (!underWay || !plan.isDone) return answer
    // What an earlier run left may have been settled long ago, and undone since.
    plan = await planAct(act, scene)
    return (await plan.isDone?.()) ? answer : await settle()
  } finally {
    lock.release()
  }
}

interface Told {
  readonly terms: Reason[]
  readonly warnings: Reason[]
}

/** What to show before signing. @throws AsterismError `conflict` for the metadata of another work. */
async function toldOf(plan: ActPlan, { metadata }: ActScene): Promise<Told> {
  if (metadata && metadata.tokenId !== plan.tokenId) {
    throw new AsterismError('conflict', say('chain.otherMetadata'), { kept: say('kept.nothingSigned') })
  }
  return { terms: [...((await plan.terms?.()) ?? [])], warnings: [...((await plan.warnings?.()) ?? [])] }
}

async function isUnderWay(steps: readonly Step[], journal: MintJournal): Promise<boolean> {
  for (const { key } of steps) {
    const entry = await journal.find(key)
    if (entry && entry.rawTransaction !== null && entry.stage !== 'final') return true
  }
  return false
}

type ActContext = Omit<StepContext, 'onStage'> & Pick<ActOptions, 'onProgress'>

/** Sends them one after the other. Returns the total cost and the last transaction. */
async function settleAll(
  steps: readonly Step[],
  { onProgress, ...context }: ActContext,
  paidIn: (receipt: Receipt) => Promise<bigint | null>,
): Promise<Pick<ActAnswer, 'transaction' | 'gas_used' | 'fee_wei' | 'paid_out_wei'>> {
  let [gas, fee] = [0n, 0n]
  let last: Receipt | null = null
  for (const [n, step] of steps.entries()) {
    const onStage: StepContext['onStage'] = (stage) => onProgress?.((n + 0.5) / steps.length, say(`stage.${stage}`))
    const receipt = await settleStep(step, { ...context, onStage })
    gas += receipt.gasUsed
    fee += receipt.feeWei
    last = receipt
  }
  const paid = last && (await paidIn(last))
  return {
    paid_out_wei: paid === null ? null : String(paid),
    transaction: last?.hash ?? null,
    gas_used: Number(gas),
    fee_wei: String(fee),
  }
}

const stepsOf = (network: Network, account: string, plan: ActPlan): Step[] =>
  plan.calls.map((call) => stepOf(network, account, plan, call))

function stepOf(network: Network, account: string, { contract, tokenId }: ActPlan, call: ActCall): Step {
  const { to, data, valueWei = 0n, creator } = call
  return {
    key: `${network.policy.chainId}:${account}:${to}:${keccak256(data)}:${valueWei}`,
    contract: contract ?? to,
    tokenId,
    call: { to, data, valueWei },
    repeats: true,
    ...(creator && creator !== account ? { creator } : {}),
  }
}

function answerOf(
  { networkId, signer, act, dryRun: dry }: ActOptions,
  { contract, tokenId, calls, payment }: ActPlan,
  rest: Partial<ActAnswer>,
): ActAnswer {
  const done = rest.already_done === true
  return {
    act: act.act,
    network: networkId,
    account: signer.address,
    contract,
    token_id: tokenId,
    transaction: null,
    gas_used: 0,
    fee_wei: '0',
    value_wei: String(done ? 0n : calls.reduce((sum, { valueWei = 0n }) => sum + valueWei, 0n)),
    already_done: false,
    dry_run: dry,
    terms: [],
    warnings: [],
    owed_wei: payment ? String(payment.owedWei) : null,
    paid_out_wei: done && payment ? '0' : null,
    ...rest,
  }
}
