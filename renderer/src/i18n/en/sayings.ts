import { SAYINGS } from '../../../../shared/sayings/saying.ts'

type Said = { readonly [Code in keyof typeof SAYINGS as `said.${Code}`]: (typeof SAYINGS)[Code] }

/** What the engine says, under keys of the window's own. */
export const sayings = Object.fromEntries(
  Object.entries(SAYINGS).map(([code, message]) => [`said.${code}`, message]),
) as Said
