/**
 * What ffmpeg and ffprobe answered about themselves, kept between runs: a start of either takes longer than most of
 * what it is then asked to do (a fifth of a second where it is linked against two hundred libraries).
 *
 * An answer counts for the file that gave it and for the libraries it was loaded with. Nothing is kept of a script: the
 * program it starts can change behind it.
 */
import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { cacheFolder } from '../home.ts'

/** The linker's list of libraries; it is written anew whenever one is installed, replaced or removed. */
const LINKER_CACHE = '/etc/ld.so.cache'
/** Variables that choose other libraries for the same program. */
const LINKER_VARIABLES = ['LD_LIBRARY_PATH', 'LD_PRELOAD', 'DYLD_LIBRARY_PATH'] as const

/**
 * The kept answer, or what `ask` gives, which is kept when it is not null.
 *
 * @param question the arguments the tool is started with
 * @param folder where answers are kept
 */
export async function keptAnswer(
  path: string,
  question: string,
  ask: () => Promise<string | null>,
  folder: string = join(cacheFolder(), 'tools'),
): Promise<string | null> {
  const identity = await identityOf(path).catch(() => null)
  if (identity === null) return await ask()
  const file = join(folder, createHash('sha256').update(`${path}\n${question}`).digest('hex').slice(0, 32))
  const kept = await readFile(file, 'utf8').catch(() => '')
  // The first line says of what it is the answer.
  if (kept.startsWith(`${identity}\n`)) return kept.slice(identity.length + 1)
  const answer = await ask()
  // Replaced while it was asked: nobody knows which of the two answered.
  if (answer !== null && (await identityOf(path).catch(() => null)) === identity)
    await keep(file, `${identity}\n${answer}`)
  return answer
}

/** Null for what is no program itself: a script. */
async function identityOf(path: string): Promise<string | null> {
  const real = await realpath(path)
  if (await isScript(real)) return null
  const libraries = process.platform === 'linux' ? LINKER_CACHE : dirname(real)
  return JSON.stringify([
    real,
    await stampOf(real),
    await stampOf(libraries).catch(() => 'none'),
    LINKER_VARIABLES.map((name) => process.env[name] ?? ''),
  ])
}

async function stampOf(path: string): Promise<string> {
  const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ')
}

async function isScript(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead < 2 || buffer.toString('latin1') === '#!'
  } finally {
    await file.close()
  }
}

/** Without it the tool is asked again, so that a full or read-only disk is no reason to fail. */
async function keep(file: string, text: string): Promise<void> {
  const unfinished = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(unfinished, text, { mode: 0o600 })
    await rename(unfinished, file)
  } catch {
    await rm(unfinished, { force: true }).catch(() => undefined)
  }
}
