/** The Range header of HTTP (RFC 9110, 14.2), for one range of bytes. */

export type RangeAnswer =
  /** The whole: no range was asked for, or one that this server does not serve, which it may ignore. */
  | { readonly kind: 'whole' }
  /** First and last byte, both included. */
  | { readonly kind: 'part'; readonly first: number; readonly last: number }
  /** Nothing of what was asked for is there. */
  | { readonly kind: 'unsatisfiable' }

const WHOLE: RangeAnswer = { kind: 'whole' }

/**
 * What to send for a Range header. A header that is malformed, of another unit, or for several ranges is ignored, as
 * the standard allows; a range beyond the end is not satisfiable.
 *
 * @param size Of the file, bytes.
 */
export function parseByteRange(header: string | null, size: number): RangeAnswer {
  const match = /^bytes=[ \t]*(\d*)[ \t]*-[ \t]*(\d*)[ \t]*$/i.exec(header?.trim() ?? '')
  if (!match) return WHOLE
  const [, from, to] = match
  if (from === '' && to === '') return WHOLE
  if (from === '') {
    const length = Number(to)
    if (length === 0 || size === 0) return { kind: 'unsatisfiable' }
    return { kind: 'part', first: Math.max(0, size - length), last: size - 1 }
  }
  const first = Number(from)
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1)
  if (to !== '' && Number(to) < first) return WHOLE
  if (first >= size) return { kind: 'unsatisfiable' }
  return { kind: 'part', first, last }
}
