/** Between the names that a project keeps of its gestures and what a window says of them in its own language. */
import type { Saying } from './saying.ts'
import { steps } from './steps.ts'

interface StepPattern {
  readonly code: string
  readonly slots: readonly string[]
  readonly pattern: RegExp
  /** Letters that are not in slots: of two patterns that fit, the one that says more is meant. */
  readonly fixed: number
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

const PATTERNS: readonly StepPattern[] = Object.entries(steps)
  .map(([code, text]) => {
    const parts = text.split(/\{(\w+)\}/)
    const slots = parts.filter((_, at) => at % 2 === 1)
    const fixed = parts.filter((_, at) => at % 2 === 0)
    return {
      code,
      slots,
      pattern: new RegExp(`^${fixed.map(escaped).join('(.+)')}$`, 's'),
      fixed: fixed.join('').length,
    }
  })
  .toSorted((a, b) => b.fixed - a.fixed)

/** What a label says, where it is of a gesture of the engine; undefined of a window's own, which is in its language. */
export function sayingOfStep(label: string): Saying | undefined {
  for (const { code, slots, pattern } of PATTERNS) {
    const found = pattern.exec(label)
    if (found) return { code, slots: Object.fromEntries(slots.map((name, at) => [name, found[at + 1]!])) }
  }
  return undefined
}
