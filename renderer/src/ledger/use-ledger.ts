/** The ledger as it was read last, kept in the project so that it can be looked at without a network. */
import { useCallback, useEffect, useState } from 'react'
import { z } from 'zod'
import { ledgerAnswer } from '../../../shared/contract/chain-acts.ts'
import { engineAccess, showFailure, useHost } from '../state/engine-context.ts'
import { PRACTICE } from '../wallets/wallets-store.ts'

const keptSchema = z.object({ readAt: z.string(), answer: ledgerAnswer })
type KeptLedger = z.infer<typeof keptSchema>

export interface Ledger {
  readonly kept: KeptLedger | null
  /** Reads the chain; starts the practice network where that is meant. */
  refresh(): Promise<void>
}

/** @param account whose income is counted; null: the only wallet there is */
export function useLedger(network: string, account: string | null): Ledger {
  const host = useHost()
  const [kept, setKept] = useState<KeptLedger | null>(null)
  const key = `ledger:${network}:${account ?? 'own'}`

  const refresh = useCallback(async () => {
    const { client, run } = engineAccess(host)
    if (network === PRACTICE && (await run('practiceStart', {})) === null) return
    const answer = await run('ledger', { network, account })
    if (answer === null) return
    const value: KeptLedger = { readAt: new Date().toISOString(), answer }
    setKept(value)
    await client.view.set({ key, value }).catch(showFailure)
  }, [host, network, account, key])

  useEffect(() => {
    let current = true
    const open = async (): Promise<void> => {
      const { value } = await host.client.view.get({ key })
      if (current) setKept(keptSchema.safeParse(value).data ?? null)
      // Nothing is asked of a network unasked, but of the one on this machine.
      const isAtHand = network === PRACTICE && (await host.client.chain.practice()).running
      if (current && isAtHand) await refresh()
    }
    open().catch(showFailure)
    return () => {
      current = false
    }
  }, [host, network, key, refresh])

  return { kept, refresh }
}
