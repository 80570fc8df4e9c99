/**
 * Media elements and the playhead. One sound that plays leads it; all else follows it, by its pace while it is near, by
 * seeking where it is not.
 */
import { everyFrameAndSeek, wakeFrames } from '../state/frames.ts'
import { now, playheadAt, useTransport } from '../state/transport.ts'
import { LeadingSound } from './leading-sound.ts'
import { Pace } from './pace.ts'

/** Beyond this the element jumps; within it, it catches up. */
const JUMP_SECONDS = 0.25
/** Of sound that plays from another place of the recording than the playhead was sent to: it jumps, and never pulls the playhead there. */
const ELSEWHERE_SECONDS = 0.03
/** What one moment of a recording may be off another by rounding. */
const SAME_SECONDS = 0.002
/** A picture stands for a thirtieth of a second or so: what is nearer cannot be seen. Nobody hears how a film is hurried. */
const PICTURE_PACE = { closeSeconds: 0.015, most: 0.25 }
/** Where pictures come less often, what the film says of itself has to do. */
const SELDOM_MILLISECONDS = 250
const SOUND_PACE = { closeSeconds: 0.008, most: 0.06 }
/** So near its own pace the pitch of sound may follow, which nobody hears; beyond, it is kept, which costs some 20 ms at each change. */
const OWN_PITCH = 0.1
const PITCHED_PACE = { closeSeconds: 0.03, most: 0.06 }

export interface Wanted {
  readonly seconds: number
  /** Seconds of the recording per second of the project. */
  readonly rate: number
}

/** What is common to pictures and sound: standing, starting, jumping. */
abstract class MediaFollower<Element extends HTMLMediaElement> {
  protected readonly element: Element

  constructor(element: Element) {
    this.element = element
  }

  /**
   * Called in every frame.
   *
   * @param wanted where the element should be when the playhead is at `projectSeconds`; null pauses it
   * @param mayJump false while another shows where it would stand
   */
  follow(wanted: Wanted | null, projectSeconds: number, mayJump = true): void {
    const { element } = this
    const { rate } = useTransport.getState()
    // Backwards and very fast playing is done by seeking: no browser plays backwards.
    if (wanted === null || rate <= 0 || rate > 4) {
      this.stand()
      if (!element.paused) element.pause()
      if (wanted && mayJump && !element.seeking && Math.abs(element.currentTime - wanted.seconds) > 0.004)
        element.currentTime = Math.max(0, wanted.seconds)
      return
    }
    const milliseconds = performance.now()
    // What came before in this frame took its time.
    const seconds = wanted.seconds + (now() - projectSeconds) * wanted.rate
    const behind = seconds - element.currentTime
    if (this.isElsewhere(wanted, projectSeconds, behind)) this.#jump(seconds)
    else if (element.seeking) this.stand()
    else if (Math.abs(behind) > JUMP_SECONDS) this.#jump(seconds)
    else this.keepUp(milliseconds, wanted, behind)
    // A browser that will not play before the person has clicked is no failure: the picture follows by seeking.
    if (element.paused) element.play().catch(() => undefined)
  }

  #jump(seconds: number): void {
    this.stand()
    this.element.currentTime = Math.max(0, seconds)
  }

  /** Set only where it changes: an element loses time with each. */
  protected setPace(pace: number): void {
    if (this.element.playbackRate !== pace) this.element.playbackRate = pace
  }

  protected abstract isElsewhere(wanted: Wanted, projectSeconds: number, behind: number): boolean
  /** It plays, and is near. */
  protected abstract keepUp(milliseconds: number, wanted: Wanted, behind: number): void
  /** It does not play, or is on its way. */
  abstract stand(): void
}

/** A picture, and when it was presented. */
interface Presented {
  readonly milliseconds: number
  readonly seconds: number
}

/** Follows the playhead with the pictures that are presented, which may be later than what the film says of itself. */
export class PictureFollower extends MediaFollower<HTMLVideoElement> {
  readonly #pace = new Pace(PICTURE_PACE)
  #presented: Presented | null = null
  #presentedMilliseconds = -Infinity
  #nominal = 1
  #handle = 0

