/** Headers that let an upload in, from a file: an argument or an address could be read by others. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { readNamedFile } from '../../named-file.ts'

const MAX_BYTES = 64 << 10
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/
/** What the request itself says of its bytes. */
const RESERVED = new Set(['content-length', 'content-type', 'host', 'transfer-encoding', 'connection', 'cookie2'])

/**
 * Reads lines of the form `Name: value`; empty lines and lines that begin with `#` are left out.
 *
 * @throws AsterismError `bad_input` naming the line by its number, never by what it holds
 */
export async function readHeadersFile(path: string): Promise<Record<string, string>> {
  const text = (await readNamedFile(path, MAX_BYTES, say('upload.noHeaders'))).toString('utf8')
  const headers: Record<string, string> = {}
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const found = HEADER.exec(line)
    if (found === null || RESERVED.has(found[1].toLowerCase())) {
      throw new AsterismError('bad_input', say('upload.badHeader', { line: index + 1 }), {
        path,
        fix: say('upload.fix.headerLines'),
      })
    }
    headers[found[1]] = found[2].trim()
  }
  return headers
}
