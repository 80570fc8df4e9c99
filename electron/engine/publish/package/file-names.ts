/** Names that mean the same on every system, in a URL and in an archive. */

/** Names that Windows keeps for devices, whatever their extension. */
const DEVICES = /^(con|prn|aux|nul|com\d|lpt\d)$/i
const LONGEST_BYTES = 100

function cutBytes(text: string, limit: number): string {
  let result = ''
  let bytes = 0
  for (const letter of text) {
    bytes += Buffer.byteLength(letter)
    if (bytes > limit) break
    result += letter
  }
  return result
}

/**
 * One name made safe: composed Unicode (NFC); letters, digits, `.`, `_` and `-` kept, runs of anything else become one
 * `-`; no leading dot, no device name, at most 100 bytes with its extension kept.
 */
export function safeName(name: string): string {
  const clean = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
  const dot = clean.lastIndexOf('.')
  const extension = dot > 0 && clean.length - dot <= 12 ? clean.slice(dot) : ''
  const stem = cutBytes(clean.slice(0, clean.length - extension.length), LONGEST_BYTES - Buffer.byteLength(extension))
  const whole = stem === '' ? `file${extension}` : `${stem}${extension}`
  return DEVICES.test(stem.split('.')[0]) ? `_${whole}` : whole
}

/** Safe names that differ from each other even where capitals do not count, given out in order of the asking. */
export function uniqueNames(): (name: string) => string {
  const taken = new Set<string>()
  return (name) => {
    const safe = safeName(name)
    const dot = safe.lastIndexOf('.')
    const stem = dot > 0 ? safe.slice(0, dot) : safe
    const extension = dot > 0 ? safe.slice(dot) : ''
    let candidate = safe
    for (let count = 2; taken.has(candidate.toLowerCase()); count++) candidate = `${stem}-${count}${extension}`
    taken.add(candidate.toLowerCase())
    return candidate
  }
}
