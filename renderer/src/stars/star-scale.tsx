import { Star } from 'lucide-react'
import { t } from '../i18n/text.ts'

/** The stars, large, over a scale that shows the interval. */
export function StarScale({ stars, low, high }: { stars: number; low: number; high: number }) {
  const at = (value: number): string => `${(value / 5) * 100}%`
  return (
    <div
      className="star-scale"
      role="img"
      aria-label={t('stars.scale', { stars: stars.toFixed(1), low: low.toFixed(1), high: high.toFixed(1) })}
    >
      <div className="star-scale__number num">
        {stars.toFixed(1)}
        <Star size={26} aria-hidden />
        <span className="star-scale__interval">
          {low.toFixed(1)} – {high.toFixed(1)}
        </span>
      </div>
      <div className="star-scale__bar">
        <i className="star-scale__range" style={{ left: at(low), width: at(high - low) }} />
        <i className="star-scale__point" style={{ left: at(stars) }} />
      </div>
      <div className="star-scale__ticks faint num">
        {[0, 1, 2, 3, 4, 5].map((tick) => (
          <span key={tick}>{tick}</span>
        ))}
      </div>
    </div>
  )
}
