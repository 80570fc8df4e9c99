/** How files of text code their characters: spreadsheets and programs of Windows write UTF-16, old ones Latin-1. */

/** By the byte order mark; undefined where there is none of UTF-16. */
export function markOfUtf16(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le'
  return head[0] === 0xfe && head[1] === 0xff ? 'utf-16be' : undefined
}

/** A file or its beginning as text, without byte order mark. What is no UTF-8 is Latin-1. */
export function textOfBytes(head: Uint8Array): string {
  const wide = markOfUtf16(head)
  if (wide) return new TextDecoder(wide).decode(head.subarray(0, head.length & ~1))
  try {
    // A character may be cut in two where the head ends.
    return new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
  } catch {
    return new TextDecoder('latin1').decode(head)
  }
}
