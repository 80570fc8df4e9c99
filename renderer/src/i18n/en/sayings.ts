import { SAYINGS } from '../../../../shared/sayings/saying.ts'

/** Sayings under the keys of the window. */
export type SayingsOf<Sayings> = {
  readonly [Code in keyof Sayings & string as `said.${Code}`]: Sayings[Code]
}

/** The same texts under the keys of the window. */
export const underSaid = <Sayings extends object>(sayings: Sayings): SayingsOf<Sayings> =>
  Object.fromEntries(Object.entries(sayings).map(([code, message]) => [`said.${code}`, message])) as SayingsOf<Sayings>

/** What the engine says, under keys of the window's own. */
export const sayings = underSaid(SAYINGS)
