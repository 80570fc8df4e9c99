/** Shares in hundredths of a percent, as contracts keep them. */
import { fixedAmount } from '../../../shared/sayings/amounts.ts'

/** Without hundredths that are naught: each language writes the point its own way. */
export function percentWords(basisPoints: number) {
  const percent = basisPoints / 100
  return fixedAmount(percent, Number.isInteger(percent) ? 0 : 2)
}
