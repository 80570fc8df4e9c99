import { actions } from '../actions/actions.ts'
import { ACTION_GROUPS, actionTitle, shortcutWords } from '../actions/action.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import { t } from '../i18n/text.ts'

/** The keys, made from the table of actions. */
export function ShortcutSheet() {
  const open = useSession((state) => state.dialog === 'shortcuts')
  return (
    <Dialog
      open={open}
      title={t('action.shortcuts')}
      className="shortcuts"
      onClose={() => useSession.setState({ dialog: null })}
    >
      <div className="shortcuts__columns">
        {ACTION_GROUPS.map((group) => (
          <section key={group}>
            <h3>{t(`group.${group}`)}</h3>
            <dl>
              {actions
                .filter((action) => action.group === group && action.shortcuts.length > 0)
                .map((action) => (
                  <div key={action.id} className="shortcuts__row">
                    <dt>{actionTitle(action)}</dt>
                    <dd>
                      {action.shortcuts.map((shortcut) => (
                        <kbd key={shortcut}>{shortcutWords(shortcut)}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
