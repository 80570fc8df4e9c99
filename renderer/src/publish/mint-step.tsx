import { useState } from 'react'
import { Coins, Layers, Network, ShieldCheck, Ticket, TriangleAlert, Wallet } from 'lucide-react'
import type { MintAnswer, PackAnswer } from '../../../shared/contract/answers.ts'
import { asEngineError, runJob } from '../../../shared/contract/client.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useRunning } from '../jobs/running-job.tsx'
import { AccountChoices } from '../ledger/account-choices.tsx'
import { ActDialog } from '../ledger/act-dialog.tsx'
import { feeWords, moneyWords } from '../ledger/ether.ts'
import { usePreferences } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { t } from '../i18n/text.ts'
import { networkTitle } from '../wallets/network-choice.tsx'
import { accountOn, PRACTICE, useWallets } from '../wallets/wallets-store.ts'
import { MintBatchDialog } from './mint-batch-dialog.tsx'
import { VoucherDialog } from './voucher-dialog.tsx'
import { SigningJob } from '../wallets/signing-job.tsx'
import { Receipt } from './receipt.tsx'
import '../ledger/ledger.css'

interface MintStepProps {
  readonly packed: PackAnswer | null
  readonly minted: MintAnswer | null
  /** The package was made anew since: what is minted is another one. */
  readonly isStale: boolean
  readonly royaltyBasisPoints: number
}

/** What a mint would cost, and of what: the answer counts where it was asked for. */
interface Price {
  readonly network: string
  readonly account: string | null
  readonly answer: MintAnswer
}

/** What else is asked for in a dialogue of its own. */
type MintDialog = 'voucher' | 'withdrawVouchers' | 'batch' | 'deploy'

/** Minting on whichever network the person looks at: practice first, and on a real network only what was priced there. */
export function MintStep({ packed, minted, isStale, royaltyBasisPoints }: MintStepProps) {
  const { host, client } = useEngine()
  const [price, setPrice] = useState<Price | null>(null)
  const [lacksContracts, setLacksContracts] = useState(false)
  const [asked, setAsked] = useState<MintDialog | null>(null)
  const { networks, network } = useWallets()
  const account = useWallets((state) => accountOn(state, network)?.address ?? null)
  const running = useRunning('mint')
  const busy = running !== undefined
  if (!packed) return <p className="muted">{t('mint.packageFirst')}</p>
  const isPractice = network === PRACTICE
  const known = networks.find(({ id }) => id === network)
  const title = known ? networkTitle(known) : network
  const isMinted = minted !== null && !isStale && minted.network === network
  // The practice network's account may come with the first answer.
  const isPriced = price?.network === network && (isPractice || price.account === account)
  const priced = isPriced ? price.answer : null
  const mint = async (dryRun: boolean): Promise<void> => {
    // The confirmation has an origin of its own; a browser opens it only inside a click. What is minted already is
    // only looked up: nothing will be signed.
    if (!dryRun && !isMinted) host.openConfirmation()
    setLacksContracts(false)
    try {
      const answer = await runJob(client, 'mint', { package: null, network, dryRun })
      setPrice(dryRun ? { network, account, answer } : null)
    } catch (error) {
      // Said where it can be mended.
      if (asEngineError(error).said?.what?.code === 'chain.noContracts') setLacksContracts(true)
      else showFailure(error)
    }
  }
  // Where it costs something, what it costs is seen before it is signed.
  const mayMint = isPractice || isMinted || (account !== null && priced !== null)
  const mintWords = isMinted ? t('mint.lookUp') : isPractice ? t('mint.mint') : t('mint.mintOn', { network: title })
  return (
    <>
      <p className="muted">{t(isPractice ? 'mint.what' : known?.main ? 'mint.whatMain' : 'mint.whatTest')}</p>
      <AccountChoices account={account} />
      <WalletLinks />
      {account === null && !isPractice ? <p className="muted">{t('mint.needsAccount', { network: title })}</p> : null}
      <div className="row">
        <button
          className={mayMint ? 'button' : 'button button--primary'}
          disabled={busy || (account === null && !isPractice)}
          onClick={() => void mint(true)}
        >
          {t('mint.cost')}
        </button>
        <button
          className={mayMint ? 'button button--primary' : 'button'}
          disabled={busy || !mayMint}
          onClick={() => void mint(false)}
        >
          {isPractice ? <Coins size={15} aria-hidden /> : <ShieldCheck size={15} aria-hidden />}{' '}
          {busy ? t('mint.minting') : mintWords}
        </button>
      </div>
      {running ? <SigningJob job={running} /> : null}
      {priced && !busy ? <PriceWords answer={priced} isPractice={isPractice} /> : null}
      {lacksContracts && !busy ? (
        <div className="card stack" role="status">
          <span>{t('mint.noContracts', { network: title })}</span>
          <button className="button" onClick={() => setAsked('deploy')}>
            {t('ledger.act.deploy')}
          </button>
        </div>
      ) : null}
      {minted ? (
        <Receipt minted={minted} explorer={networks.find(({ id }) => id === minted.network)?.explorer ?? null} />
      ) : null}
      <OtherWays hasVouchers={!isMinted} busy={busy} onAsk={setAsked} />
      {asked === 'batch' ? <MintBatchDialog onClose={() => setAsked(null)} /> : null}
      {asked === 'voucher' ? (
        <VoucherDialog royaltyBasisPoints={royaltyBasisPoints} onClose={() => setAsked(null)} />
      ) : null}
      {asked === 'withdrawVouchers' || asked === 'deploy' ? (
        <ActDialog
          request={{ kind: asked }}
          network={network}
          account={account}
          onClose={() => setAsked(null)}
          onDone={() => setLacksContracts(false)}
        />
      ) : null}
    </>
  )
}

