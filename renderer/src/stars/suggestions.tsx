import { ArrowRight, Sparkles } from 'lucide-react'
import type { StarsAnswer, SuggestionTarget } from '../../../shared/contract/stars.ts'
import { goInto } from '../app/window-parts.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine, type EngineAccess } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { seek, useTransport } from '../state/transport.ts'
import { timelineView } from '../timeline/view-state.ts'
import { reasonWords } from '../ui/saying-words.ts'
import { decimalWords, t, type PlainKey } from '../i18n/text.ts'
import { secondsInEdit } from './in-the-edit.ts'

type Suggestion = StarsAnswer['suggestions'][number]

/** Brings the person to where a suggestion is followed. */
function lead({ kind, asset, start_s, end_s }: SuggestionTarget): void {
  const { document } = useDocument.getState()
  const placed = (seconds: number | undefined): number | undefined =>
    seconds === undefined ? undefined : secondsInEdit(document, seconds)
  const [start, end] = [placed(start_s), placed(end_s)]
  if (asset) useSession.setState({ selectedAssetId: asset, selectedMarkerId: null, selectedClipIds: new Set() })
  if (start !== undefined) {
    seek(start)
    timelineView.reveal(start, end ?? start)
    if (end !== undefined) useTransport.setState({ inSeconds: start, outSeconds: end })
  }
  if (kind === 'clock') useSession.setState({ workspace: 'align', alignTab: 'time' })
  else if (kind === 'scan') useSession.setState({ workspace: 'align', alignTab: 'space' })
  else if (kind === 'rights') useSession.setState({ workspace: 'publish' })
  else useSession.setState({ workspace: 'edit' })
  // The keys go along.
  goInto(start === undefined ? 'workspace' : 'timeline')
}

interface Remedy {
  readonly label: PlainKey
  act(engine: EngineAccess): Promise<unknown>
}

/** What the program can do about it at once. */
const REMEDIES: Readonly<Record<string, Remedy>> = {
  clock: { label: 'stars.doAlign', act: ({ run }) => run('sync', { referenceAssetId: null, method: 'auto' }) },
  scan: { label: 'stars.doRegister', act: ({ run }) => run('register', { referenceAssetId: null }) },
  speech: { label: 'stars.doTranscribe', act: ({ run }) => run('transcribe', { assetId: null }) },
}

/** So many are in sight; below them stands why the number is what it is, which more would push out of the view. */
const IN_SIGHT = 3

/** What would raise the stars, each with the way there; what raises them most comes first. */
export function Suggestions({ suggestions }: { suggestions: readonly Suggestion[] }) {
  if (suggestions.length === 0) return <p className="muted">{t('stars.nothingRaises')}</p>
  // One alone takes no more room than the line that would stand for it.
  const inSight = suggestions.length === IN_SIGHT + 1 ? suggestions.length : IN_SIGHT
  const more = suggestions.slice(inSight)
  return (
    <>
      <Ways suggestions={suggestions.slice(0, inSight)} />
      {more.length > 0 ? (
        <details className="suggestions__more">
          <summary>{t('stars.raiseMore', { count: more.length })}</summary>
          <Ways suggestions={more} />
        </details>
      ) : null}
    </>
  )
}

function Ways({ suggestions }: { suggestions: readonly Suggestion[] }) {
  const engine = useEngine()
  return (
    <ul className="suggestions">
      {suggestions.map((suggestion) => {
        const { target, said } = suggestion
        const action = reasonWords({ reason: suggestion.action, said: said?.action })
        const remedy = target ? REMEDIES[target.kind] : undefined
        return (
          <li key={suggestion.action} className="card">
            <span className="suggestions__gain num">+{decimalWords(suggestion.delta_stars, 2)}</span>
            <span className="suggestions__what">
              <strong>{action}</strong>
              <span className="muted">{reasonWords({ reason: suggestion.why, said: said?.why })}</span>
            </span>
            {target ? (
              <span className="suggestions__ways">
                {remedy ? (
                  <button className="button" onClick={() => void remedy.act(engine)}>
                    <Sparkles size={13} aria-hidden /> {t(remedy.label)}
                  </button>
                ) : null}
                <button className="button" aria-label={t('stars.showFor', { action })} onClick={() => lead(target)}>
                  {t('stars.show')} <ArrowRight size={13} aria-hidden />
                </button>
              </span>
            ) : null}
          </li>
        )
      })}
    </ul>
  )
}
