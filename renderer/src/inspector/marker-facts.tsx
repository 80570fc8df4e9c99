import { Trash2 } from 'lucide-react'
import { isSpan } from '../../../shared/document/labels.ts'
import type { Marker } from '../../../shared/document/records.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { MARKER_COLORS } from '../timeline/palette.ts'
import { clockTime } from '../ui/format.ts'
import { SpanFacts } from './span-facts.tsx'

/** The marker that was chosen: its name, colour and note; every change is a gesture. */
export function MarkerFacts({ marker }: { marker: Marker }) {
  const { commit } = useEngine()
  const change = (patch: Partial<Pick<Marker, 'title' | 'color' | 'note'>>): void =>
    commit(t('edit.changeMarker'), (draft) => {
      const record = draft.get(marker.id)
      if (record?.kind === 'marker') Object.assign(record, patch)
    })
  const remove = (): void => {
    commit(t(isSpan(marker) ? 'edit.removeSpan' : 'edit.removeMarker'), (draft) => void draft.delete(marker.id))
    useSession.setState({ selectedMarkerId: null })
  }
  const start = secondsFromTicks(marker.atTicks)
  return (
    <>
      <h3>{isSpan(marker) ? `${t('labels.span')}: ${marker.title}` : t('marker.title')}</h3>
      {isSpan(marker) ? (
        <SpanFacts span={marker} />
      ) : (
        <>
          <label className="field">
            <span>{t('marker.name')}</span>
            <input
              key={marker.title}
              className="input"
              defaultValue={marker.title}
              onBlur={(event) => {
                if (event.target.value !== marker.title) change({ title: event.target.value })
              }}
            />
          </label>
          <label className="field">
            <span>{t('marker.color')}</span>
            <select className="input" value={marker.color} onChange={(event) => change({ color: event.target.value })}>
              {(['accent', ...MARKER_COLORS] as const).map((color) => (
                <option key={color} value={color}>
                  {t(`marker.${color}`)}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
      <label className="field">
        <span>{t('marker.note')}</span>
        <textarea
          key={marker.note}
          className="input"
          rows={2}
          defaultValue={marker.note}
          onBlur={(event) => {
            if (event.target.value !== marker.note) change({ note: event.target.value })
          }}
        />
      </label>
      <dl className="facts">
        <dt>{t('marker.at')}</dt>
        <dd className="num">
          {clockTime(start)}
          {marker.durationTicks > 0 ? ` – ${clockTime(start + secondsFromTicks(marker.durationTicks))}` : ''}
        </dd>
      </dl>
      <button className="button" onClick={remove}>
        <Trash2 size={14} aria-hidden /> {t(isSpan(marker) ? 'edit.removeSpan' : 'marker.remove')}
      </button>
    </>
  )
}
