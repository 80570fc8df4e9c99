/** What a message may be, and what a language owes to the English one. */
export interface Plural {
  readonly one: string
  readonly other: string
}

export type Message = string | Plural

/** The same keys as the English part, plural where English is. Slots (`{name}`) are compared by a test. */
export type Translation<English> = {
  readonly [Key in keyof English]: English[Key] extends string ? string : Plural
}
