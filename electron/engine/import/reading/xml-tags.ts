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

const MARKUP =
  /<(?:!--[\s\S]*?(?:-->|$)|!\[CDATA\[(?<data>[\s\S]*?)(?:\]\]>|$)|[!?][^>]*>|(?<close>\/?)(?:(?<prefix>[\w.-]+):)?(?<name>[\w.-]+)(?<attributes>(?:\s[^<>]*?)?)(?<empty>\/?)>)(?<text>[^<]*)/g

export function* xmlTags(document: string): Generator<XmlTag> {
  let tag: XmlTag | undefined
  for (const { groups } of document.matchAll(MARKUP)) {
    const { name, close, empty, prefix = '', attributes = '', data, text } = groups!
    if (name === undefined) {
      if (tag) tag = { ...tag, text: tag.text + (data ?? '') + text! }
      continue
    }
    if (tag) yield tag
    tag = { prefix, name, kind: close ? 'close' : empty ? 'empty' : 'open', attributes, text: text! }
  }
  if (tag) yield tag
}

/** Of the attributes of a tag, one as it is written. */
export function attributeOf({ attributes }: XmlTag, name: string): string | undefined {
  return new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)?.slice(1).find(Boolean)
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Words with the characters that XML itself has names for. */
export function xmlWords(text: string): string {
  return text.replace(/&(\w+);/g, (written, name: string) => ENTITIES[name] ?? written).trim()
}
