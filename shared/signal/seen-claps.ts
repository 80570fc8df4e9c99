/**
 * Claps as a picture shows them, and the sticks of a slate: something moves fast, and from one frame to the next nothing
 * moves there any more. The moment of contact lies in the last step, as far into it as that step is shorter than the one
 * before. A door or a ball stops like that too: what tells claps from strays is that others have them at the same times.
 */
import { LIGHT_GRID, lightEvents, peaks, strongest, type TimedEvent } from './timed-events.ts'

/** Small grey pictures that both light and movement are read from. */
export const EVENT_PICTURE = { width: 48, height: 32 } as const
const CELL = 4
const ACROSS = EVENT_PICTURE.width / CELL
const DOWN = EVENT_PICTURE.height / CELL
const CELLS = ACROSS * DOWN
/** Grey levels a frame, over a region of three cells by three. */
const LEAST_STOP = 1.2
const LEAST_DEVIATIONS = 8
/** What may still move after a stop, as a share of what moved before it. */
const STILL = 0.33
const APART_SECONDS = 0.25
/** Light changes a region as one; what moves uncovers on one side what it covers on the other. */
const AS_ONE = 0.9
/** Of a frame: hands are quicker at the end than the step before tells. */
const SIGMA_FRAMES = 0.25

export interface Seen {
  /** Flashes, screens that turn on, lamps. */
  readonly light: readonly TimedEvent[]
  /** Hands and sticks that meet. */
  readonly claps: readonly TimedEvent[]
  /** From one frame to the next, as a rule. */
  readonly frameSeconds: number
}

/** Reads events out of the frames of a recording, one after the other. */
export class SeenEvents {
  readonly #before = new Uint8Array(EVENT_PICTURE.width * EVENT_PICTURE.height)
  readonly #light: Uint8Array[] = []
  readonly #moved: Float32Array[] = []
  /** 1 for every region that became brighter or darker as one. */
  readonly #asOne: Uint8Array[] = []

  /** @param pixels grey values of EVENT_PICTURE, row by row */
  push(pixels: Uint8Array): void {
    const moved = new Float32Array(CELLS)
    const changed = new Float32Array(CELLS)
    const light = new Float32Array(LIGHT_GRID.width * LIGHT_GRID.height)
    const isFirst = this.#moved.length === 0
    for (let at = 0; at < this.#before.length; at++) {
      const [x, y] = [at % EVENT_PICTURE.width, Math.floor(at / EVENT_PICTURE.width)]
      const value = pixels[at]!
      const cell = Math.floor(y / CELL) * ACROSS + Math.floor(x / CELL)
      const change = isFirst ? 0 : value - this.#before[at]!
      moved[cell]! += Math.abs(change)
      changed[cell]! += change
      const column = Math.floor((x * LIGHT_GRID.width) / EVENT_PICTURE.width)
      light[Math.floor((y * LIGHT_GRID.height) / EVENT_PICTURE.height) * LIGHT_GRID.width + column]! += value
    }
    this.#before.set(pixels)
    const movement = inRegions(moved)
    this.#moved.push(movement)
    this.#asOne.push(
      Uint8Array.from(inRegions(changed), (sum, region) => Number(Math.abs(sum) > AS_ONE * movement[region]!)),
    )
    const pixelsEach = this.#before.length / light.length
    this.#light.push(Uint8Array.from(light, (sum) => Math.round(sum / pixelsEach)))
  }

  /** @param seconds clock times of the frames */
  read(seconds: ArrayLike<number>): Seen {
    const brightness = new Uint8Array(this.#light.length * LIGHT_GRID.width * LIGHT_GRID.height)
    for (const [frame, cells] of this.#light.entries()) brightness.set(cells, frame * cells.length)
    const steps = Array.from({ length: Math.max(0, seconds.length - 1) }, (_, n) => seconds[n + 1]! - seconds[n]!)
    const frameSeconds = Math.max(1e-3, steps.sort((one, two) => one - two)[steps.length >> 1] ?? 0.04)
    const light = lightEvents(brightness, seconds)
    // A flash that goes on and off again leaves a picture that was changing and is still: no hands met there.
    const dark = lightEvents(
      brightness.map((value) => 255 - value),
      seconds,
    )
    const changes = [...light, ...dark].map((event) => event.seconds)
    return { light, claps: this.#stops(seconds, frameSeconds, changes), frameSeconds }
  }

  /** @param lightChanges moments at which light went on or off; what changes as one at such a moment is no movement */
  #stops(seconds: ArrayLike<number>, frameSeconds: number, lightChanges: readonly number[]): TimedEvent[] {
    const count = Math.min(seconds.length, this.#moved.length)
    const usual = usualMovement(this.#moved)
    const stops = new Float64Array(count)
    const shares = new Float64Array(count)
    for (let frame = 3; frame + 2 < count; frame++) {
      const lit = lightChanges.some((moment) => moment > seconds[frame - 3]! && moment < seconds[frame]!)
      const isLight = (region: number): boolean => [2, 1, 0].some((ago) => this.#asOne[frame - ago]![region] === 1)
      for (let region = 0; region < CELLS; region++) {
        if (lit && isLight(region)) continue
        const at = (each: number): number => Math.max(0, this.#moved[each]![region]! - usual[region]!)
        const before = (at(frame - 1) + at(frame - 2)) / 2
        const stop = before - Math.max(at(frame + 1), at(frame + 2)) / STILL
        if (stop <= stops[frame]!) continue
        stops[frame] = stop
        shares[frame] = Math.min(1, at(frame) / before)
      }
    }
    const sorted = stops.slice().sort()
    const middle = sorted[count >> 1] ?? 0
    const spread = sorted.map((each) => Math.abs(each - middle)).sort()[count >> 1] ?? 0
    const threshold = Math.max(LEAST_STOP, middle + LEAST_DEVIATIONS * 1.4826 * spread)
    const apart = Math.max(1, Math.round(APART_SECONDS / frameSeconds))
    return strongest(
      peaks(stops, threshold, apart).map((frame) => {
        const step = Math.min(seconds[frame]! - seconds[frame - 1]!, 4 * frameSeconds)
        return {
          seconds: seconds[frame]! - step * (1 - shares[frame]!),
          sigmaSeconds: SIGMA_FRAMES * step,
          strength: stops[frame]!,
        }
      }),
    )
  }
}

/** Mean grey levels a pixel over each cell and its neighbours. */
function inRegions(cells: Float32Array): Float32Array {
  const out = new Float32Array(CELLS)
  for (let y = 0; y < DOWN; y++) {
    for (let x = 0; x < ACROSS; x++) {
      let sum = 0
      for (let row = Math.max(0, y - 1); row <= Math.min(DOWN - 1, y + 1); row++) {
        for (let column = Math.max(0, x - 1); column <= Math.min(ACROSS - 1, x + 1); column++) {
          sum += cells[row * ACROSS + column]!
        }
      }
      out[y * ACROSS + x] = sum / (9 * CELL * CELL)
    }
  }
  return out
}

/** The median over time of every region, of up to some thousand frames: noise of the sensor and of the coder. */
function usualMovement(moved: readonly Float32Array[]): Float64Array {
  const stride = Math.max(1, Math.floor(moved.length / 2000))
  const some = moved.filter((_, frame) => frame % stride === 0)
  return Float64Array.from({ length: CELLS }, (_, region) => {
    const sorted = Float32Array.from(some, (frame) => frame[region]!).sort()
    return sorted[sorted.length >> 1] ?? 0
  })
}
