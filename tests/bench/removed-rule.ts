/** A line that keeps a rule, and what stands there once the rule is gone. */
export interface RemovedRule {
  readonly name: string
  /** Under `electron/`. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly line: string
  readonly becomes: string
  /** Under `tests/`. */
  readonly test: string
  /** Part of the titles of the tests that are run; absent: all of the file. */
  readonly title?: string
}

type Row = readonly [name: string, line: string, becomes: string, title?: string]

export const rules = (file: string, test: string, rows: readonly Row[]): RemovedRule[] =>
  rows.map(([name, line, becomes, title]) => ({
    name,
    file,
    line,
    becomes,
    test,
    ...(title === undefined ? {} : { title }),
  }))
