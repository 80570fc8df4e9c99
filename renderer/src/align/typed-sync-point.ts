import type { SyncPoint } from '../../../shared/document/records.ts'
import { typedNumber } from '../ui/typed-number.ts'

/** A moment of a recording as it stands in the form. */
export interface TypedMoment {
  /** Empty: no recording yet. */
  readonly clockId: string
  /** On the recording's own clock. */
  readonly seconds: string
}

/** Null while a moment is missing, or both are of one recording. */
export function syncPointOf(a: TypedMoment, b: TypedMoment): Omit<SyncPoint, 'kind' | 'id'> | null {
  const [secondsA, secondsB] = [typedNumber(a.seconds), typedNumber(b.seconds)]
  if (secondsA === null || secondsB === null) return null
  if (a.clockId === '' || b.clockId === '' || a.clockId === b.clockId) return null
  return { clockA: a.clockId, secondsA, clockB: b.clockId, secondsB }
}
