import { createContext, useContext } from 'react'
import { asEngineError, runJob, type EngineClient } from '../../../shared/contract/client.ts'
import type { JobInput, JobKind, JobOutput } from '../../../shared/contract/jobs.ts'
import type { Recipe } from '../../../shared/document/document.ts'
import { isEngineAway, noteRefusal } from './connection.ts'
import { commit } from './document-store.ts'
import type { Host } from './host.ts'
import { EngineGone } from './engine-line.ts'
import { announce, notify } from './session-store.ts'
import { t } from '../i18n/text.ts'
import { failureWords, nameBeside } from '../ui/saying-words.ts'
import { dialogInFront } from '../ui/top-dialog.ts'

export const HostContext = createContext<Host | null>(null)

export function useHost(): Host {
  const host = useContext(HostContext)
  if (!host) throw new Error('no host above this component')
  return host
}

/** How actions and panels call the engine, with failures shown once. */
export interface EngineAccess {
  readonly host: Host
  readonly client: EngineClient
  /** @param said the message once it is done, if it is more than its name */
  commit(label: string, recipe: Recipe, mergeKey?: string, said?: () => string): void
  /** Runs a job to its end; null if it failed or was cancelled, which has then been shown. */
  run<K extends JobKind>(kind: K, input: JobInput<K>): Promise<JobOutput<K> | null>
}

export function engineAccess(host: Host): EngineAccess {
  return {
    host,
    client: host.client,
    commit(label, recipe, mergeKey, said = () => label) {
      commit(host.client, label, recipe, mergeKey).then(
        (isChanged) => announce(isChanged ? said() : t('app.unchanged', { label })),
        showFailure,
      )
    },
    async run(kind, input) {
      const begunIn = dialogInFront()
      try {
        return await runJob(host.client, kind, input)
      } catch (error) {
        // A job that was running when the engine went is resumed by the engine, and is in the list of jobs.
        if (!isEngineAway() || error instanceof EngineGone) showFailure(error, begunIn)
        return null
      }
    },
  }
}

/** Messages of browsers for an address that does not answer. */
const UNANSWERED = /fetch|load failed/i

/**
 * Every failure says what happened, what was kept, what to do. Cancelling is no failure.
 * @param begunIn the dialog that was in front when it began; without it the one in front now
 */
export function showFailure(error: unknown, begunIn: HTMLElement | null = dialogInFront()): void {
  const isUnanswered = error instanceof TypeError && UNANSWERED.test(error.message)
  if (isUnanswered && isEngineAway()) return
  const failure = asEngineError(isUnanswered ? new Error(t('app.noAnswer')) : error)
  // The window shows that elsewhere.
  if (failure instanceof EngineGone) {
    if (failure.when === 'before') noteRefusal(failure.label)
    return
  }
  if (failure.code === 'cancelled') return
  const { what, rest } = failureWords(failure)
  const name = nameBeside(failure, what)
  const detail = [name && `${name}:`, rest].filter(Boolean).join(' ') || undefined
  notify({ kind: 'error', title: what, detail }, begunIn)
}

export function useEngine(): EngineAccess {
  return engineAccess(useHost())
}
