import type { KeyboardEvent, ReactNode } from 'react'
import { ContextMenu } from 'radix-ui'
import { t, type PlainKey } from '../i18n/text.ts'
import { actionTitle, shortcutWords, type ActionContext, type ActionId } from './action.ts'
import { actionById } from './actions.ts'
import { currentKeys } from './keymap.ts'
import { perform } from './use-actions.ts'

export interface MenuEntry {
  readonly id: ActionId
  /** What it is called here, where that is less than the action does elsewhere. */
  readonly label?: PlainKey
}

interface MenuOfActionsProps {
  readonly label: string
  readonly groups: readonly (readonly MenuEntry[])[]
  readonly context: ActionContext
  /** Gives the focus back; without it, it goes to what had it before. */
  readonly onClose?: () => void
  /** What it opens over. */
  readonly children: ReactNode
}

/** What can be done where the pointer is, by a press of its other button or the menu key: each with its shortcut, and why it cannot be done. */
export function MenuOfActions({ label, groups, context, onClose, children }: MenuOfActionsProps) {
  return (
    // A modal one writes styles into the page, which its content security policy refuses.
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content
          className="popover menu"
          aria-label={label}
          collisionPadding={8}
          // However it is closed, the keys are where they were.
          onCloseAutoFocus={(event) => {
            if (!onClose) return
            event.preventDefault()
            onClose()
          }}
          // Letters go from entry to entry here, and do nothing to what is below.
          onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
        >
          <Entries groups={groups} context={context} />
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}

/** Mounted when the menu opens: what can be done is asked then. */
function Entries({ groups, context }: Pick<MenuOfActionsProps, 'groups' | 'context'>) {
  return groups.map((group, n) => (
    <ContextMenu.Group key={group[0]!.id} className={n > 0 ? 'menu__group menu__group--next' : 'menu__group'}>
      {group.map(({ id, label }) => {
        const action = actionById(id)
        const reason = action.disabledReason?.() ?? null
        const [shortcut] = currentKeys(action)
        return (
          <ContextMenu.Item
            key={id}
            className="menu__item"
            disabled={reason !== null}
            title={reason ?? undefined}
            onSelect={() => perform(action, context)}
          >
            <span>{label ? t(label) : actionTitle(action)}</span>
            {shortcut ? <kbd>{shortcutWords(shortcut)}</kbd> : null}
          </ContextMenu.Item>
        )
      })}
    </ContextMenu.Group>
  ))
}
