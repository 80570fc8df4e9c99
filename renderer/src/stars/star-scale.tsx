import { Star } from 'lucide-react'
import { decimalWords, t } from '../i18n/text.ts'

const MOST = 5
const TICKS = [0, 1, 2, 3, 4, 5]

/** The stars, large, over a scale that shows the interval. */
export function StarScale({ stars, low, high }: { stars: number; low: number; high: number }) {
  const at = (value: number): string => `${(value / MOST) * 100}%`
  return (
    <div
      className="star-scale"
      role="img"
      aria-label={t('stars.scale', {
        stars: decimalWords(stars, 1),
        low: decimalWords(low, 1),
        high: decimalWords(high, 1),
      })}
    >
      <div className="star-scale__head">
        <span className="star-scale__number num">{decimalWords(stars, 1)}</span>
        <span className="star-scale__side">
          <StarRow stars={stars} size={22} />
          <span className="star-scale__interval num">
            {t('stars.interval', { low: decimalWords(low, 1), high: decimalWords(high, 1) })}
          </span>
        </span>
      </div>
      <div className="star-scale__bar">
        <i className="star-scale__range" style={{ left: at(low), width: at(high - low) }} />
        <i className="star-scale__point" style={{ left: at(stars) }} />
      </div>
      <div className="star-scale__ticks faint num">
        {TICKS.map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </div>
  )
}

/** Five stars, filled as far as the number says. */
function StarRow({ stars, size }: { stars: number; size: number }) {
  return (
    <span className="star-row" aria-hidden>
      {TICKS.slice(1).map((tick) => (
        <span key={tick} className="star-row__star" style={{ width: size, height: size }}>
          <Star size={size} strokeWidth={1.5} />
          <i style={{ width: `${100 * Math.min(1, Math.max(0, stars - tick + 1))}%` }}>
            <Star size={size} strokeWidth={1.5} />
          </i>
        </span>
      ))}
    </span>
  )
}

/** The stars and their interval in a line, for lists. */
export function StarLine({ stars, low, high }: { stars: number; low: number; high: number }) {
  const at = (value: number): string => `${(value / MOST) * 100}%`
  return (
    <span className="star-scale__bar star-scale__bar--line" aria-hidden>
      <i className="star-scale__range" style={{ left: at(low), width: at(high - low) }} />
      <i className="star-scale__point" style={{ left: at(stars) }} />
    </span>
  )
}
