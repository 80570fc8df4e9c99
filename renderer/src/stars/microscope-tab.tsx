import { useEffect, useState } from 'react'
import { asEngineError } from '../../../shared/contract/client.ts'
import type { MicroscopeAnswer, OcclusionAnswer, UnitShare } from '../../../shared/contract/microscope.ts'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import { useDocument } from '../state/document-store.ts'
import { showFailure, useEngine } from '../state/engine-context.ts'
import { useSession } from '../state/session-store.ts'
import { seek } from '../state/transport.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { streamSecondsInEdit } from './in-the-edit.ts'
import { assetIn, MomentPicture } from './moment-picture.tsx'
import { shortTime } from './moments.tsx'
import { useStarsReport } from './stars-report.ts'
import { signed } from '../ui/format.ts'
import { failureText } from '../ui/saying-words.ts'
import './microscope.css'

type Unit = MicroscopeAnswer['units'][number]
type Exemplar = Unit['exemplars'][number]

/** Which learned features the work excites, the moments that excite each most, and how rare that is in the reference. */
export function MicroscopeTab() {
  const { client } = useEngine()
  const judgedAt = useStarsReport()?.createdAt
  const [seen, setSeen] = useState<MicroscopeAnswer | null>(null)
  const [open, setOpen] = useState<number | null>(null)
  const [why, setWhy] = useState<string | null>(null)
  useEffect(() => {
    let current = true
    client.microscope.look().then(
      (answer) => {
        if (!current) return
        setSeen(answer)
        setWhy(null)
        setOpen(answer.units[0]?.unit ?? null)
      },
      (error: unknown) => {
        if (current) setWhy(failureText(asEngineError(error)))
      },
    )
    return () => {
      current = false
    }
  }, [client, judgedAt])
  if (!seen) return <p className="muted">{why ?? t('microscope.looking')}</p>
  const most = Math.max(1, ...seen.units.map(({ peak }) => peak))
  return (
    <>
      <p className="muted">{t('microscope.what', { model: seen.model })}</p>
      <ul className="units">
        {seen.units.map((unit) => (
          <li key={unit.unit} className={`card unit ${open === unit.unit ? 'unit--open' : ''}`}>
            <button
              className="unit__head"
              aria-expanded={open === unit.unit}
              onClick={() => setOpen(open === unit.unit ? null : unit.unit)}
            >
              <strong className="num">{t('microscope.unit', { unit: unit.unit })}</strong>
              <span className="faint num">{rarityWords(unit)}</span>
              <span className="num">
                {t(unit.or_more ? 'microscope.peakOrMore' : 'microscope.peak', {
                  deviations: decimalWords(unit.peak, 1),
                })}
              </span>
            </button>
            <Strips unit={unit} most={most} />
            {open === unit.unit ? (
              <>
                <Exemplars unit={unit} />
                <ReferenceExemplars unit={unit} />
                <ShareOfStars units={unit.together} judgedAt={judgedAt} />
              </>
            ) : null}
          </li>
        ))}
      </ul>
      <p className="faint">
        {t('microscope.reference', { count: seen.reference.pictures, name: seen.reference.name })}
      </p>
    </>
  )
}

function rarityWords({ rarer_than: share }: Unit): string {
  return share > 0 ? t('microscope.rarer', { percent: Math.round(share * 100) }) : t('microscope.common')
}

/** Where on the project's time line a moment of a recording lies. */
function projectSeconds(document: Document, assetId: string, seconds: number): number {
  const stream = recordsOf(document, 'stream').find((each) => each.assetId === assetId && each.sensor === 'video')
  return stream ? streamSecondsInEdit(document, stream.id, seconds) : seconds
}

/** One strip for each recording: dark where the unit is silent. */
function Strips({ unit, most }: { unit: Unit; most: number }) {
  const document = useDocument((state) => state.document)
  return (
    <span className="unit__strips">
      {unit.strips.map(({ asset, seconds, deviations }) => (
        <button
          key={asset}
          className="unit__strip"
          aria-label={t('microscope.strip', { title: assetIn(document, asset)?.title ?? asset, unit: unit.unit })}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect()
            // A key presses the whole strip: it leads to where the unit answers most.
            const strongest = deviations.indexOf(Math.max(...deviations))
            const at =
              event.detail === 0 ? strongest : Math.floor(((event.clientX - box.left) / box.width) * seconds.length)
            useSession.setState({ selectedAssetId: asset })
            seek(projectSeconds(document, asset, seconds[Math.min(seconds.length - 1, Math.max(0, at))] ?? 0))
          }}
        >
          {deviations.map((value, at) => (
            <i key={seconds[at]} style={{ opacity: Math.min(1, Math.max(0.04, value / most)) }} />
          ))}
        </button>
      ))}
    </span>
  )
}

