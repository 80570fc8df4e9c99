/** Rules for new pass phrases. Those of imported keystores are kept as they are. */

const SHORTEST_NEW_PASSPHRASE = 12
const FEWEST_DIFFERENT_SIGNS = 6
/** Of all steps from a sign to the next: more are a row of the keyboard, of the alphabet, or one sign over and over. */
const MOST_EVEN_STEPS = 0.5

export type Weakness = 'short' | 'simple'

/** Null if it is strong enough. */
export function weaknessOf(passphrase: string): Weakness | null {
  const signs = [...passphrase.trim().toLowerCase()]
  if (signs.length < SHORTEST_NEW_PASSPHRASE) return 'short'
  if (new Set(signs).size < FEWEST_DIFFERENT_SIGNS) return 'simple'
  const steps = signs.slice(1).map((sign, n) => sign.codePointAt(0)! - signs[n]!.codePointAt(0)!)
  const even = steps.filter((step) => Math.abs(step) <= 1).length
  return even > steps.length * MOST_EVEN_STEPS ? 'simple' : null
}
