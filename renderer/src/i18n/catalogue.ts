/** What a language owes to the English one. */
import type { Plural } from '../../../shared/sayings/saying.ts'

/** The same keys as the English part, plural where English is. Slots (`{name}`) are compared by a test. */
export type Translation<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Plural
}
