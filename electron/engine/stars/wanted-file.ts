/** Reads a wanted list and gives its needs the vectors of the models on this machine. */
import { dirname, isAbsolute, join, relative } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { contentWords } from '../../../shared/stars/estimate/words-agreement.ts'
import type { WantedTask } from '../../../shared/stars/wanted/match-wanted.ts'
import type { WantedList, WantedNeed } from '../../../shared/stars/wanted/wanted-list.ts'
import { parseWantedList, SIGNED_LIST_FORMAT, WANTED_LIMITS } from '../../../shared/stars/wanted/wanted-list.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { ByteCache } from '../folder-cache.ts'
import { readNamedFile } from '../named-file.ts'
import { verifyList } from '../lists/signed-list.ts'
import type { Encoders } from '../models/encoders.ts'
import { pictureEncoder, pictureOfFile, picturesMeaning } from './picture-meaning.ts'
import { sentenceMeanings } from './sentence-meaning.ts'

/**
 * The list of a file.
 *
 * @throws AsterismError `not_found`, `too_large`, `corrupt_file`, `unsupported_format`, `bad_input`, each naming the file.
 */
export async function loadWantedList(path: string): Promise<WantedList> {
  const bytes = await readNamedFile(path, WANTED_LIMITS.bytes, say('list.tooLong'))
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new AsterismError('corrupt_file', say('wanted.noJson'), { path, cause })
  }
  try {
    // What says whose it is is that, or is refused.
    if (isSignedList(value)) verifyList(value)
    return parseWantedList(value)
  } catch (error) {
    if (!(error instanceof AsterismError)) throw error
    throw error.with({ path, cause: error })
  }
}

function isSignedList(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === SIGNED_LIST_FORMAT
}

/** What an example picture shows. Pictures lie beside the list: it reaches for nothing else on this machine. */
async function exampleMeaning(list: string, name: string, encoders: Encoders): Promise<number[]> {
  const folder = dirname(list)
  const path = join(folder, name)
  const inside = relative(folder, path)
  if (isAbsolute(name) || inside.startsWith('..'))
    throw new AsterismError('bad_input', say('wanted.elsewhere', { name }), { path: list })
  try {
    const rgb = await pictureOfFile(path)
    return await picturesMeaning(encoders, rgb)
  } catch (cause) {
    if (cause instanceof AsterismError) throw cause
    throw new AsterismError('bad_input', say('wanted.noPicture', { name }), {
      path: list,
      cause,
    })
  }
}

async function picturesOf(path: string, need: WantedNeed, encoders: Encoders): Promise<(readonly number[])[]> {
  const known = pictureEncoder().sha256
  const pictures: (readonly number[])[] = []
  for (const { vector, encoder } of need.vectors) {
    if (encoder !== known)
      throw new AsterismError('unsupported_format', say('wanted.unknownEncoder', { need: need.id }), {
        path,
        fix: say('wanted.fix.picture'),
      })
    pictures.push(vector)
  }
  if (encoders.identity('centernet-c5') === null) return pictures
  for (const name of need.pictures) pictures.push(await exampleMeaning(path, name, encoders))
  return pictures
}

/**
 * The list of a file as a task for the estimate.
 *
 * @throws AsterismError as `loadWantedList`, and `bad_input` for an example that cannot be read.
 */
export async function wantedTaskOf(
  path: string,
  context: { readonly cache: ByteCache; readonly encoders: Encoders },
): Promise<WantedTask> {
  const list = await loadWantedList(path)
  const meanings = await sentenceMeanings(
    list.needs.flatMap((need) => need.sentences),
    context,
  )
  const needs: WantedTask['needs'][number][] = []
  for (const need of list.needs) {
    needs.push({
      id: need.id,
      text: need.text,
      meanings: need.sentences.flatMap((sentence) => meanings.get(sentence) ?? []),
      words: need.sentences.map(contentWords).filter((words) => words.length > 0),
      pictures: await picturesOf(path, need, context.encoders),
      senses: need.senses,
      seconds: need.seconds,
      weight: need.weight,
    })
  }
  return { id: list.id, title: list.title, by: list.by, needs }
}
