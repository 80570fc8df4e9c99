/** Reads JSON files of many numbers. What could never be taken is refused before it is parsed: parsed it would fill the memory. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { MOST_SKELETON, NumbersSkeleton, parseText } from './numbers-skeleton.ts'

/** Text beyond this is refused unread: no string is longer. */
const MOST_BYTES = 450_000_000
/** Where rows are put aside: nothing within the limits below is longer. */
const MOST_BYTES_OF_ROWS = 1_600_000_000
/** A little more than the numbers of the largest world (60 million) with its labels. */
const MOST_COMMAS = 65_000_000
/** Lists and objects: rows come to 200,000, twice where targets are rows as well. */
const MOST_BRACKETS = 2_000_000
const COMMA = 0x2c
const LIST = 0x5b
const OBJECT = 0x7b

async function sizeOf(path: string, most: number): Promise<number> {
  const status = await stat(path).catch((cause: unknown) => {
    throw new AsterismError('not_found', say('numbers.none'), { path, cause })
  })
  if (!status.isFile()) throw new AsterismError('bad_input', say('numbers.noFile'), { path })
  if (status.size === 0) throw new AsterismError('empty_file', say('file.nothing'), { path })
  if (status.size > most)
    throw new AsterismError('too_large', say('numbers.long', { bytes: status.size, most }), { path })
  return status.size
}

async function readPieces(path: string, signal: AbortSignal, take: (piece: Buffer) => void): Promise<void> {
  let commas = 0
  let brackets = 0
  for await (const piece of createReadStream(path, { signal, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    for (const byte of piece) {
      if (byte === COMMA) commas++
      else if (byte === LIST || byte === OBJECT) brackets++
    }
    if (commas > MOST_COMMAS || brackets > MOST_BRACKETS) {
      const what =
        commas > MOST_COMMAS
          ? say('numbers.manyNumbers', { most: MOST_COMMAS })
          : say('numbers.manyLists', { most: MOST_BRACKETS })
      throw new AsterismError('too_large', what, { path, fix: say('numbers.fix.parts') })
    }
    take(piece)
  }
}

/**
 * The value in a JSON file of numbers.
 *
 * @throws AsterismError `not_found`, `empty_file`, `bad_input` (no file, no UTF-8, no JSON), `too_large`, `cancelled`, each naming the file.
 */
export async function readNumbersFile(path: string, signal: AbortSignal): Promise<unknown> {
  await sizeOf(path, MOST_BYTES)
  const pieces: Buffer[] = []
  await reading(path, signal, (piece) => pieces.push(piece))
  return parsed(path, () => parseText(Buffer.concat(pieces)))
}

/**
 * The same of a file that may be larger than a string can be, in the memory of its numbers alone: innermost lists of numbers
 * come as `Float64Array`, one behind another in one stretch.
 *
 * @throws AsterismError as `readNumbersFile`.
 */
export async function readRowsFile(path: string, signal: AbortSignal): Promise<unknown> {
  await sizeOf(path, MOST_BYTES_OF_ROWS)
  const skeleton = new NumbersSkeleton(MOST_COMMAS + MOST_BRACKETS)
  await reading(path, signal, (piece) => {
    if (skeleton.add(piece)) return
    throw new AsterismError('too_large', say('numbers.manyOthers', { most: MOST_SKELETON }), {
      path,
    })
  })
  return parsed(path, () => skeleton.value())
}

async function reading(path: string, signal: AbortSignal, take: (piece: Buffer) => void): Promise<void> {
  try {
    await readPieces(path, signal, take)
  } catch (cause) {
    if (signal.aborted) throw new AsterismError('cancelled', 'Cancelled.')
    if (cause instanceof AsterismError) throw cause
    throw new AsterismError('bad_input', say('numbers.unread'), { path, cause })
  }
}

function parsed(path: string, parse: () => unknown): unknown {
  try {
    return parse()
  } catch (cause) {
    if (cause instanceof AsterismError) throw cause.with({ path })
    throw new AsterismError('bad_input', say('numbers.notJson'), {
      path,
      fix: say('numbers.fix.notJson'),
      cause,
    })
  }
}
