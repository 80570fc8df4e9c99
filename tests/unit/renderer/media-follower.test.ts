/** Sound leads the playhead and pictures follow it, on elements as browsers have them: they start late, lose time, and run on clocks of their own. */
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { loadFromWindow } from './window-modules.ts'

let milliseconds = 0
vi.spyOn(performance, 'now').mockImplementation(() => milliseconds)
vi.stubGlobal('requestAnimationFrame', () => 1)
afterAll(() => vi.restoreAllMocks())

const { PictureFollower, SoundFollower } = await loadFromWindow('stage/media-follower')
const { now, seek, setRate, setTransportBounds } = await loadFromWindow('state/transport')

const FRAME = 1000 / 60
const PICTURE_SECONDS = 1 / 30

type See = (now: number, metadata: { expectedDisplayTime: number; mediaTime: number }) => void

class Element {
  paused = true
  seeking = false
  preservesPitch = true
  jumps = 0
  paces = 0
  #position = 0
  #rate = 1
  #silentUntil = 0
  #see: See | null = null
  #shown = -1
  #shownMilliseconds = -1
  readonly is: { readonly startsAfter: number; readonly ppm?: number; readonly late?: number }

  constructor(is: Element['is']) {
    this.is = is
  }

  get currentTime(): number {
    return this.#position
  }
  set currentTime(seconds: number) {
    this.#position = seconds
    this.jumps += 1
    this.#silentUntil = milliseconds + this.is.startsAfter
  }
  get playbackRate(): number {
    return this.#rate
  }
  set playbackRate(rate: number) {
    this.paces += 1
    this.#rate = rate
  }
  play(): Promise<void> {
    this.paused = false
    this.#silentUntil = milliseconds + this.is.startsAfter
    return Promise.resolve()
  }
  pause(): void {
    this.paused = true
  }
  lose(seconds: number): void {
    this.#position -= seconds
  }
  requestVideoFrameCallback(see: See): number {
    this.#see = see
    return 1
  }
  /** A frame of the machine passes; the picture of then is presented a little later than the film's clock says. */
  pass(): void {
    if (!this.paused && milliseconds >= this.#silentUntil)
      this.#position += (FRAME / 1000) * this.#rate * (1 + (this.is.ppm ?? 0) * 1e-6)
    const picture = Math.floor(this.#position / PICTURE_SECONDS)
    if (picture === this.#shown) return
    this.#shown = picture
    this.#shownMilliseconds = milliseconds
    const expectedDisplayTime = milliseconds + (this.is.late ?? 0)
    this.#see?.(milliseconds, { expectedDisplayTime, mediaTime: picture * PICTURE_SECONDS })
  }
  /** How much further sound is than the picture that is seen now, when that is presented. */
  behind(sound: Element): number {
    return sound.currentTime + (this.is.late ?? 0) / 1000 - this.#shown * PICTURE_SECONDS
  }
  get isNew(): boolean {
    return this.#shownMilliseconds === milliseconds
  }
}

type Wanted = (seconds: number) => { readonly seconds: number; readonly rate: number } | null
const asRecorded: Wanted = (seconds) => ({ seconds, rate: 1 })

function play(
  seconds: number,
  players: readonly (readonly [Element, { follow: InstanceType<typeof SoundFollower>['follow'] }, Wanted?])[],
  inEach: () => void = () => undefined,
): void {
  for (const end = milliseconds + seconds * 1000; milliseconds < end;) {
    milliseconds += FRAME
    const before = now()
    for (const [element] of players) element.pass()
    for (const [, follower, wanted = asRecorded] of players) follower.follow(wanted(before), before)
    inEach()
  }
}

beforeEach(() => {
  milliseconds += 10_000
  setTransportBounds(0, 600)
  setRate(0)
  seek(10)
})

/** An element that stands where the playhead does. */
function standing(is: Element['is']): Element {
  const element = new Element(is)
  element.currentTime = 10
  element.jumps = 0
  return element
}

const middleOf = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!

test('pictures are seen within 16 ms of the sound, whatever each of them loses, and the sound is never hurried', () => {
  const sound = standing({ startsAfter: 120, ppm: 300 })
  const film = standing({ startsAfter: 60, ppm: -200, late: 24 })
  const players = [
    [sound, new SoundFollower(sound)],
    [film, new PictureFollower(film)],
  ] as const
  setRate(1)
  let skews: number[] = []
  let shown = 0
  const look = (): void => {
    if (film.isNew) skews.push(film.behind(sound))
    // It never shows again what it has shown.
    expect(now()).toBeGreaterThanOrEqual(shown)
    shown = now()
  }
  play(2, players)
  for (const [filmLost, soundLost] of [
    [0, 0],
    [0.04, 0],
    [0.02, 0],
    [0.08, 0],
    [0, 0.05],
  ] as const) {
    film.lose(filmLost)
    sound.lose(soundLost)
    play(1.5, players)
    skews = []
    play(3, players, look)
    expect(Math.abs(middleOf(skews))).toBeLessThan(0.016)
  }
  play(30, players, look)
  expect([sound.paces, sound.jumps, film.jumps]).toEqual([0, 0, 0])
  expect(film.paces).toBeLessThan(30)
  expect(Math.abs(now() - sound.currentTime)).toBeLessThan(0.005)
})

test('one sound leads, the others follow, and another takes its place when it ends', () => {
  const [first, second] = [standing({ startsAfter: 90, ppm: 200 }), standing({ startsAfter: 30, ppm: -200 })]
  const [leader, follower] = [new SoundFollower(first), new SoundFollower(second)]
  setRate(1)
  play(8, [
    [first, leader],
    [second, follower],
  ])
  expect(first.paces).toBe(0)
  expect(Math.abs(first.currentTime - second.currentTime)).toBeLessThan(0.012)
  play(4, [
    [first, leader, () => null],
    [second, follower],
  ])
  expect(first.paused).toBe(true)
  expect(Math.abs(now() - second.currentTime)).toBeLessThan(0.003)
  expect(second.jumps).toBe(0)
})

test('sound that is to come from elsewhere jumps there, and does not pull the playhead to where it was', () => {
  const sound = standing({ startsAfter: 40 })
  const follower = new SoundFollower(sound)
  // At 12 s a tenth of a second was cut out.
  const cut: Wanted = (seconds) => ({ seconds: seconds < 12 ? seconds : seconds + 0.1, rate: 1 })
  setRate(1)
  play(4, [[sound, follower, cut]])
  expect(sound.jumps).toBe(1)
  expect(sound.currentTime - now()).toBeCloseTo(0.1, 2)
  // Set a little on while it plays, it is there, and not taken back.
  const before = now()
  seek(before + 0.15)
  play(1, [[sound, follower, cut]])
  expect(sound.jumps).toBe(2)
  expect(now()).toBeGreaterThan(before + 1.05)
  expect(sound.currentTime - now()).toBeCloseTo(0.1, 2)
})

test('while somebody speaks over it the playhead goes by the clock of the machine', () => {
  const sound = standing({ startsAfter: 120, ppm: 300 })
  const follower = new SoundFollower(sound)
  follower.mayLead = false
  setRate(1)
  const began = milliseconds
  play(8, [[sound, follower]])
  expect(now()).toBeCloseTo(10 + (milliseconds - began) / 1000, 9)
  expect(Math.abs(sound.currentTime - now())).toBeLessThan(0.03)
})
