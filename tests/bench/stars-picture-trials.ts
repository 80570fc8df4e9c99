/** Paired trials on pictures that people captioned: slide shows of three themes, told as they go, beside the same made worse. */
import { createHash } from 'node:crypto'
import { Encoders, SENTENCE_NUMBERS } from '../../electron/engine/models/encoders.ts'
import { picturesMeaning } from '../../electron/engine/stars/picture-meaning.ts'
import { randomStream } from '../../shared/stars/algebra/random.ts'
import { starsOf } from '../../shared/stars/estimate/estimate-stars.ts'
import type { CaptionInput, PictureMeasure, StarsInput, UnitInput } from '../../shared/stars/estimate/stars-input.ts'
import { ALIGNED } from '../../shared/stars/estimate/stars-input.ts'
import { printPaired } from './paired-figures.ts'
import type { Print } from './stars-figures.ts'
import type { CaptionedPicture, PixelHarm } from '../fixtures/stars/captioned-pictures.ts'
import { captionedPictures, framePicture, measureFramed, PIXEL_HARMS } from '../fixtures/stars/captioned-pictures.ts'

/**
 * In 23 ways each: 552 trials, of which 17 may rise before the lower end of the 95 % interval falls below 0.95. A show costs some
 * ten seconds of a processor.
 */
const TAKES = 24
/** Takes of the seeds before were looked at while rules were made. */
const FIRST_SEED = 501
const THEMES = 3
const OF_A_THEME = 4
const SECONDS = 2

interface Slide {
  readonly picture: CaptionedPicture
  readonly meaning: Float32Array
}

/**
 * What each picture says of itself, in every state: decoded once, measured once, whatever the takes draw. The network is asked
 * once of pixels that are the same, by their digest: all pictures are alike in the dark.
 */
class Measured {
  readonly #encoders = new Encoders(new AbortController().signal)
  readonly #frames = new Map<string, Promise<Buffer>>()
  readonly #looks = new Map<string, Promise<PictureMeasure>>()
  readonly #meanings = new Map<string, Promise<number[]>>()
  readonly #slides = new Map<string, Promise<Slide>>()

  look(path: string, harm: PixelHarm): Promise<PictureMeasure> {
    return kept(this.#looks, `${harm} ${path}`, async () =>
      measureFramed(await kept(this.#frames, path, () => framePicture(path)), harm, (rgb) => this.#meaning(rgb)),
    )
  }

  slide(picture: CaptionedPicture): Promise<Slide> {
    return kept(this.#slides, picture.path, async () => {
      const said = await this.#encoders.sentences([picture.text])
      return { picture, meaning: said.subarray(0, SENTENCE_NUMBERS) }
    })
  }

  /** Lets go of the pixels; what was measured stays. */
  forgetFrames(): void {
    this.#frames.clear()
  }

  close(): Promise<void> {
    return this.#encoders.close()
  }

  #meaning(rgb: Uint8Array): Promise<number[]> {
    const digest = createHash('sha256').update(rgb).digest('hex')
    return kept(this.#meanings, digest, () => picturesMeaning(this.#encoders, rgb))
  }
}

/** The value that is known for a key, or the one that is made now. */
function kept<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}

/** Pictures of three themes, one theme after the other. */
function drawn(pictures: readonly CaptionedPicture[], seed: number): CaptionedPicture[] {
  const random = randomStream(seed)
  const themes = Map.groupBy(pictures, ({ theme }) => theme)
  const large = [...themes.values()].filter((own) => own.length >= OF_A_THEME)
  const chosen = Array.from(random.permutation(large.length).subarray(0, THEMES), (at) => large[at])
  return chosen.flatMap((own) => Array.from(random.permutation(own.length).subarray(0, OF_A_THEME), (at) => own[at]))
}

