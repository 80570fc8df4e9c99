import { ListChecks, X } from 'lucide-react'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { useDocument } from '../state/document-store.ts'
import { useEngine } from '../state/engine-context.ts'
import { tokenOfFile } from '../state/host.ts'
import { useSession } from '../state/session-store.ts'
import { FileChoice } from '../ui/file-choice.tsx'
import { reasonWords } from '../ui/saying-words.ts'
import { seek } from '../state/transport.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { secondsInEdit } from './in-the-edit.ts'
import { shortTime } from './moments.tsx'
import { starsRequest } from './stars-request.ts'
import './wanted.css'

type WantedMatch = NonNullable<StarsAnswer['wanted']>
const MOST_NEEDS = 5

/** How far the take is what a lab looks for, by a wanted list of the person's choice; offline. */
export function Wanted({ wanted }: { readonly wanted: WantedMatch | null }) {
  const { host, run } = useEngine()
  const chosen = useSession((state) => state.starsWanted)
  const hold = async (file: File): Promise<void> => {
    const token = await tokenOfFile(host, file)
    if (token === undefined) return
    useSession.setState({ starsWanted: { token, name: file.name } })
    await run('stars', starsRequest())
  }
  const letGo = (): void => {
    useSession.setState({ starsWanted: null })
    void run('stars', starsRequest())
  }
  return (
    <section className="stack" aria-label={t('wanted.title')}>
      <h3>{t('wanted.title')}</h3>
      {wanted ? <Needs wanted={wanted} /> : <p className="muted">{t('wanted.what')}</p>}
      <div className="row">
        <FileChoice
          words={t(wanted ? 'wanted.other' : 'wanted.choose')}
          Icon={ListChecks}
          accept=".json,application/json"
          onChoose={hold}
        />
        {chosen ? (
          <button className="button" onClick={letGo}>
            <X size={14} aria-hidden /> {t('wanted.letGo', { name: chosen.name })}
          </button>
        ) : null}
      </div>
    </section>
  )
}

function Needs({ wanted }: { readonly wanted: WantedMatch }) {
  return (
    <>
      <p>
        {t('wanted.matches', { by: wanted.by ?? wanted.title, match: decimalWords(wanted.match, 2) })}{' '}
        {wanted.by ? <span className="faint">{wanted.title}</span> : null}
      </p>
      <ol className="wanted-needs">
        {wanted.needs.slice(0, MOST_NEEDS).map((need) => (
          <li key={need.id} className="card wanted-needs__one">
            <span>{need.text}</span>
            <span className="num">{decimalWords(need.match, 2)}</span>
            <span className="meter" aria-hidden>
              <i style={{ width: `${100 * need.match}%` }} />
            </span>
            <span className="faint wanted-needs__why">{reasonWords({ reason: need.why, said: need.said })}</span>
            {need.best.length > 0 ? (
              <span className="wanted-needs__places">
                {need.best.map(({ start_s: start }) => (
                  <button
                    key={start}
                    className="button num"
                    aria-label={t('wanted.showAt', { need: need.text, time: shortTime(start) })}
                    onClick={() => seek(Math.max(0, secondsInEdit(useDocument.getState().document, start)))}
                  >
                    {shortTime(start)}
                  </button>
                ))}
              </span>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  )
}
