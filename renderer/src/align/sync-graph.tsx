import { recordsOf, timeMapId, type Document } from '../../../shared/document/document.ts'
import { t } from '../i18n/text.ts'
import { runningClocks } from './hand-moments.ts'

const WIDTH = 340
const HEIGHT = 190

interface SyncGraphProps {
  readonly document: Document
  readonly chosen: string | null
  readonly onChoose: (evidenceId: string) => void
}

/** Clocks on a circle, evidence between them: solid what is used, dashed what was rejected. */
export function SyncGraph({ document, chosen, onChoose }: SyncGraphProps) {
  const clocks = runningClocks(document)
  const evidence = recordsOf(document, 'timeEvidence')
  const place = new Map(
    clocks.map((clock, n) => {
      const angle = (n / clocks.length) * 2 * Math.PI - Math.PI / 2
      return [
        clock.id,
        { x: WIDTH / 2 + Math.cos(angle) * WIDTH * 0.33, y: HEIGHT / 2 + Math.sin(angle) * HEIGHT * 0.34 },
      ] as const
    }),
  )
  return (
    <svg className="sync-graph" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={t('align.graph')}>
      {evidence.map((piece) => {
        const a = place.get(piece.clockA)
        const b = place.get(piece.clockB)
        if (!a || !b) return null
        return (
          <line
            key={piece.id}
            className={`sync-graph__edge ${piece.accepted ? '' : 'sync-graph__edge--rejected'} ${piece.id === chosen ? 'sync-graph__edge--chosen' : ''}`}
            x1={a.x}
            y1={a.y}
            x2={b.x}
            y2={b.y}
            strokeWidth={1 + 3 * piece.confidence}
            onClick={() => onChoose(piece.id)}
          />
        )
      })}
      {clocks.map((clock) => {
        const at = place.get(clock.id)!
        const asset = document.get(clock.assetId)
        const aligned = document.has(timeMapId(clock.id))
        return (
          <g key={clock.id} className={`sync-graph__node ${aligned ? '' : 'sync-graph__node--loose'}`}>
            <circle cx={at.x} cy={at.y} r={6} />
            <text x={at.x} y={at.y + (at.y < HEIGHT / 2 ? -11 : 20)} textAnchor="middle">
              {asset?.kind === 'asset' ? asset.title.slice(0, 18) : clock.title}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
