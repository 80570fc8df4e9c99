/**
 * Shows the exact picture of a moment over a film that stands still, while the browser is still on its way there, and
 * until it has come what there is of that moment, which says so. Exact pictures are decoded here where a browser is slow
 * to seek: where key pictures are far apart, or a seek was slow. While nobody touches the window, ways to more of them
 * are laid.
 */
import { wakeFrames } from '../state/frames.ts'
import { untilIdle } from '../state/when-idle.ts'
import type { ExactPictures } from './exact-pictures.ts'
import type { Wanted } from './media-follower.ts'
import { drawUpright } from './upright.ts'

const SLOW_MILLISECONDS = 90
/** Between key pictures that are further apart a seek is that slow: half a second of 1080p takes two small processors as long. */
const SLOW_APART_SECONDS = 0.5
/** Once nothing else was asked for: the film itself is brought there, so that it can play on. That takes all of a small processor for a while. */
const SETTLED_MILLISECONDS = 1000
const THERE_SECONDS = 0.004
/** What is nearer the moment before is a step from it, and no other place of the film. */
const STEP_SECONDS = 1
/** A picture that comes sooner needs none in its place, which would flicker, and hold it up where the processor draws. */
const STAND_IN_AFTER_MILLISECONDS = 100
/** Where most pictures come sooner than this. */
const STAND_IN_AFTER_WITH_WAYS_MILLISECONDS = 250
/** While one exact picture after the other comes, if late, they are shown alone. */
const STAND_IN_AFTER_EXACT_MILLISECONDS = 250
const QUIET_MILLISECONDS = 800

/** Films lay their ways one after the other. */
let laying: Promise<unknown> = Promise.resolve()

/** Draws what there is of a moment; false where there is nothing. */
type StandIn = (seconds: number) => boolean

