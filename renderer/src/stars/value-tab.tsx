import { useMemo } from 'react'
import { ChevronRight, TriangleAlert } from 'lucide-react'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { signed } from '../ui/format.ts'
import { decimalWords, dateWords, t } from '../i18n/text.ts'
import { spansInEdit } from './in-the-edit.ts'
import { Moments } from './moments.tsx'
import { assetIn, MomentPicture } from './moment-picture.tsx'
import { PackDoubts } from './pack-doubts.tsx'
import { packWords } from './pack-words.ts'
import { StarScale } from './star-scale.tsx'
import { useEditKey, useStarsReport } from './stars-report.ts'
import { Suggestions } from './suggestions.tsx'
import { TaskMoments } from './task-moments.tsx'
import { Unseen } from './unseen.tsx'
import { Wanted } from './wanted.tsx'
import { Waterfall } from './waterfall.tsx'

/** The number, how sure it is, why, moment by moment, and what would raise it. */
export function ValueTab() {
  const report = useStarsReport()
  const editKey = useEditKey()
  const document = useDocument((state) => state.document)
  const judged = report?.answer.segments
  const segments = useMemo(() => spansInEdit(document, judged ?? []), [document, judged])
  const asked = report?.answer.task_windows
  const taskWindows = useMemo(() => spansInEdit(document, asked ?? []), [document, asked])
  if (!report) return <></>
  const { answer, createdAt } = report
  const changed = answer.edit !== undefined && answer.edit.key !== editKey
  return (
    <>
      <StarScale stars={answer.stars} low={answer.low} high={answer.high} />
      <Under answer={answer} createdAt={createdAt} />
      <PackDoubts doubts={answer.pack.warnings ?? []} />
      {changed ? (
        <p className="stars-note">
          <TriangleAlert size={14} aria-hidden /> {t('stars.changed')}
        </p>
      ) : null}
      {answer.unseen ? <Unseen unseen={answer.unseen} /> : null}
      <section className="stack" aria-label={t('stars.raise')}>
        <h3>{t('stars.raise')}</h3>
        <Suggestions suggestions={answer.suggestions} />
      </section>
      <section className="stack" aria-label={t('stars.whyNumber')}>
        <h3>{t('stars.whyNumber')}</h3>
        <Waterfall answer={answer} />
      </section>
      <Wanted wanted={answer.wanted ?? null} />
      {segments.some(({ stars }) => stars > 0) ? (
        <section className="stack" aria-label={t('stars.moments')}>
          <h3>{t('stars.moments')}</h3>
          <Moments segments={segments} />
          <p className="faint">{t('stars.momentsWhat')}</p>
        </section>
      ) : null}
      {taskWindows.length > 0 ? (
        <section className="stack" aria-label={t('stars.task.moments')}>
          <h3>{t('stars.task.moments')}</h3>
          <TaskMoments windows={taskWindows} />
        </section>
      ) : null}
      {answer.assets.length > 0 ? (
        <section className="stack" aria-label={t('stars.carriers')}>
          <h3>{t('stars.carriers')}</h3>
          <Carriers answer={answer} />
        </section>
      ) : null}
      <section className="stack" aria-label={t('stars.contribution')}>
        <h3>{t('stars.contribution')}</h3>
        <Contribution answer={answer} />
        <p className="faint">{t('stars.noPromise')}</p>
      </section>
    </>
  )
}

/** What it is expected to bring, where that figure comes from, and what one below zero means. */
function Contribution({ answer: { contribution, pack } }: { answer: StarsAnswer }) {
  const { percent, low, high, benchmark, percent_of_score: ofScore } = contribution
  const figures = {
    percent: decimalWords(percent, 2),
    low: decimalWords(low, 2),
    high: decimalWords(high, 2),
  }
  return (
    <>
      <p className="muted num">
        {pack.kind === 'built-in' ? t('stars.share', figures) : t('stars.shareOfLab', { ...figures, benchmark })}
      </p>
      {typeof ofScore === 'number' ? (
        <p className="muted num">{t('stars.shareOfScore', { percent: decimalWords(ofScore, 2) })}</p>
      ) : null}
      {low < 0 ? <p className="faint">{t('stars.shareBelow')}</p> : null}
    </>
  )
}

/** Pack, day and base size: stars say nothing without them. */
function Under({ answer: { pack }, createdAt }: { answer: StarsAnswer; createdAt: string }) {
  const base =
    pack.base_size === null || pack.base_size === undefined
      ? t('stars.noBase')
      : t('stars.base', { count: pack.base_size })
  const { title, note } = packWords(pack)
  return (
    <button className="stars-under" onClick={() => useSession.setState({ starsTab: 'packs' })}>
      <span>
        <strong>{title}</strong> {pack.created ? <span className="faint num">{pack.created}</span> : null}
        <span className="muted stars-under__note">{note}</span>
        <span className="faint">
          {base} · {t('stars.predictedAt', { date: dateWords(new Date(createdAt)) })}
        </span>
      </span>
      <ChevronRight size={15} aria-hidden />
    </button>
  )
}

/** The recordings, what is worth most first: how far the stars fall without each, and what each is worth alone. */
function Carriers({ answer }: { answer: StarsAnswer }) {
  const document = useDocument((state) => state.document)
  const most = Math.max(0.001, ...answer.assets.map(({ adds_stars }) => Math.abs(adds_stars)))
  return (
    <ol className="carriers">
      {answer.assets.map(({ asset: id, adds_stars: adds, alone_stars: alone }) => {
        const asset = assetIn(document, id)
        if (!asset) return null
        return (
          <li key={id}>
            <button className="carriers__one" onClick={() => useSession.setState({ selectedAssetId: id })}>
              <MomentPicture asset={asset} seconds={(asset.durationSeconds ?? 0) / 2} width={48} />
              <span className="carriers__text">
                <span>{asset.title}</span>
                <span className="meter" aria-hidden>
                  <i
                    className={adds < 0 ? 'carriers__cost' : 'carriers__gain'}
                    style={{ width: `${(100 * Math.abs(adds)) / most}%` }}
                  />
                </span>
              </span>
              <span className="num carriers__figures">
                {signed(adds, 2)}
                <span className="faint">{t('stars.alone', { stars: decimalWords(alone, 1) })}</span>
              </span>
            </button>
          </li>
        )
      })}
    </ol>
  )
}