/** The moments that excite a unit most; one of them can be asked where in the picture it looks. */
function Exemplars({ unit }: { unit: Unit }) {
  const document = useDocument((state) => state.document)
  const { client } = useEngine()
  const [looked, setLooked] = useState<{ readonly at: Exemplar; readonly map: OcclusionAnswer | null } | null>(null)
  const look = (at: Exemplar): void => {
    seek(projectSeconds(document, at.asset, at.seconds))
    setLooked({ at, map: null })
    client.microscope.occlusion({ asset: at.asset, seconds: at.seconds, unit: unit.unit }).then(
      (map) => setLooked((now) => (now?.at === at ? { at, map } : now)),
      (error: unknown) => {
        setLooked(null)
        showFailure(error)
      },
    )
  }
  return (
    <>
      <span className="unit__exemplars">
        {unit.exemplars.map((exemplar) => {
          const asset = assetIn(document, exemplar.asset)
          if (!asset) return null
          const map = looked?.at === exemplar ? looked.map : null
          return (
            <button
              key={`${exemplar.asset} ${exemplar.seconds}`}
              className="unit__exemplar"
              title={t('microscope.whereHint')}
              onClick={() => look(exemplar)}
            >
              <span className="unit__picture" data-looking={looked?.at === exemplar && map === null}>
                <MomentPicture asset={asset} seconds={exemplar.seconds} width={148} />
                {map ? (
                  <span className="unit__map" style={{ '--side': map.side } as React.CSSProperties} aria-hidden>
                    {map.falls.map((fall, part) => (
                      // Parts have no names but their places, which never change.
                      // oxlint-disable-next-line react/no-array-index-key
                      <i key={part} style={{ opacity: 0.75 * (1 - fall) }} />
                    ))}
                  </span>
                ) : null}
              </span>
              <span className="faint num">
                {asset.title} · {shortTime(exemplar.seconds)}
              </span>
            </button>
          )
        })}
      </span>
      <span className="faint" role="status">
        {t(looked !== null && looked.map === null ? 'microscope.covering' : 'microscope.hint')}
      </span>
    </>
  )
}

/** What of the reference excites a unit most, beside one's own. */
function ReferenceExemplars({ unit: { reference_exemplars: exemplars } }: { unit: Unit }) {
  if (exemplars.length === 0) return null
  return (
    <figure className="unit__reference">
      <figcaption className="faint">{t('microscope.inReference')}</figcaption>
      {exemplars.map(({ name, picture, deviations }) => (
        <span key={name} className="unit__drawing" title={name}>
          <img src={picture} alt={name} width={48} height={48} />
          <span className="faint num">{t('microscope.peak', { deviations: decimalWords(deviations, 1) })}</span>
        </span>
      ))}
    </figure>
  )
}

/** How far the stars fall without what the unit says; estimated when it is opened, since it takes an estimate of its own. */
function ShareOfStars({ units, judgedAt }: { units: readonly number[]; judgedAt: string | undefined }) {
  const { client } = useEngine()
  const installed = useSession((state) => state.starsPack)
  const asked = `${units.join()} ${installed} ${judgedAt}`
  const [told, setTold] = useState<{ readonly asked: string; readonly share: UnitShare | string } | null>(null)
  useEffect(() => {
    const stop = new AbortController()
    client.microscope.share({ units: [...units], installed }, { signal: stop.signal }).then(
      (share) => setTold({ asked, share }),
      (error: unknown) => {
        if (!stop.signal.aborted) setTold({ asked, share: failureText(asEngineError(error)) })
      },
    )
    return () => stop.abort()
  }, [client, units, installed, asked])
  // What was asked before says nothing of this.
  if (told?.asked !== asked) return <p className="faint">{t('microscope.weighing')}</p>
  const { share } = told
  if (typeof share === 'string') return <p className="faint">{share}</p>
  const slots = { stars: signed(share.stars, 3), all: signed(share.all_stars, 3) }
  const others = units.length - 1
  return (
    <p className="muted num">
      {others > 0 ? t('microscope.shareTogether', { ...slots, count: others }) : t('microscope.share', slots)}
    </p>
  )
}
