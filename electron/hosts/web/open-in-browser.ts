/**
 * Opens the studio in a browser without passing the link as an argument, since every user of a machine can read the
 * arguments of every process. The link is in a private file for a moment, and works once.
 */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeDurably } from '../../engine/chain/durable-file.ts'
import { startProgram } from '../../engine/programs.ts'

/** Long enough for a browser to start on a busy machine. */
const FILE_LASTS_MILLISECONDS = 60_000

/** The content of the file: only a redirect. Our links contain no character that HTML would have to escape. */
const pageLeadingTo = (link: string): string =>
  `<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer"><meta http-equiv="refresh" content="0; url=${link}"><title>Asterism</title>\n`

/**
 * @param folder Of the program: private files are made there.
 * @returns removes the file; it is removed after a minute anyway. @throws AsterismError `disk_full`, `not_writable`.
 */
export async function openInBrowser(browser: string, link: string, folder: string): Promise<() => Promise<void>> {
  const path = join(folder, `open-${randomBytes(8).toString('hex')}.html`)
  await writeDurably(path, pageLeadingTo(link))
  const takeAway = async (): Promise<void> => {
    clearTimeout(timer)
    await rm(path, { force: true })
  }
  const timer = setTimeout(() => void takeAway(), FILE_LASTS_MILLISECONDS).unref()
  const started = startProgram(browser, [pathToFileURL(path).href], { detached: true, stdio: 'ignore' })
  // A browser that cannot be started counts as none: the address is printed.
  started.once('error', () => void takeAway())
  started.unref()
  return takeAway
}
