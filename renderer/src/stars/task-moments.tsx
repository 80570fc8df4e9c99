import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { seek } from '../state/transport.ts'
import { signed } from '../ui/format.ts'
import { t } from '../i18n/text.ts'
import { shortTime } from './moments.tsx'
import './task-moments.css'

type TaskWindow = NonNullable<StarsAnswer['task_windows']>[number]

/** So many of those that teach most, and of those that harm most, are written out. */
const TOLD = 3

/** Moment by moment why a take is useful to the lab whose pack it is: what each teaches, how rare it is, what it is most like. */
export function TaskMoments({ windows }: { windows: readonly TaskWindow[] }) {
  const start = Math.min(...windows.map((window) => window.start_s))
  const end = Math.max(...windows.map((window) => window.end_s))
  const most = Math.max(1e-9, ...windows.map(({ influence_points: points }) => Math.abs(points ?? 0)))
  const taught = windows.filter(({ influence_points: points }) => points !== null)
  const raising = taught.filter(({ influence_points: points }) => points! > 0)
  const lowering = taught.filter(({ influence_points: points }) => points! < 0)
  return (
    <>
      <p className="muted">
        {t('stars.task.summary', {
          raise: raising.length,
          lower: lowering.length,
          silent: windows.length - taught.length,
        })}
      </p>
      <div
        className="task-strip"
        aria-hidden
        onPointerDown={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          seek(start + ((event.clientX - box.left) / box.width) * (end - start))
        }}
      >
        {windows.map((window, at) => (
          <Bar key={at} window={window} start={start} span={end - start} most={most} />
        ))}
      </div>
      <ol className="task-moments">
        {told(raising, lowering).map((window, at) => (
          <li key={at}>
            <button className="task-moments__one" onClick={() => seek(window.start_s)}>
              <span className="num">{shortTime(window.start_s)}</span>
              <span className={`num ${window.influence_points! < 0 ? 'bad' : 'good'}`}>
                {t('stars.task.points', { points: signed(window.influence_points!, 3) })}
              </span>
              <span className="muted">{factsOf(window).join(' · ')}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  )
}

/** Upwards what teaches, downwards what harms; a mark on the line for what teaches nothing. The rarer, the fuller. */
function Bar({ window, start, span, most }: { window: TaskWindow; start: number; span: number; most: number }) {
  const points = window.influence_points
  const kind = points === null || points === 0 ? 'none' : points > 0 ? 'raises' : 'lowers'
  return (
    <i
      className={`task-strip__bar task-strip__bar--${kind}`}
      title={[shortTime(window.start_s), ...factsOf(window)].join(' · ')}
      style={{
        left: `${(100 * (window.start_s - start)) / span}%`,
        width: `${(100 * (window.end_s - window.start_s)) / span}%`,
        height: `${Math.max(3, (48 * Math.abs(points ?? 0)) / most)}%`,
        opacity: 0.45 + 0.55 * (window.rarity ?? 1),
      }}
    />
  )
}

function told(raising: readonly TaskWindow[], lowering: readonly TaskWindow[]): TaskWindow[] {
  const strongest = (windows: readonly TaskWindow[]): TaskWindow[] =>
    [...windows].sort((a, b) => Math.abs(b.influence_points!) - Math.abs(a.influence_points!)).slice(0, TOLD)
  return [...strongest(raising), ...strongest(lowering)]
}

function factsOf({ named, rarity, nearest }: TaskWindow): string[] {
  return [
    ...(named === null ? [] : [t('stars.task.named', { name: named })]),
    ...(rarity === null ? [] : [t('stars.task.rarer', { share: Math.round(100 * rarity) })]),
    ...(nearest === null ? [] : [t('stars.task.like', { name: nearest })]),
  ]
}
