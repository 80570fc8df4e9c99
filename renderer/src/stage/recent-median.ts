/** The middle of what was seen last: one frame that came late, or a device that told a wrong time once, does not move it. */

export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

export class RecentMedian {
  readonly #most: number
  #values: number[] = []

  constructor(most: number) {
    this.#most = most
  }

  forget(): void {
    this.#values = []
  }

  /** @returns the middle of the last values, this one among them */
  add(value: number): number {
    this.#values = [...this.#values.slice(1 - this.#most), value]
    return medianOf(this.#values)
  }
}
