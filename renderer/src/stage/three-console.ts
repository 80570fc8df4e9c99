import { setConsoleFunction } from 'three'

/** What the React binding of three still does the old way; nothing that anyone here can act on. */
const KNOWN = 'Clock: This module has been deprecated'

/** Lets everything three has to say through, but for the one known complaint. */
export function quietThree(): void {
  setConsoleFunction((type, message, ...details) => {
    if (type === 'warn' && String(message).includes(KNOWN)) return
    // oxlint-disable-next-line no-console -- this is three's own console, handed on
    console[type](message, ...details)
  })
}
