import type { ClipSound } from '../../../shared/document/clip-sound.ts'
import type { Clip } from '../../../shared/document/records.ts'
import { secondsFromTicks, ticksFromSeconds } from '../../../shared/units.ts'
import { changeSound } from '../actions/sound-actions.ts'
import { t } from '../i18n/text.ts'
import { useEngine } from '../state/engine-context.ts'
import { NumberField } from '../ui/number-field.tsx'

/** How loud the chosen sounds are; every change is a gesture for all of them, within what a clip may be. */
export function SoundFacts({ clips }: { clips: readonly Clip[] }) {
  const engine = useEngine()
  const change = (what: ClipSound): void => changeSound(engine, 'edit.loudness', clips, () => what)
  const seconds = (ticks: number | undefined): number => secondsFromTicks(ticks ?? 0)
  return (
    <>
      <h3>{t('sound.title')}</h3>
      <div className="number-facts">
        <NumberField
          label={t('sound.loudness')}
          unit="dB"
          values={clips.map((clip) => clip.gainDb ?? 0)}
          onChange={(gainDb) => change({ gainDb })}
        />
        <NumberField
          label={t('sound.fadeIn')}
          unit="s"
          values={clips.map((clip) => seconds(clip.fadeInTicks))}
          onChange={(fade) => change({ fadeInTicks: ticksFromSeconds(fade) })}
        />
        <NumberField
          label={t('sound.fadeOut')}
          unit="s"
          values={clips.map((clip) => seconds(clip.fadeOutTicks))}
          onChange={(fade) => change({ fadeOutTicks: ticksFromSeconds(fade) })}
        />
      </div>
    </>
  )
}
