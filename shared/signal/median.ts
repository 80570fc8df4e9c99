/** The value in the middle, the upper one of two; 0 of none. */
export const median = (values: readonly number[]): number =>
  [...values].sort((one, two) => one - two)[values.length >> 1] ?? 0
