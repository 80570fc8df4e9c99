import { useEffect, useMemo } from 'react'
import { engineAccess, showFailure, useHost } from '../state/engine-context.ts'
import { usePreferences } from '../state/preferences.ts'
import { announce, useSession } from '../state/session-store.ts'
import { actionOfKey, leadsOutOfField, shortcutOf, type Action, type ActionContext } from './action.ts'
import { actions } from './actions.ts'
import { hold, letGo, letGoOfAll } from './held-keys.ts'
import { withKeys } from './keymap.ts'

/** Runs an action, or says why it cannot be done. */
export function perform(action: Action, context: ActionContext): void {
  const reason = action.disabledReason?.()
  if (reason) {
    announce(reason)
    return
  }
  const done = action.run(context)
  if (action.said) announce(action.said())
  Promise.resolve(done).catch(showFailure)
}

export function useActionContext(): ActionContext {
  const host = useHost()
  return useMemo(() => ({ ...engineAccess(host), openImport: () => useSession.setState({ dialog: 'import' }) }), [host])
}

/** A box that is ticked is no field that is typed into. */
const isTick = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement && (target.type === 'checkbox' || target.type === 'radio')

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || isTick(target)) return false
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
}

/** Keys that the focused control needs for itself. */
function belongsToControl(event: KeyboardEvent): boolean {
  if (isTick(event.target)) return event.key === ' ' || event.key.startsWith('Arrow')
  const onButton =
    event.target instanceof HTMLElement &&
    event.target.closest('button, a, [role="tab"], [role="menuitem"], [role="slider"]')
  // From button to button, from tab to tab arrows lead alone.
  const isLeading = event.key.startsWith('Arrow') && !event.ctrlKey && !event.metaKey
  return onButton !== null && onButton !== false && (event.key === 'Enter' || isLeading)
}

/** The place that has keys of its own, where one has the focus. */
const placeOf = (target: EventTarget | null): string | undefined =>
  target instanceof HTMLElement ? target.dataset['keys'] : undefined

/** Listens to the keyboard for the whole window. */
export function useShortcuts(context: ActionContext): void {
  const preset = usePreferences((state) => state.preset)
  const keys = usePreferences((state) => state.keys)
  useEffect(() => {
    const keyed = withKeys(actions, preset, keys)
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || belongsToControl(event)) return
      const { dialog } = useSession.getState()
      if (dialog !== null && event.key !== 'Escape') return
      // A dialog that a panel has opened closes itself.
      if (dialog === null && document.querySelector('dialog:modal')) return
      const action = actionOfKey(keyed, shortcutOf(event), placeOf(event.target))
      if (!action || (isTyping(event.target) && !leadsOutOfField(action, event))) return
      event.preventDefault()
      perform(action, context)
      hold(event.code, action.id)
    }
    const listening = new AbortController()
    const { signal } = listening
    window.addEventListener('keydown', onKeyDown, { signal })
    window.addEventListener('keyup', (event) => letGo(event.code), { signal })
    window.addEventListener('blur', letGoOfAll, { signal })
    return () => listening.abort()
  }, [context, preset, keys])
}