/** To the nodes of the network, and to all wallets. */
function WalletLinks() {
  return (
    <div className="row">
      <button
        className="button button--quiet"
        onClick={() => {
          useWallets.setState({ namingNodes: true })
          useSession.setState({ dialog: 'wallets' })
        }}
      >
        <Network size={14} aria-hidden /> {t('wallets.nodes')}
      </button>
      <button className="button button--quiet" onClick={() => useSession.setState({ dialog: 'wallets' })}>
        <Wallet size={14} aria-hidden /> {t('wallets.all')}
      </button>
    </div>
  )
}

interface OtherWaysProps {
  /** What is minted already is offered by no voucher. */
  readonly hasVouchers: boolean
  readonly busy: boolean
  readonly onAsk: (dialog: MintDialog) => void
}

/** Minting by a buyer, who pays for it, and of several packages at once. */
function OtherWays({ hasVouchers, busy, onAsk }: OtherWaysProps) {
  return (
    <>
      {hasVouchers ? (
        <>
          <h3>{t('voucher.title')}</h3>
          <p className="muted">{t('voucher.what')}</p>
          <div className="row">
            <button className="button" disabled={busy} onClick={() => onAsk('voucher')}>
              <Ticket size={15} aria-hidden /> {t('voucher.make')}
            </button>
            <button className="button" disabled={busy} onClick={() => onAsk('withdrawVouchers')}>
              {t('ledger.act.withdrawVouchers')}
            </button>
          </div>
        </>
      ) : null}
      <h3>{t('batch.title')}</h3>
      <div className="row">
        <button className="button" disabled={busy} onClick={() => onAsk('batch')}>
          <Layers size={15} aria-hidden /> {t('batch.mint')}
        </button>
      </div>
    </>
  )
}

/** Of the first mint with the collection that it makes: both are paid. */
function PriceWords({ answer, isPractice }: { readonly answer: MintAnswer; readonly isPractice: boolean }) {
  const rate = usePreferences(({ etherRate }) => (isPractice ? null : etherRate))
  if (answer.already_minted) {
    return (
      <p className="num" role="status">
        {t('mint.already')}
      </p>
    )
  }
  const words = ({ gas_used: gas, fee_wei: fee }: { gas_used: number; fee_wei: string }) => ({
    gas,
    fee: `${feeWords(fee)}${moneyWords(fee, rate)}`,
  })
  return (
    <div role="status">
      <p className="num">{t(isPractice ? 'mint.price' : 'ledger.fee', words(answer))}</p>
      {answer.collection ? <p className="num">{t('mint.collectionPrice', words(answer.collection))}</p> : null}
      {isPractice ? null : (
        <p className="ledger__line ledger__warning">
          <TriangleAlert size={14} aria-hidden /> <span>{t('mint.final')}</span>
        </p>
      )}
    </div>
  )
}
