/**
 * Keys in the world. The shown parts register what keys can do; this file does not use three, since actions are loaded
 * before the world.
 */

/** Relative to the viewer: away and toward along the floor, raise and lower along the vertical. */
export type Direction = 'left' | 'right' | 'away' | 'toward' | 'raise' | 'lower'
export type ViewChange = 'left' | 'right' | 'up' | 'down' | 'nearer' | 'farther' | 'all'

type Step = (direction: Direction, isFine: boolean) => void

export interface WorldHand {
  /** Turns or moves the eye. */
  readonly view: (change: ViewChange) => void
  readonly crosshair: Step
  /** Picks what is under the crosshair, like a click. */
  readonly pick: () => void
  /** The selected recording, with the tool that moves it or the one that turns it. */
  readonly recording: Step
  /** The active box. */
  readonly box: Step
}

const inHand: { -readonly [K in keyof WorldHand]?: WorldHand[K] } = {}

/** Registers what keys do; returns a function that removes it. */
export function lendToKeys(parts: Partial<WorldHand>): () => void {
  Object.assign(inHand, parts)
  return () => {
    for (const [name, part] of Object.entries(parts))
      if (inHand[name as keyof WorldHand] === part) delete inHand[name as keyof WorldHand]
  }
}

/** What keys can do now; undefined if nothing is registered. */
export function handOf<K extends keyof WorldHand>(name: K): WorldHand[K] | undefined {
  return inHand[name]
}
