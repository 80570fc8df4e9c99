import { Fragment, useState, type KeyboardEvent } from 'react'
import { RotateCcw } from 'lucide-react'
import { ACTION_GROUPS, actionTitle, shortcutOf, shortcutWords, type Action } from '../actions/action.ts'
import { actions } from '../actions/actions.ts'
import { choosePreset, keysOf, rebind, resetKeys } from '../actions/keymap.ts'
import { t } from '../i18n/text.ts'
import { PRESETS, usePreferences, type Preset } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { Dialog } from '../ui/dialog.tsx'
import './shortcut-sheet.css'

/** The keys, made from the table of actions: searched, changed, and taken over from another editor. */
export function ShortcutSheet() {
  const open = useSession((state) => state.dialog === 'shortcuts')
  return (
    <Dialog
      open={open}
      title={t('action.shortcuts')}
      className="shortcuts"
      onClose={() => useSession.setState({ dialog: null })}
    >
      <Sheet />
    </Dialog>
  )
}

function Sheet() {
  const [query, setQuery] = useState('')
  const [refusal, setRefusal] = useState<string | null>(null)
  const settle = (owner: Action | null, shortcut: string): void =>
    setRefusal(
      owner
        ? `${t('keys.taken', { key: shortcutWords(shortcut), action: actionTitle(owner) })} ${t('keys.takenWhy')}`
        : null,
    )
  const preset = usePreferences((state) => state.preset)
  const own = usePreferences((state) => state.keys)
  const matches = (action: Action): boolean => {
    const words = [actionTitle(action), ...keysOf(action, preset, own).map(shortcutWords)].join(' ').toLowerCase()
    return words.includes(query.trim().toLowerCase())
  }
  return (
    <>
      <div className="row">
        <input
          type="text"
          className="input"
          aria-label={t('keys.search')}
          placeholder={t('keys.search')}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <label className="row shortcuts__preset">
          {t('keys.preset')}
          <select className="input" value={preset} onChange={(event) => choosePreset(event.target.value as Preset)}>
            {PRESETS.map((each) => (
              <option key={each} value={each}>
                {t(`keys.preset.${each}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {refusal ? (
        <p className="bad" role="alert">
          {refusal}
        </p>
      ) : (
        <p className="faint">{t('keys.hint')}</p>
      )}
      <div className="shortcuts__columns" tabIndex={0} role="group" aria-label={t('action.shortcuts')}>
        {ACTION_GROUPS.map((group) => {
          const shown = actions.filter((action) => action.group === group && matches(action))
          return shown.length === 0 ? null : (
            <section key={group} data-group={group}>
              <h3>{t(`group.${group}`)}</h3>
              <dl>
                {shown.map((action) => (
                  <div key={action.id} className="shortcuts__row">
                    <dt>{actionTitle(action)}</dt>
                    <dd>
                      <Keys
                        action={action}
                        keys={keysOf(action, preset, own)}
                        isOwn={own[action.id] !== undefined}
                        onSettled={settle}
                      />
                    </dd>
                  </div>
                ))}
              </dl>
            </section>
          )
        })}
      </div>
    </>
  )
}

const MODIFIERS = ['Control', 'Shift', 'Alt', 'Meta']

interface KeysProps {
  readonly action: Action
  readonly keys: readonly string[]
  /** The person set them: the ones of the preset can be had again. */
  readonly isOwn: boolean
  /** Told the owner of a key that could not be taken, else null. */
  readonly onSettled: (owner: Action | null, shortcut: string) => void
}

function Keys({ action, keys, isOwn, onSettled }: KeysProps) {
  const [listening, setListening] = useState(false)
  const words = keys.map(shortcutWords)
  const shown = listening ? t('keys.press') : words.length > 0 ? words.join(' ') : t('keys.none')
  const take = (event: KeyboardEvent): void => {
    if (!listening || event.key === 'Tab') return
    event.preventDefault()
    event.stopPropagation()
    if (MODIFIERS.includes(event.key)) return
    setListening(false)
    if (event.key === 'Escape') return
    const shortcut = shortcutOf(event.nativeEvent)
    onSettled(rebind(actions, action.id, shortcut), shortcut)
  }
  return (
    <>
      <button
        className="shortcuts__keys"
        aria-label={t('keys.change', { keys: shown, action: actionTitle(action) })}
        onClick={() => setListening(true)}
        onKeyDown={take}
        onBlur={() => setListening(false)}
      >
        {listening ? (
          <kbd>{t('keys.press')}</kbd>
        ) : keys.length === 0 ? (
          <span className="faint">{t('keys.none')}</span>
        ) : (
          // The space is for those who hear it; the keys stand apart by themselves.
          words.map((word) => (
            <Fragment key={word}>
              <kbd>{word}</kbd>{' '}
            </Fragment>
          ))
        )}
      </button>
      {isOwn ? (
        <button
          className="button button--quiet button--icon"
          aria-label={t('keys.reset', { action: actionTitle(action) })}
          onClick={() => onSettled(resetKeys(actions, action.id), action.shortcuts[0] ?? '')}
        >
          <RotateCcw size={12} aria-hidden />
        </button>
      ) : null}
    </>
  )
}
