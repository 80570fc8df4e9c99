import { LANGUAGE_NAMES, LANGUAGES, t, useLanguage, type Language } from '../i18n/text.ts'
import { SCALES, THEMES, usePreferences, type Theme } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { percentWords } from '../ui/format.ts'
import { Dialog } from '../ui/dialog.tsx'

/** What a person sets for themselves, on this machine, whatever project is open. */
export function PreferencesDialog() {
  const open = useSession((state) => state.dialog === 'preferences')
  const language = useLanguage((state) => state.language)
  const { theme, scale, reducedMotion } = usePreferences()
  return (
    <Dialog
      open={open}
      title={t('preferences.title')}
      className="preferences"
      onClose={() => useSession.setState({ dialog: null })}
    >
      <label className="field">
        <span>{t('preferences.language')}</span>
        <select
          className="input"
          value={language}
          onChange={(event) => useLanguage.setState({ language: event.target.value as Language })}
        >
          {LANGUAGES.map((each) => (
            <option key={each} value={each} lang={each}>
              {LANGUAGE_NAMES[each]}
            </option>
          ))}
        </select>
        <span className="faint">{t('preferences.languageNote')}</span>
      </label>
      <label className="field">
        <span>{t('preferences.theme')}</span>
        <select
          className="input"
          value={theme}
          onChange={(event) => usePreferences.setState({ theme: event.target.value as Theme })}
        >
          {THEMES.map((each) => (
            <option key={each} value={each}>
              {t(`preferences.theme.${each}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span>{t('preferences.scale')}</span>
        <select
          className="input"
          value={scale}
          onChange={(event) => usePreferences.setState({ scale: Number(event.target.value) })}
        >
          {SCALES.map((each) => (
            <option key={each} value={each}>
              {percentWords(each)}
            </option>
          ))}
        </select>
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={reducedMotion}
          onChange={(event) => usePreferences.setState({ reducedMotion: event.target.checked })}
        />
        <span>{t('preferences.motion')}</span>
      </label>
    </Dialog>
  )
}
