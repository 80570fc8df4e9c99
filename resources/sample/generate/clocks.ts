/**
 * The clocks of the take. Scene time is camera A's clock. Every device stamps its samples with a clock of its own:
 * t_scene = offsetSeconds + (1 + ratePpm * 1e-6) * t_device, and t_device is the presentation time in the file.
 */

export interface DeviceClock {
  readonly offsetSeconds: number
  readonly ratePpm: number
  /** How long the device records, on its own clock. */
  readonly durationSeconds: number
}

export const CLOCKS = {
  cameraA: { offsetSeconds: 0, ratePpm: 0, durationSeconds: 28 },
  cameraB: { offsetSeconds: 3.7, ratePpm: 38, durationSeconds: 23.6 },
  microphone: { offsetSeconds: -2.2, ratePpm: -24, durationSeconds: 30.4 },
  phone: { offsetSeconds: 1.31, ratePpm: 12, durationSeconds: 25.2 },
} as const satisfies Record<string, DeviceClock>

/** The span of scene time that any device saw, with room for the filters' tails. */
export const SCENE_START = -2.5
export const SCENE_END = 28.6

export function sceneTime(clock: DeviceClock, deviceSeconds: number): number {
  return clock.offsetSeconds + (1 + clock.ratePpm * 1e-6) * deviceSeconds
}

/** What happens when, in scene time. */
export const EVENTS = {
  cupOnTable: 9.75,
  claps: [18.05, 18.6],
  lampOn: 18.9,
} as const

export interface Line {
  readonly at: number
  readonly text: string
}

/** The commentary, as spoken live. */
export const COMMENTARY: readonly Line[] = [
  { at: 0.35, text: 'Hello. This is my living room.' },
  { at: 2.95, text: 'On the left there is a grey sofa, with three pictures above it.' },
  { at: 7.15, text: 'My tea goes here, on the wooden table.' },
  { at: 10.6, text: 'By the window stands a tall plant. It loves the morning sun.' },
  { at: 14.95, text: 'That is my reading corner, and the lamp listens.' },
  { at: 19.7, text: 'The shelf is full of books about the sea.' },
  { at: 23.2, text: 'And this is the whole room, from the window to the door.' },
]
