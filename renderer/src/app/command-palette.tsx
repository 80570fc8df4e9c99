import { Command } from 'cmdk'
import { shortcutWords, type ActionContext } from '../actions/action.ts'
import { actions } from '../actions/actions.ts'
import { perform } from '../actions/use-actions.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'

/** Every action by name, with its shortcut and, where it cannot be done now, why. */
export function CommandPalette({ context }: { context: ActionContext }) {
  const open = useSession((state) => state.dialog === 'palette')
  const close = (): void => useSession.setState({ dialog: null })
  return (
    <Dialog open={open} title="All commands" showTitle={false} className="palette" onClose={close}>
      <Command label="All commands" loop>
        <Command.Input className="palette__input" placeholder="What do you want to do?" autoFocus />
        <Command.List className="palette__list">
          <Command.Empty className="palette__empty">Nothing is called that.</Command.Empty>
          {actions.map((action) => {
            const reason = action.disabledReason?.() ?? null
            return (
              <Command.Item
                key={action.id}
                value={`${action.title} ${action.group}`}
                className="palette__item"
                disabled={reason !== null}
                onSelect={() => {
                  close()
                  perform(action, context)
                }}
              >
                <span>{action.title}</span>
                <span className="faint">{reason ?? action.group}</span>
                {action.shortcuts[0] ? <kbd>{shortcutWords(action.shortcuts[0])}</kbd> : null}
              </Command.Item>
            )
          })}
        </Command.List>
      </Command>
    </Dialog>
  )
}
