/** What a lab put into a folder: pictures, films or sounds in one subfolder a class, or pictures with captions. */
import type { Dirent } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, extname, isAbsolute, join, normalize } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { STARPACK_LIMITS } from '../../../shared/stars/starpack.ts'
import { rowsOf } from '../publish/formats/labels-read.ts'

/** By which sense a file is looked at. */
export type Sense = 'picture' | 'film' | 'sound'

export type PackFolder =
  | {
      readonly kind: 'classes'
      readonly classNames: readonly string[]
      readonly files: readonly { readonly path: string; readonly sense: Sense; readonly label: number }[]
    }
  | { readonly kind: 'captions'; readonly files: readonly { readonly path: string; readonly caption: string }[] }

const EXTENSIONS: Readonly<Record<Sense, readonly string[]>> = {
  picture: ['.png', '.jpg', '.jpeg', '.webp', '.gif', '.avif', '.tif', '.tiff'],
  film: ['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi'],
  sound: ['.wav', '.flac', '.mp3', '.m4a', '.aac', '.ogg', '.opus'],
}
const SENSES = new Map(
  Object.entries(EXTENSIONS).flatMap(([sense, own]) => own.map((extension) => [extension, sense as Sense])),
)
/** Lists of captions, as data sets of pictures have them. */
const LISTS = ['captions.jsonl', 'captions.csv', 'metadata.jsonl', 'metadata.csv']
const PICTURE_COLUMNS = ['file_name', 'file', 'image', 'path']
const CAPTION_COLUMNS = ['caption', 'text']
const MOST_FILES = 20_000
const MOST_LIST_BYTES = 64_000_000
const LONGEST_CAPTION = 10_000

const lineSchema = z.record(z.string(), z.unknown())

function senseOf(name: string): Sense | undefined {
  return SENSES.get(extname(name).toLowerCase())
}

/** What lies in a folder. @throws AsterismError `bad_input` where it cannot be opened, by its rights or its name */
async function entriesOf(folder: string): Promise<Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AsterismError('bad_input', say('packBuild.folderUnread'), {
      path: folder,
      fix: say('packBuild.fix.folderUnread'),
      cause,
    })
  })
}

async function textOf(path: string, most: number): Promise<string> {
  const { size } = await stat(path)
  if (size > most) throw new AsterismError('too_large', say('numbers.long', { bytes: size, most }), { path })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path))
  } catch (cause) {
    throw new AsterismError('bad_input', say('packBuild.notText'), { path, cause })
  }
}

/** The rows of a list of captions, by the names of its columns. */
function linesOf(path: string, content: string): Record<string, unknown>[] {
  if (extname(path) === '.csv') {
    const [head = [], ...rows] = rowsOf(content)
    return rows.map((row) => Object.fromEntries(head.map((name, at) => [name.trim(), row[at]])))
  }
  return content.split(/\r?\n/).flatMap((line, at) => {
    if (line.trim() === '') return []
    try {
      return [lineSchema.parse(JSON.parse(line))]
    } catch (cause) {
      throw new AsterismError('bad_input', say('packBuild.lineNoObject', { line: at + 1 }), { path, cause })
    }
  })
}

function columnOf(line: Record<string, unknown>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(line, name) ? line[name] : undefined
    if (typeof value === 'string' && value.trim() !== '') return value
  }
  return null
}

/** Pictures of a list, each inside the folder. @throws AsterismError `bad_input` naming the row */
async function listedCaptions(folder: string, list: string): Promise<PackFolder> {
  const path = join(folder, list)
  const files = linesOf(path, await textOf(path, MOST_LIST_BYTES)).map((line, at) => {
    const [name, caption] = [columnOf(line, PICTURE_COLUMNS), columnOf(line, CAPTION_COLUMNS)]
    if (name === null || caption === null)
      throw new AsterismError('bad_input', say('packBuild.rowLacks', { row: at + 1 }), {
        path,
        fix: say('packBuild.fix.rowLacks'),
      })
    const inside = normalize(name)
    if (isAbsolute(inside) || inside.split(/[/\\]/)[0] === '..')
      throw new AsterismError('bad_input', say('packBuild.rowOutside', { row: at + 1 }), {
        path,
      })
    return { path: join(folder, inside), caption: caption.slice(0, LONGEST_CAPTION) }
  })
  return { kind: 'captions', files }
}

/** Pictures with a text file of the same name beside them; the others are told and left out. */
async function captionsBeside(
  folder: string,
  names: readonly string[],
  leaveOut: (line: string) => void,
): Promise<PackFolder> {
  const texts = new Set(names.filter((name) => extname(name).toLowerCase() === '.txt'))
  const files: { path: string; caption: string }[] = []
  for (const name of names.filter((each) => senseOf(each) === 'picture')) {
    const stem = basename(name, extname(name))
    const text = [`${stem}.txt`, `${stem}.TXT`, `${name}.txt`].find((each) => texts.has(each))
    const caption = text && (await textOf(join(folder, text), LONGEST_CAPTION)).replace(/^\uFEFF/, '').trim()
    if (caption) files.push({ path: join(folder, name), caption })
    else leaveOut(`Left out, since no words lie beside it: ${name}`)
  }
  return { kind: 'captions', files }
}

async function classesOf(folder: string, classNames: readonly string[]): Promise<PackFolder> {
  const files: { path: string; sense: Sense; label: number }[] = []
  for (const [label, name] of classNames.entries()) {
    const own = (await entriesOf(join(folder, name)))
      .map((entry) => entry.name)
      .sort()
      .flatMap((file) => {
        const sense = senseOf(file)
        return sense ? [{ path: join(folder, name, file), sense, label }] : []
      })
    if (own.length === 0) throw new AsterismError('bad_input', say('packBuild.emptyClass', { name }), { path: folder })
    files.push(...own)
  }
  const heard = files.filter(({ sense }) => sense === 'sound').length
  if (heard > 0 && heard < files.length)
    throw new AsterismError('bad_input', say('packBuild.mixed'), {
      path: folder,
      fix: say('packBuild.fix.mixed'),
    })
  return { kind: 'classes', classNames, files }
}

/**
 * Looks through a folder without opening a picture.
 *
 * @param leaveOut Told what is left out.
 * @throws AsterismError `bad_input` (neither kind of folder, a class without files, senses mixed, captions that are none), `too_large`
 */
export async function readPackFolder(folder: string, leaveOut: (line: string) => void): Promise<PackFolder> {
  const entries = await entriesOf(folder)
  const classNames = entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .sort()
  const list = LISTS.find((name) => names.includes(name))
  const isBeside = classNames.length === 0 && names.some((name) => senseOf(name) === 'picture')
  if (!list && !isBeside && (classNames.length < 2 || classNames.length > STARPACK_LIMITS.classes))
    throw new AsterismError('bad_input', say('packBuild.neither'), { path: folder, fix: say('packBuild.fix.neither') })
  const found = list
    ? await listedCaptions(folder, list)
    : isBeside
      ? await captionsBeside(folder, names, leaveOut)
      : await classesOf(folder, classNames)
  if (found.files.length > MOST_FILES)
    throw new AsterismError('too_large', say('packBuild.manyFiles', { files: found.files.length, most: MOST_FILES }), {
      path: folder,
    })
  return found
}
