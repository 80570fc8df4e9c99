import { t } from '../i18n/text.ts'
import type { Curve } from '../../../shared/document/records.ts'
import { shortFigure } from '../ui/format.ts'

const WIDTH = 320
const HEIGHT = 96

/** The curve behind a piece of evidence: points, since it is measurements. */
export function CurvePlot({ curve }: { curve: Curve }) {
  const count = Math.min(curve.x.length, curve.y.length)
  if (count === 0) return null
  const title = t(`align.curve.${curve.kind ?? 'unnamed'}`)
  const [x0, x1] = range(curve.x)
  const [y0, y1] = range(curve.y)
  const px = (x: number): number => 34 + ((x - x0) / (x1 - x0 || 1)) * (WIDTH - 42)
  const py = (y: number): number => HEIGHT - 20 - ((y - y0) / (y1 - y0 || 1)) * (HEIGHT - 30)
  const path = curve.x
    .slice(0, count)
    .map((x, i) => `${i === 0 ? 'M' : 'L'}${px(x).toFixed(1)} ${py(curve.y[i]!).toFixed(1)}`)
  return (
    <figure className="curve">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={title}>
        <path className="curve__axis" d={`M34 8V${HEIGHT - 20}H${WIDTH - 8}`} />
        <path className="curve__line" d={path.join('')} />
        <text x={30} y={14} textAnchor="end">
          {shortFigure(y1)}
        </text>
        <text x={30} y={HEIGHT - 20} textAnchor="end">
          {shortFigure(y0)}
        </text>
        <text x={34} y={HEIGHT - 6}>
          {shortFigure(x0)}
        </text>
        <text x={WIDTH - 8} y={HEIGHT - 6} textAnchor="end">
          {shortFigure(x1)}
        </text>
      </svg>
      <figcaption className="faint">{title}</figcaption>
    </figure>
  )
}

function range(values: readonly number[]): [number, number] {
  let least = Infinity
  let most = -Infinity
  for (const value of values) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  return [least, most]
}