function takeOf(looks: readonly PictureMeasure[], captions: readonly CaptionInput[]): StarsInput {
  const units = looks.map((picture, window): UnitInput => ({
    assetId: 'slides',
    clockId: 'clock',
    group: ALIGNED,
    window,
    picture,
    sound: null,
    motion: null,
  }))
  return {
    windowSeconds: SECONDS,
    assets: [{ assetId: 'slides', title: 'Slides', sha256: 'a'.repeat(64) }],
    clocks: [
      {
        clockId: 'clock',
        assetId: 'slides',
        title: 'Slides',
        group: ALIGNED,
        isReference: true,
        confidence: 1,
        sigmaSeconds: 0,
        residualSeconds: null,
      },
    ],
    units,
    captions,
    scans: [],
    rights: { licence: 'CC-BY-4.0', trainingUse: 'allowed' },
    library: [],
  }
}

function captionsOf(slides: readonly Slide[]): CaptionInput[] {
  return slides.map(({ picture, meaning }, at) => ({
    id: `caption-${at}`,
    startSeconds: SECONDS * at,
    endSeconds: SECONDS * at + 1.8,
    text: picture.text,
    meaning,
  }))
}

type Trial = { readonly before: StarsInput; readonly after: Readonly<Record<string, StarsInput>> }

async function trialOf(pictures: readonly CaptionedPicture[], measured: Measured, seed: number): Promise<Trial> {
  const slides = await Promise.all(drawn(pictures, seed).map((picture) => measured.slide(picture)))
  const looks = (harm: PixelHarm): Promise<PictureMeasure[]> =>
    Promise.all(slides.map(({ picture }) => measured.look(picture.path, harm)))
  const plain = await looks('none')
  const captions = captionsOf(slides)
  const after: Record<string, StarsInput> = {}
  for (const harm of Object.keys(PIXEL_HARMS) as PixelHarm[]) {
    if (harm === 'none') continue
    const worse = await looks(harm)
    if (harm === 'encoded anew') {
      after['the same pictures appended, encoded anew'] = takeOf([...plain, ...worse], captions)
      continue
    }
    after[harm] = takeOf(worse, captions)
    after[`${harm}, every third`] = takeOf(
      plain.map((look, at) => (at % 3 === 0 ? worse[at] : look)),
      captions,
    )
  }
  const order = randomStream(seed).permutation(slides.length)
  after['captions shuffled'] = takeOf(plain, captionsOf(Array.from(order, (at) => slides[at])))
  after['no commentary'] = takeOf(plain, [])
  after['the first picture frozen'] = takeOf(
    plain.map(() => plain[0]),
    captions,
  )
  after['the first quarter looped'] = takeOf(
    plain.map((_, at) => plain[at % Math.ceil(plain.length / 4)]),
    captions,
  )
  after['the whole appended once more'] = takeOf([...plain, ...plain], captions)
  after['commentary a picture late'] = takeOf(
    plain,
    captions.map((caption) => ({
      ...caption,
      startSeconds: caption.startSeconds + SECONDS,
      endSeconds: caption.endSeconds + SECONDS,
    })),
  )
  after['half of the commentary'] = takeOf(
    plain,
    captions.filter((_, at) => at % 2 === 0),
  )
  after['each picture shown twice'] = takeOf(
    plain.flatMap((look) => [look, look]),
    captions.flatMap((caption) => [
      { ...caption, startSeconds: 2 * caption.startSeconds, endSeconds: 2 * caption.startSeconds + 1.8 },
    ]),
  )
  return { before: takeOf(plain, captions), after }
}

/** Prints what became of the stars of each show, harm by harm. */
export async function printPictureTrials(folder: string, print: Print, takes = TAKES): Promise<void> {
  const pictures = captionedPictures(folder)
  const measured = new Measured()
  const changes = new Map<string, number[]>()
  try {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + takes; seed++) {
      const { before, after } = await trialOf(pictures, measured, seed)
      measured.forgetFrames()
      const start = starsOf(before)
      for (const [name, input] of Object.entries(after))
        changes.set(name, [...(changes.get(name) ?? []), starsOf(input) - start])
    }
  } finally {
    await measured.close()
  }
  printPaired(`Paired trials on ${takes} slide shows of ${pictures.length} captioned pictures`, changes, print)
}
