/**
 * What others wrote into files and onto chains, as it goes to a terminal or to a page where something is agreed to: it
 * neither steers the terminal nor turns round what stands beside it.
 */
const UNSEEN = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

/** One line; in JSON it means the same. */
export const visibleLine = (text: string): string =>
  text.replaceAll(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The same of a text whose lines are its own. */
export const visibleText = (text: string): string => text.split('\n').map(visibleLine).join('\n')
