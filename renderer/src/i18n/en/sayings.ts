import { SAYINGS } from '../../../../shared/sayings/saying.ts'

/** Sayings under the keys of the window. */
export type SayingsOf<Sayings> = {
  readonly [Code in keyof Sayings & string as `said.${Code}`]: Sayings[Code]
}

/** What the engine says, under keys of the window's own. */
export const sayings = Object.fromEntries(
  Object.entries(SAYINGS).map(([code, message]) => [`said.${code}`, message]),
) as SayingsOf<typeof SAYINGS>
