import { Dialog } from 'radix-ui'
import { X } from 'lucide-react'
import { actions } from '../actions/actions.ts'
import type { ActionGroup } from '../actions/action.ts'
import { useSession } from '../state/session-store.ts'

const GROUPS: readonly ActionGroup[] = ['Project', 'Edit', 'Playback', 'Timeline', 'Align', 'View', 'Help']

/** The keys, made from the table of actions. */
export function ShortcutSheet() {
  const open = useSession((state) => state.dialog === 'shortcuts')
  return (
    <Dialog.Root open={open} onOpenChange={(next) => (next ? undefined : useSession.setState({ dialog: null }))}>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog shortcuts" aria-describedby={undefined}>
          <div className="row">
            <Dialog.Title className="dialog__title">Keyboard shortcuts</Dialog.Title>
            <span className="spacer" />
            <Dialog.Close className="button button--quiet button--icon" aria-label="Close">
              <X size={16} aria-hidden />
            </Dialog.Close>
          </div>
          <div className="shortcuts__columns">
            {GROUPS.map((group) => (
              <section key={group}>
                <h3>{group}</h3>
                <dl>
                  {actions
                    .filter((action) => action.group === group && action.shortcuts.length > 0)
                    .map((action) => (
                      <div key={action.id} className="shortcuts__row">
                        <dt>{action.title}</dt>
                        <dd>
                          {action.shortcuts.map((shortcut) => (
                            <kbd key={shortcut}>{shortcut}</kbd>
                          ))}
                        </dd>
                      </div>
                    ))}
                </dl>
              </section>
            ))}
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