  constructor(element: HTMLVideoElement) {
    super(element)
    // Nobody hears it, and a film whose pitch is kept stops for some 20 ms whenever its pace is changed.
    element.preservesPitch = false
    const see: VideoFrameRequestCallback = (_, { expectedDisplayTime, mediaTime }) => {
      this.#handle = element.requestVideoFrameCallback(see)
      this.#presented = { milliseconds: expectedDisplayTime, seconds: mediaTime }
    }
    this.#handle = element.requestVideoFrameCallback(see)
  }

  dispose(): void {
    this.element.cancelVideoFrameCallback(this.#handle)
  }

  protected isElsewhere(): boolean {
    return false
  }

  protected keepUp(milliseconds: number, wanted: Wanted, behind: number): void {
    const nominal = useTransport.getState().rate * wanted.rate
    if (nominal !== this.#nominal) this.stand()
    this.#nominal = nominal
    this.setPace(nominal * this.#pace.at(milliseconds, this.#seenBehind(milliseconds, wanted, behind), nominal))
  }

  #seenBehind(milliseconds: number, wanted: Wanted, behind: number): number | null {
    const presented = this.#presented
    this.#presented = null
    if (presented) {
      this.#presentedMilliseconds = milliseconds
      const then = playheadAt(presented.milliseconds) - playheadAt(milliseconds)
      return behind + this.element.currentTime + then * wanted.rate - presented.seconds
    }
    return milliseconds - this.#presentedMilliseconds > SELDOM_MILLISECONDS ? behind : null
  }

  stand(): void {
    this.#pace.begin()
    this.#presented = null
  }
}

/** Plays sound: the first leads the playhead, the others follow it. */
export class SoundFollower extends MediaFollower<HTMLAudioElement> {
  readonly #pace = new Pace(SOUND_PACE)
  readonly #pitchedPace = new Pace(PITCHED_PACE)
  readonly #lead = new LeadingSound()
  /** Where false, it follows the playhead as it is. */
  mayLead = true
  /** When the playhead was set, and by what the recording lay on the project, while sound came from where it was sent. */
  #anchor = 0
  #place = 0

  protected isElsewhere({ seconds, rate }: Wanted, projectSeconds: number, behind: number): boolean {
    const { anchorMilliseconds } = useTransport.getState()
    const place = seconds - projectSeconds * rate
    const isSame = this.#anchor === anchorMilliseconds && Math.abs(place - this.#place) < SAME_SECONDS
    this.#anchor = anchorMilliseconds
    this.#place = place
    return !isSame && Math.abs(behind) > ELSEWHERE_SECONDS
  }

  protected keepUp(milliseconds: number, wanted: Wanted, behind: number): void {
    const { rate } = useTransport.getState()
    const nominal = rate * wanted.rate
    const keepsPitch = Math.abs(nominal - 1) > OWN_PITCH
    if (this.element.preservesPitch !== keepsPitch) this.element.preservesPitch = keepsPitch
    const pace = keepsPitch ? this.#pitchedPace : this.#pace
    const heard = playheadAt(milliseconds) - behind / wanted.rate
    const leads = this.mayLead && this.#lead.lead(milliseconds, heard, rate)
    if (leads) pace.begin()
    this.setPace(leads ? nominal : nominal * pace.at(milliseconds, behind, nominal))
  }

  stand(): void {
    this.#pace.begin()
    this.#pitchedPace.begin()
    this.#lead.stop()
  }
}

/** What of a media element changes what can be shown or where it stands. */
const NEWS = ['loadedmetadata', 'loadeddata', 'canplay', 'seeked', 'pause', 'error'] as const

/** Calls back in every frame, as soon as the playhead is set, and when there is news of the element. */
export function followWith(element: HTMLMediaElement, callback: (projectSeconds: number) => void): () => void {
  for (const news of NEWS) element.addEventListener(news, wakeFrames)
  const stop = everyFrameAndSeek(callback)
  return () => {
    stop()
    for (const news of NEWS) element.removeEventListener(news, wakeFrames)
  }
}
