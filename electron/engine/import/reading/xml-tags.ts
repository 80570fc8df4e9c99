/**
 * The tags of XML one after another, for tables of points that are too long for a tree. Nothing is nested, no entity of
 * the document's own is looked up, and a file that breaks off gives what came before.
 */

export interface XmlTag {
  /** Before the colon; empty where there is none. */
  readonly prefix: string
  /** Without prefix. */
  readonly name: string
  readonly kind: 'open' | 'close' | 'empty'
  /** As they are written. */
  readonly attributes: string
  /** What stands between it and the next tag. */
  readonly text: string
}

const [BLANK, EXCLAMATION, QUOTE, APOSTROPHE, SLASH, COLON, GREATER, QUESTION] = [32, 33, 34, 39, 47, 58, 62, 63]

/** What is no tag: where it begins, ends, and whether its content is text. */
const OTHERS = [
  { opens: '<!--', closes: '-->', isText: false },
  { opens: '<![CDATA[', closes: ']]>', isText: true },
  { opens: '<', closes: '>', isText: false },
] as const

/** A `>` within quotes ends no tag; where a quote is never closed it does. */
function endOfTag(document: string, from: number, firstEnd: number, limit: number): number {
  let quote = 0
  for (let at = from; at < limit; at++) {
    const code = document.charCodeAt(at)
    if (quote !== 0) quote = code === quote ? 0 : quote
    else if (code === GREATER) return at
    else if (code === QUOTE || code === APOSTROPHE) quote = code
  }
  return firstEnd
}

/** @param end Where its `>` stands. @returns Undefined for what has no name. */
function tagBetween(document: string, start: number, end: number, text: string): XmlTag | undefined {
  const isClose = document.charCodeAt(start) === SLASH
  const isEmpty = end > start && document.charCodeAt(end - 1) === SLASH
  const [first, last] = [isClose ? start + 1 : start, isEmpty ? end - 1 : end]
  let [at, nameFrom] = [first, first]
  for (; at < last; at++) {
    const code = document.charCodeAt(at)
    if (code <= BLANK) break
    if (code === COLON) nameFrom = at + 1
  }
  if (at <= nameFrom) return undefined
  return {
    prefix: nameFrom > first ? document.slice(first, nameFrom - 1) : '',
    name: document.slice(nameFrom, at),
    kind: isClose ? 'close' : isEmpty ? 'empty' : 'open',
    attributes: document.slice(at, last),
    text,
  }
}

export function* xmlTags(document: string): Generator<XmlTag> {
  const { length } = document
  const find = (what: string, from: number): number => {
    const found = document.indexOf(what, from)
    return found < 0 ? length : found
  }
  let tag: XmlTag | undefined
  let start = find('<', 0)
  let end = 0
  while (start < length) {
    const code = document.charCodeAt(start + 1)
    if (code === EXCLAMATION || code === QUESTION) {
      const { opens, closes, isText } = OTHERS.find((each) => document.startsWith(each.opens, start))!
      const [from, to] = [start + opens.length, find(closes, start + opens.length)]
      start = find('<', to + closes.length)
      const text = document.slice(to + closes.length, start)
      if (tag) tag = { ...tag, text: tag.text + (isText ? document.slice(from, to) : '') + text }
      continue
    }
    const next = find('<', start + 1)
    // Kept while it lies ahead: without it nothing but the beginnings of tags would be searched to the end each time.
    if (end <= start) end = find('>', start + 1)
    if (end < next) {
      const close = endOfTag(document, start + 1, end, next)
      const found = tagBetween(document, start + 1, close, document.slice(close + 1, next))
      if (found) {
        if (tag) yield tag
        tag = found
      }
    }
    start = next
  }
  if (tag) yield tag
}

const ATTRIBUTES = new Map<string, RegExp>()

/** Of the attributes of a tag, one as it is written. @param name One of the few that a reader asks for. */
export function attributeOf({ attributes }: XmlTag, name: string): string | undefined {
  const pattern = ATTRIBUTES.get(name) ?? new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`)
  ATTRIBUTES.set(name, pattern)
  const match = pattern.exec(attributes)
  return match?.[1] || match?.[2]
}

const ENTITIES = new Map<string, string>(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }))

/** Words with the characters that XML itself has names for. */
export function xmlWords(text: string): string {
  return text.replace(/&(\w+);/g, (written, name: string) => ENTITIES.get(name) ?? written).trim()
}
