/** A message of an MCAP file before it is stamped. */
export interface McapEntry {
  /** On the project's clock. */
  readonly seconds: number
  readonly message: object
}
