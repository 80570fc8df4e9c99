/**
 * What keys do in the world. Whatever is shown there says what it can be told; nothing of three is in here, as actions
 * are loaded before the world is.
 */

/** As seen by who looks: away and toward along the floor, raise and lower along the vertical. */
export type Direction = 'left' | 'right' | 'away' | 'toward' | 'raise' | 'lower'
export type ViewChange = 'left' | 'right' | 'up' | 'down' | 'nearer' | 'farther' | 'all'

type Step = (direction: Direction, isFine: boolean) => void

export interface WorldHand {
  /** Turns or moves the eye. */
  readonly view: (change: ViewChange) => void
  readonly crosshair: Step
  /** Takes what lies under the crosshair, as a click does. */
  readonly pick: () => void
  /** The selected recording, with the tool that moves it or the one that turns it. */
  readonly recording: Step
  /** The box that is worked on. */
  readonly box: Step
}

const inHand: { -readonly [K in keyof WorldHand]?: WorldHand[K] } = {}

/** Lends the keys what they do from now on; returns what takes it back. */
export function lendToKeys(parts: Partial<WorldHand>): () => void {
  Object.assign(inHand, parts)
  return () => {
    for (const [name, part] of Object.entries(parts))
      if (inHand[name as keyof WorldHand] === part) delete inHand[name as keyof WorldHand]
  }
}

/** What keys can do now; undefined while nothing is there that could. */
export function handOf<K extends keyof WorldHand>(name: K): WorldHand[K] | undefined {
  return inHand[name]
}
