import { useState } from 'react'
import { ShieldCheck } from 'lucide-react'
import type { MintBatchAnswer } from '../../../shared/contract/answers.ts'
import { t } from '../i18n/text.ts'
import { RunningJob, useRunning } from '../jobs/running-job.tsx'
import { feeWords, moneyWords } from '../ledger/ether.ts'
import { FileBrowser } from '../library/file-browser.tsx'
import { useEngine } from '../state/engine-context.ts'
import { usePreferences } from '../state/preferences.ts'
import { notify } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { withoutDots } from '../ui/format.ts'
import { networkTitle } from '../wallets/network-choice.tsx'
import { PRACTICE, useWallets } from '../wallets/wallets-store.ts'
import { ShowConfirmation } from '../wallets/show-confirmation.tsx'

/** Several packages that lie on this machine, in one transaction: all of them, or none. */
export function MintBatchDialog({ onClose }: { readonly onClose: () => void }) {
  const { host, run } = useEngine()
  const { networks, network } = useWallets()
  const known = networks.find(({ id }) => id === network)
  const rate = usePreferences(({ etherRate }) => (network === PRACTICE ? null : etherRate))
  const [packages, setPackages] = useState<readonly string[] | null>(null)
  const [price, setPrice] = useState<MintBatchAnswer | null>(null)
  const running = useRunning('mintBatch')

  const start = async (tokens: readonly string[], dryRun: boolean): Promise<void> => {
    // A browser opens the window of the confirmation only inside a click.
    if (!dryRun) host.openConfirmation()
    const answer = await run('mintBatch', { packages: [...tokens], network, dryRun })
    // What cannot be minted is chosen otherwise.
    if (dryRun) return answer ? setPrice(answer) : setPackages(null)
    if (!answer) return
    notify({ kind: 'success', title: t('batch.minted', { count: answer.works.length }) })
    onClose()
  }
  const choose = (tokens: readonly string[]): void => {
    if (tokens.length < 2) return notify({ kind: 'info', title: t('batch.several') })
    setPackages(tokens)
    setPrice(null)
    void start(tokens, true)
  }
  return (
    <Dialog open title={withoutDots(t('batch.mint'))} className="import" onClose={onClose}>
      <p className="muted">{t('batch.what', { network: known ? networkTitle(known) : network })}</p>
      {packages === null ? (
        <FileBrowser title={t('batch.mint')} takeLabel={t('mint.cost')} onTake={choose} />
      ) : (
        <>
          {price ? (
            <p className="num" role="status">
              {price.already_minted
                ? t('mint.already')
                : t('batch.price', {
                    count: price.works.length,
                    gas: price.gas_used,
                    fee: `${feeWords(price.fee_wei)}${moneyWords(price.fee_wei, rate)}`,
                  })}
            </p>
          ) : null}
          {running ? <RunningJob job={running} /> : null}
          <div className="row">
            <button className="button" disabled={running !== undefined} onClick={() => setPackages(null)}>
              {t('batch.others')}
            </button>
            <span className="spacer" />
            {running ? (
              <ShowConfirmation />
            ) : (
              <button
                className="button button--primary"
                disabled={!price || price.already_minted}
                onClick={() => void start(packages, false)}
              >
                <ShieldCheck size={15} aria-hidden /> {t('ledger.goOn')}
              </button>
            )}
          </div>
        </>
      )}
    </Dialog>
  )
}
