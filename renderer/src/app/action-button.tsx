import { Tooltip } from 'radix-ui'
import { actionTitle, shortcutWords, type Action, type ActionContext, type ActionId } from '../actions/action.ts'
import { actionById } from '../actions/actions.ts'
import { currentKeys } from '../actions/keymap.ts'
import { perform } from '../actions/use-actions.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'

interface ActionButtonProps {
  readonly id: ActionId
  readonly context: ActionContext
  /** What the button says, where that is more than the name of the action. */
  readonly label?: string
  /** Whether it is on, of a button that switches. */
  readonly pressed?: boolean
  /** Stands beside the sign where the window is wide enough. */
  readonly words?: string
  readonly children: React.ReactNode
}

/** A button for an action: its tooltip says what it does, its shortcut, and why it cannot be done. */
export function ActionButton({ id, context, label: ownLabel, pressed, words, children }: ActionButtonProps) {
  const action = actionById(id)
  const label = ownLabel ?? actionTitle(action)
  const reason = useReason(action)
  const [shortcut] = currentKeys(action)
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>
        <button
          className={words ? 'button button--named' : 'button button--quiet button--icon'}
          aria-label={label}
          aria-disabled={reason !== null}
          aria-pressed={pressed}
          onClick={() => perform(action, context)}
        >
          {children}
          {words ? <span className="button__words">{words}</span> : null}
        </button>
      </Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className="tooltip" sideOffset={6}>
          {label}
          {shortcut ? <kbd>{shortcutWords(shortcut)}</kbd> : null}
          {reason ? <div className="faint">{reason}</div> : null}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

/** Why an action cannot be done now, null when it can: asked whenever the document or the selection changes. */
function useReason(action: Action): string | null {
  const reason = (): string | null => action.disabledReason?.() ?? null
  useSession(reason)
  return useDocument(reason)
}
