import type { KeyboardEvent, ReactNode } from 'react'
import { ContextMenu } from 'radix-ui'
import { actionTitle, shortcutWords, type ActionContext } from '../actions/action.ts'
import { actionById } from '../actions/actions.ts'
import { currentKeys } from '../actions/keymap.ts'
import { perform } from '../actions/use-actions.ts'
import { t } from '../i18n/text.ts'
import { MENUS, type MenuPlace } from './menu-entries.ts'

interface TimelineMenuProps {
  readonly place: MenuPlace
  readonly context: ActionContext
  /** Gives the focus back. */
  readonly onClose: () => void
  /** What it opens over. */
  readonly children: ReactNode
}

/** What can be done where the pointer is, by a press of its other button or the menu key: each with its shortcut, and why it cannot be done. */
export function TimelineMenu({ place, context, onClose, children }: TimelineMenuProps) {
  return (
    // A modal one writes styles into the page, which its content security policy refuses.
    <ContextMenu.Root modal={false}>
      <ContextMenu.Trigger asChild>{children}</ContextMenu.Trigger>
      <ContextMenu.Portal>
        <ContextMenu.Content
          className="popover menu"
          aria-label={t('timeline.menu')}
          collisionPadding={8}
          // However it is closed, the keys are where they were.
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            onClose()
          }}
          // Letters go from entry to entry here, and do nothing to the timeline.
          onKeyDown={(event: KeyboardEvent) => event.stopPropagation()}
        >
          <Entries place={place} context={context} />
        </ContextMenu.Content>
      </ContextMenu.Portal>
    </ContextMenu.Root>
  )
}

function Entries({ place, context }: Pick<TimelineMenuProps, 'place' | 'context'>) {
  return MENUS[place].map((group, n) => (
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
