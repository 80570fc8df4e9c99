/**
 * The frames of a film as PDQ hashes: in eight forms to look with, and cropped to be found by; both once more of their
 * upper part alone, which words that were burnt in below leave as it was.
 */
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { VideoPrint, VideoQuery } from '../../../shared/originality/match-video.ts'
import {
  DIHEDRAL_FORMS,
  PDQ_SIDE,
  PDQ_WORDS,
  pdqCoefficients,
  pdqForm,
  pdqHash,
  pdqQuality,
} from '../../../shared/originality/pdq.ts'
import { areaPicture } from '../../../shared/originality/resample-picture.ts'
import { COMMON_ARGUMENTS, inputArguments, refuseFailure, runTool } from '../media/run-tool.ts'
import { requireTool, type MediaTools } from '../media/tools.ts'

const FRAMES_PER_SECOND = 4
/** Frames are shrunk to this by ffmpeg, enough to crop from. */
const SIDE = 160
/** Kept of each side, about the middle: a copy that was cropped is like one of these. */
const CROPS = [1, 0.92, 0.84, 0.76] as const
/** Of the height; captions are put below it. */
const UPPER = 0.8
/** Flat frames are like each other whatever they show. */
const LEAST_QUALITY = 30
/** An hour; what comes after is not looked at. */
const MOST_FRAMES = 14_400

export interface FilmPrint {
  readonly print: VideoPrint
  readonly query: VideoQuery
}

interface FramePrint {
  readonly forms: Uint32Array
  readonly upperForms: Uint32Array
  readonly crops: Uint32Array
}

function formsOf(coefficients: Float64Array): Uint32Array {
  const forms = new Uint32Array(DIHEDRAL_FORMS * PDQ_WORDS)
  for (let form = 0; form < DIHEDRAL_FORMS; form++) forms.set(pdqHash(pdqForm(coefficients, form)), form * PDQ_WORDS)
  return forms
}

/** Hashes of one frame: its forms and its crops. Null for a frame that is too flat to tell. */
function framePrint(grey: ArrayLike<number>, side: number): FramePrint | null {
  const whole = areaPicture(grey, side, side, PDQ_SIDE)
  if (pdqQuality(whole) < LEAST_QUALITY) return null
  const coefficients = pdqCoefficients(whole)
  const crops = new Uint32Array(CROPS.length * PDQ_WORDS)
  CROPS.forEach((crop, index) => {
    const part = crop === 1 ? coefficients : pdqCoefficients(areaPicture(grey, side, side, PDQ_SIDE, crop))
    crops.set(pdqHash(part), index * PDQ_WORDS)
  })
  const upper = pdqCoefficients(areaPicture(grey, side, side, PDQ_SIDE, 1, UPPER))
  return { forms: formsOf(coefficients), upperForms: formsOf(upper), crops }
}

/** Frames put together in the order of time. */
export class FilmPrinter {
  readonly #times: number[] = []
  readonly #forms: Uint32Array[] = []
  readonly #upperForms: Uint32Array[] = []
  readonly #crops: Uint32Array[] = []

  add(seconds: number, grey: ArrayLike<number>, side: number): void {
    const frame = framePrint(grey, side)
    if (frame === null) return
    this.#times.push(seconds)
    this.#forms.push(frame.forms)
    this.#upperForms.push(frame.upperForms)
    this.#crops.push(frame.crops)
  }

  finish(): FilmPrint {
    const times = Float64Array.from(this.#times)
    return {
      query: { times, forms: joined(this.#forms), upperForms: joined(this.#upperForms) },
      print: { times, crops: CROPS.length, hashes: joined(this.#crops), upper: joined(this.#upperForms.map(asItIs)) },
    }
  }
}

const asItIs = (forms: Uint32Array): Uint32Array => forms.subarray(0, PDQ_WORDS)

function joined(parts: readonly Uint32Array[]): Uint32Array {
  const out = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** @throws AsterismError as ffmpeg fails; `cancelled`. */
export async function printFilm(tools: MediaTools, path: string, signal: AbortSignal): Promise<FilmPrint> {
  const ffmpeg = requireTool(tools, 'ffmpeg')
  const printer = new FilmPrinter()
  const frameBytes = SIDE * SIDE
  let rest: Buffer = Buffer.alloc(0)
  let frame = 0
  const result = await runTool(
    ffmpeg,
    [
      ...COMMON_ARGUMENTS,
      ...inputArguments(path),
      ...'-map 0:v:0 -an -sn -dn -vf'.split(' '),
      `fps=${FRAMES_PER_SECOND},scale=${SIDE}:${SIDE}:flags=area,format=gray`,
      ...`-frames:v ${MOST_FRAMES} -f rawvideo pipe:1`.split(' '),
    ],
    {
      signal,
      timeoutMilliseconds: 3_600_000,
      onStdout: (chunk) => {
        rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
        while (rest.length >= frameBytes) {
          printer.add(frame / FRAMES_PER_SECOND, rest.subarray(0, frameBytes), SIDE)
          rest = rest.subarray(frameBytes)
          frame += 1
        }
      },
    },
  )
  // What was decoded before an error is good: a film that is damaged at its end is still known by its beginning.
  if (frame === 0) refuseFailure(result, say('tool.filmDecoded'), { path, code: 'corrupt_file' })
  if (frame === 0) throw new AsterismError('corrupt_file', say('library.noPicture'), { path })
  return printer.finish()
}
