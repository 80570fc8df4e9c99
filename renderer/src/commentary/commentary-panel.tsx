import { useEffect, useRef } from 'react'
import { Headphones, Mic, Square } from 'lucide-react'
import { actionById } from '../actions/actions.ts'
import { shortcutWords } from '../actions/action.ts'
import { currentKeys } from '../actions/keymap.ts'
import { perform, useActionContext } from '../actions/use-actions.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { useEngine } from '../state/engine-context.ts'
import { LOUDNESS, usePreferences, type Loudness } from '../state/preferences.ts'
import { useTransport } from '../state/transport.ts'
import { clockTime } from '../ui/format.ts'
import { closeRecorder, openRecorder } from './recorder.ts'
import { readLevel, useRecorder } from './recorder-store.ts'
import { TakesList } from './takes-list.tsx'
import './commentary.css'

/** Saying something about the take while it plays, and the attempts at it. */
export function CommentaryPanel() {
  const isOpen = useRecorder(({ phase }) => phase !== 'closed' && phase !== 'opening')
  // The microphone is let go of when the panel is left, but not under somebody who is speaking.
  useEffect(
    () => () => {
      if (useRecorder.getState().phase === 'ready') closeRecorder()
    },
    [],
  )
  return (
    <div className="commentary">
      {isOpen ? <MicrophoneRow /> : <ClosedMicrophone />}
      <RecordRow />
      <Settings />
      <TakesList />
    </div>
  )
}

function ClosedMicrophone() {
  const { client } = useEngine()
  const { phase, problem, deviceId } = useRecorder()
  return (
    <div className="commentary__closed">
      {problem ? (
        <p role="alert">
          <strong>{t(`commentary.problem.${problem}`)}</strong> {t(`commentary.fix.${problem}`)}
        </p>
      ) : (
        <p className="muted">{t('commentary.intro')}</p>
      )}
      <button
        className="button"
        disabled={phase === 'opening'}
        onClick={() => void openRecorder(client, problem === null ? deviceId : null)}
      >
        <Mic size={14} aria-hidden /> {t(problem ? 'commentary.again' : 'commentary.open')}
      </button>
    </div>
  )
}

function MicrophoneRow() {
  const { client } = useEngine()
  const { microphones, deviceId, phase } = useRecorder()
  return (
    <>
      <label className="field">
        <span>{t('commentary.microphone')}</span>
        <select
          className="input"
          value={deviceId ?? ''}
          disabled={phase !== 'ready'}
          onChange={(event) => void openRecorder(client, event.target.value)}
        >
          {microphones.map((each, n) => (
            <option key={each.deviceId} value={each.deviceId}>
              {each.label || t('commentary.nameless', { number: n + 1 })}
            </option>
          ))}
        </select>
      </label>
      <LevelMeter />
    </>
  )
}

/** From -60 dB to full scale; above -3 dB it warns. */
const QUIETEST_DECIBELS = -60
const LOUD_DECIBELS = -3

function LevelMeter() {
  const bar = useRef<HTMLElement>(null)
  const meter = useRef<HTMLDivElement>(null)
  useEffect(() => {
    let handle = 0
    const tick = (): void => {
      const decibels = Math.max(QUIETEST_DECIBELS, 20 * Math.log10(Math.max(1e-6, readLevel())))
      const share = Math.min(1, 1 - decibels / QUIETEST_DECIBELS)
      bar.current?.style.setProperty('width', `${(share * 100).toFixed(1)}%`)
      bar.current?.toggleAttribute('data-loud', decibels > LOUD_DECIBELS)
      meter.current?.setAttribute('aria-valuenow', String(Math.round(decibels)))
      handle = requestAnimationFrame(tick)
    }
    tick()
    return () => cancelAnimationFrame(handle)
  }, [])
  return (
    <div
      ref={meter}
      className="meter commentary__level"
      role="meter"
      aria-label={t('commentary.level')}
      aria-valuemin={QUIETEST_DECIBELS}
      aria-valuemax={0}
    >
      <i ref={bar} />
    </div>
  )
}

/** The button, and what it would do now. */
function RecordRow() {
  const context = useActionContext()
  const { phase, countsLeft } = useRecorder()
  const { inSeconds, outSeconds } = useTransport()
  const isRange = inSeconds !== null && outSeconds !== null && outSeconds > inSeconds
  const action = actionById('record')
  const [shortcut] = currentKeys(action)
  const stops = phase === 'recording' || phase === 'counting'
  return (
    <div className="commentary__record" data-phase={phase}>
      <button
        className={stops ? 'button commentary__button' : 'button button--primary commentary__button'}
        disabled={phase === 'opening' || phase === 'keeping'}
        onClick={() => perform(action, context)}
      >
        {stops ? <Square size={14} aria-hidden /> : <Mic size={14} aria-hidden />}
        {t(phase === 'counting' ? 'commentary.callOff' : stops ? 'commentary.stop' : 'commentary.record')}
        {shortcut ? <kbd>{shortcutWords(shortcut)}</kbd> : null}
      </button>
      <div className="commentary__state" role="status">
        {phase === 'counting' ? (
          <strong className="commentary__count num">{countsLeft}</strong>
        ) : phase === 'recording' ? (
          <RecordingTime />
        ) : phase === 'keeping' ? (
          t('commentary.keeping')
        ) : isRange ? (
          t('commentary.overRange', { from: clockTime(inSeconds), to: clockTime(outSeconds) })
        ) : (
          t('commentary.fromPlayhead')
        )}
      </div>
    </div>
  )
}

function RecordingTime() {
  const shown = useRef<HTMLElement>(null)
  const startedAt = useRecorder((state) => state.startedAtMilliseconds)
  useEffect(() => {
    const write = (): void => {
      if (shown.current) shown.current.textContent = `${decimalWords((performance.now() - startedAt) / 1000, 1)} s`
    }
    write()
    const timer = setInterval(write, 100)
    return () => clearInterval(timer)
  }, [startedAt])
  return (
    <>
      <span className="commentary__dot" aria-hidden /> {t('commentary.recording')}{' '}
      <span ref={shown} className="num" aria-hidden />
    </>
  )
}

function Settings() {
  const { countdown, loudnessWhileRecording } = usePreferences()
  return (
    <div className="commentary__settings">
      <label className="check">
        <input
          type="checkbox"
          checked={countdown}
          onChange={(event) => usePreferences.setState({ countdown: event.target.checked })}
        />
        <span>{t('commentary.countdown')}</span>
      </label>
      <label className="field">
        <span>{t('commentary.loudness')}</span>
        <select
          className="input"
          value={loudnessWhileRecording}
          onChange={(event) => usePreferences.setState({ loudnessWhileRecording: event.target.value as Loudness })}
        >
          {LOUDNESS.map((each) => (
            <option key={each} value={each}>
              {t(`commentary.loudness.${each}`)}
            </option>
          ))}
        </select>
      </label>
      {loudnessWhileRecording === 'off' ? null : (
        <p className="faint commentary__hint">
          <Headphones size={13} aria-hidden /> {t('commentary.headphones')}
        </p>
      )}
    </div>
  )
}