export class StillPicture {
  readonly #video: HTMLVideoElement
  readonly #canvas: HTMLCanvasElement
  readonly #url: string
  readonly #standIn: StandIn
  readonly #ending = new AbortController()
  /** Null until the film is known as slow, and where it cannot be decoded this way. */
  #pictures: ExactPictures | null = null
  #isAsked = false
  #wanted: number | null = null
  /** Of which moment the canvas shows the exact picture. */
  #exactOf: number | null = null
  #mayFollow = true
  #isLaying = false
  /** Since when a picture is waited for; null while it is shown. */
  #lateSince: number | null = null
  /** When an exact picture was drawn last. */
  #exactSince = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(video: HTMLVideoElement, canvas: HTMLCanvasElement, url: string, standIn: StandIn) {
    this.#video = video
    this.#canvas = canvas
    this.#url = url
    this.#standIn = standIn
    let began = 0
    const { signal } = this.#ending
    video.addEventListener('seeking', () => (began = performance.now()), { signal })
    video.addEventListener('loadeddata', () => void this.#look(), { signal, once: true })
    video.addEventListener('pause', () => void this.#layWays(), { signal })
    video.addEventListener(
      'seeked',
      () => {
        if (performance.now() - began > SLOW_MILLISECONDS) void this.#open()
        if (this.#wanted !== null) void this.#layWays()
      },
      { signal },
    )
  }

  dispose(): void {
    this.#ending.abort()
    clearTimeout(this.#timer)
    this.#pictures?.close()
    this.#pictures = null
  }

  /**
   * Called every frame.
   * @param wanted where the film should stand; null while it plays or has nothing to show
   * @returns whether the film itself may be brought there now
   */
  follow(wanted: Wanted | null): boolean {
    if (!wanted) {
      if (this.#wanted !== null) this.#pictures?.rest()
      this.#wanted = null
      this.#lateSince = null
      this.#show('nothing')
      return true
    }
    const { seconds } = wanted
    // A clip may reach a little beyond what the film has; it is shown to its end.
    const reached = Math.min(Math.max(0, seconds), this.#video.duration || Infinity)
    const isThere = !this.#video.seeking && Math.abs(this.#video.currentTime - reached) <= THERE_SECONDS
    if (isThere && this.#video.readyState >= 2) {
      this.#lateSince = null
      this.#show('nothing')
    } else if (this.#exactOf !== seconds) this.#showStandIn(seconds)
    const isNew = seconds !== this.#wanted
    const isStep = this.#wanted !== null && Math.abs(seconds - this.#wanted) < STEP_SECONDS
    this.#wanted = seconds
    if (!this.#pictures) return true
    if (isNew) {
      clearTimeout(this.#timer)
      // Without way points all pictures from the key picture on are decoded, which a browser does sooner; steps find here what is kept.
      this.#mayFollow = !this.#pictures.hasWays && !isStep
      if (this.#mayFollow) this.#pictures.rest()
      else if (!isThere) void this.#draw(seconds, this.#pictures)
    }
    return this.#mayFollow
  }

  #showStandIn(seconds: number): void {
    if (this.#canvas.dataset['near'] === String(seconds)) return
    const now = performance.now()
    this.#lateSince ??= now
    const patience = this.#pictures?.hasWays ? STAND_IN_AFTER_WITH_WAYS_MILLISECONDS : STAND_IN_AFTER_MILLISECONDS
    const since = Math.max(this.#lateSince + patience, this.#exactSince + STAND_IN_AFTER_EXACT_MILLISECONDS)
    if (now < since) setTimeout(wakeFrames, since - now)
    else if (this.#standIn(seconds)) this.#show('standIn', seconds)
  }

  /** Opens the film here before a seek was slow, where one would be. */
  async #look(): Promise<void> {
    const { signal } = this.#ending
    if (await untilIdle(QUIET_MILLISECONDS, signal))
      await this.#open((pictures) => pictures.isFar(this.#video.currentTime, SLOW_APART_SECONDS))
  }

  async #open(isWorth: (pictures: ExactPictures) => Promise<boolean> = () => Promise.resolve(true)): Promise<void> {
    if (this.#isAsked) return
    this.#isAsked = true
    // Films whose key pictures lie close never need it.
    const { ExactPictures } = await import('./exact-pictures.ts')
    const pictures = await ExactPictures.open(this.#url).catch(() => null) // the browser's own seek is shown, later
    const isWanted = pictures !== null && (await isWorth(pictures).catch(() => false)) // asked again after a slow seek
    if (!isWanted || this.#ending.signal.aborted) {
      pictures?.close()
      this.#isAsked = pictures === null
      return
    }
    this.#pictures = pictures
    wakeFrames()
    // Where it was sought so slowly is where the person looks around next.
    if (this.#video.paused) await pictures.goOn(this.#video.currentTime)
    await this.#layWays()
  }

  /** While the film stands and nobody touches the window: first where it stands, then around, nearest first. */
  async #layWays(): Promise<void> {
    const pictures = this.#pictures
    if (!pictures || this.#isLaying || !this.#video.paused) return
    this.#isLaying = true
    try {
      await pictures.goOn()
      let isMore = true
      while (isMore && (await untilIdle(QUIET_MILLISECONDS, this.#ending.signal)) && this.#video.paused) {
        const mine = laying.then(() => pictures.spread(this.#video.currentTime))
        laying = mine.catch(() => undefined)
        isMore = await mine.catch(() => false) // what fails here fails again, and is said, where it is asked for
      }
    } finally {
      this.#isLaying = false
    }
  }

  async #draw(seconds: number, pictures: ExactPictures): Promise<void> {
    const frame = await pictures.at(seconds).catch(() => null)
    const isShown = (): boolean => this.#wanted !== null && !this.#ending.signal.aborted
    const shownSeconds = (frame?.timestamp ?? 0) / 1e6
    const isDrawn = frame !== null && (await drawUpright(this.#canvas, frame, pictures, isShown))
    if (!isShown()) return
    if (isDrawn) {
      this.#exactOf = seconds
      this.#exactSince = performance.now()
      if (this.#wanted === seconds) this.#lateSince = null
      this.#show('exact', shownSeconds)
    }
    if (this.#wanted !== seconds) return
    const release = (): void => {
      this.#mayFollow = true
      wakeFrames()
    }
    if (!isDrawn) {
      release()
      return
    }
    this.#timer = setTimeout(release, SETTLED_MILLISECONDS)
    void this.#layWays()
  }

  /** What is shown over the film, and of which moment: `data-seconds` of an exact picture, on this canvas; `data-near` of another, on one of its own. */
  #show(what: 'nothing' | 'standIn' | 'exact', seconds = 0): void {
    const { dataset } = this.#canvas
    if (what !== 'exact') this.#exactOf = null
    for (const [name, isShown] of [
      ['seconds', what === 'exact'],
      ['near', what === 'standIn'],
    ] as const) {
      if (!isShown) delete dataset[name]
      else if (dataset[name] !== String(seconds)) dataset[name] = String(seconds)
    }
  }
}
