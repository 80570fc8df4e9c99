import { Command } from 'cmdk'
import { actionTitle, shortcutWords, type ActionContext } from '../actions/action.ts'
import { actions } from '../actions/actions.ts'
import { currentKeys } from '../actions/keymap.ts'
import { perform } from '../actions/use-actions.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { t } from '../i18n/text.ts'

/** Every action by name, with its shortcut and, where it cannot be done now, why. */
export function CommandPalette({ context }: { context: ActionContext }) {
  const open = useSession((state) => state.dialog === 'palette')
  const close = (): void => useSession.setState({ dialog: null })
  return (
    <Dialog open={open} title={t('action.palette')} showTitle={false} className="palette" onClose={close}>
      <Commands context={context} close={close} />
    </Dialog>
  )
}

function Commands({ context, close }: { context: ActionContext; close: () => void }) {
  return (
    <Command label={t('action.palette')} loop>
      <Command.Input className="palette__input" placeholder={t('app.paletteHint')} autoFocus />
      <Command.List className="palette__list">
        <Command.Empty className="palette__empty">{t('app.paletteNothing')}</Command.Empty>
        {actions.map((action) => {
          const reason = action.disabledReason?.() ?? null
          const [shortcut] = currentKeys(action)
          return (
            <Command.Item
              key={action.id}
              value={`${actionTitle(action)} ${t(`group.${action.group}`)}`}
              className="palette__item"
              disabled={reason !== null}
              onSelect={() => {
                close()
                perform(action, context)
              }}
            >
              <span>{actionTitle(action)}</span>
              <span className="faint">{reason ?? t(`group.${action.group}`)}</span>
              {shortcut ? <kbd>{shortcutWords(shortcut)}</kbd> : null}
            </Command.Item>
          )
        })}
      </Command.List>
    </Command>
  )
}
