/** Shares in hundredths of a percent, as contracts keep them. */
import { fixedAmount } from '../../../shared/sayings/amounts.ts'

/** Without trailing zeros; each language writes its own decimal point. */
export function percentWords(basisPoints: number) {
  const percent = basisPoints / 100
  return fixedAmount(percent, Number.isInteger(percent) ? 0 : 2)
}
