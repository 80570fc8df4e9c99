import { transformId, type Document } from '../../../shared/document/document.ts'
import type { Asset } from '../../../shared/document/records.ts'
import { translationOf, type Vector3 } from '../../../shared/geometry/matrix4.ts'
import { methodWords } from '../align/align-facts.tsx'
import { decimalWords, t, type PlainKey } from '../i18n/text.ts'
import { useEngine } from '../state/engine-context.ts'
import { anglesOf, placeByHand, reasonNotToMove, withAngles, withPosition } from '../stage/place-by-hand.ts'
import { useStage } from '../stage/stage-store.ts'
import { percentWords, signed } from '../ui/format.ts'
import { NumberField } from '../ui/number-field.tsx'

const AXES = ['X', 'Y', 'Z'] as const
const ANGLES: readonly PlainKey[] = ['inspector.heading', 'inspector.pitch', 'inspector.roll']

/** Where a recording stands in the world and how sure that is; what may be moved is moved by its figures too. */
export function SpaceFacts({ asset, document }: { asset: Asset; document: Document }) {
  const { commit } = useEngine()
  const asRecorded = useStage((state) => state.asRecorded)
  const preview = useStage((state) => state.preview)
  const transform = document.get(transformId(asset.id))
  if (transform?.kind !== 'transform') return null
  const { worldFromAsset } = transform
  const position = translationOf(worldFromAsset)
  const angles = anglesOf(worldFromAsset)
  const fixedBecause = reasonNotToMove(document, asset.id, { asRecorded, preview })
  const place = (next: readonly number[]): void =>
    commit(t('stage.placeByHand'), (draft) => placeByHand(draft, asset.id, next))
  return (
    <>
      <h3>{t('inspector.space')}</h3>
      {fixedBecause === null ? (
        <div className="number-facts">
          {AXES.map((axis, n) => (
            <NumberField
              key={axis}
              label={axis}
              unit="m"
              values={[position[n]!]}
              onChange={(value) => place(withPosition(worldFromAsset, replaced(position, n, value)))}
            />
          ))}
          {ANGLES.map((angle, n) => (
            <NumberField
              key={angle}
              label={t(angle)}
              unit="°"
              values={[angles[n]!]}
              onChange={(value) => place(withAngles(worldFromAsset, replaced(angles, n, value)))}
            />
          ))}
        </div>
      ) : null}
      <dl className="facts">
        {fixedBecause === null ? null : (
          <>
            <dt>{t('inspector.position')}</dt>
            <dd className="num">{position.map((value) => signed(value, 3)).join('  ')} m</dd>
          </>
        )}
        {transform.rmseMetres === null ? null : (
          <>
            <dt>{t('inspector.residual')}</dt>
            <dd className="num">{decimalWords(transform.rmseMetres * 1000, 1)} mm</dd>
          </>
        )}
        {transform.overlap === null ? null : (
          <>
            <dt>{t('inspector.overlap')}</dt>
            <dd className="num">{percentWords(transform.overlap)}</dd>
          </>
        )}
        <dt>{t('inspector.belief')}</dt>
        <dd>
          {t('inspector.beliefBy', {
            percent: percentWords(transform.confidence),
            method: methodWords(transform.method),
          })}
        </dd>
      </dl>
    </>
  )
}

function replaced(values: Vector3, at: number, value: number): Vector3 {
  const [x, y, z] = values.map((each, n) => (n === at ? value : each))
  return [x!, y!, z!]
}
