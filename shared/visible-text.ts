/**
 * Makes text by others (from files and chains) safe to show on a terminal or a confirmation page: it cannot control the
 * terminal, nor reverse the text beside it.
 */
const UNSEEN = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

/** For one line; inside JSON the value stays the same. */
export const visibleLine = (text: string): string =>
  text.replaceAll(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The same for a text with line breaks. */
export const visibleText = (text: string): string => text.split('\n').map(visibleLine).join('\n')
