import { useState } from 'react'
import { LANGUAGE_NAMES, LANGUAGES, t, useLanguage, type Language } from '../i18n/text.ts'
import { rateOf, SCALES, THEMES, usePreferences, type Theme } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { percentWords } from '../ui/format.ts'
import { Dialog } from '../ui/dialog.tsx'

/** A rate of the person's own: it counts once both of its fields are filled in. */
function RateFields() {
  const kept = usePreferences(({ etherRate }) => etherRate)
  const [currency, setCurrency] = useState(kept?.currency ?? '')
  const [worth, setWorth] = useState(kept ? String(kept.perEther) : '')
  const change = (nextCurrency: string, nextWorth: string): void => {
    setCurrency(nextCurrency)
    setWorth(nextWorth)
    usePreferences.setState({ etherRate: rateOf(nextCurrency, nextWorth) })
  }
  return (
    <>
      <label className="field">
        <span>{t('preferences.rate')}</span>
        <input
          type="text"
          className="input"
          inputMode="decimal"
          value={worth}
          onChange={(event) => change(currency, event.target.value)}
        />
      </label>
      <label className="field">
        <span>{t('preferences.currency')}</span>
        <input
          type="text"
          className="input"
          maxLength={3}
          value={currency}
          onChange={(event) => change(event.target.value, worth)}
        />
        <span className="faint">{t('preferences.rateNote')}</span>
      </label>
    </>
  )
}

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
          data-first
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
      <RateFields />
    </Dialog>
  )
}
