/**
 * Which files and folders are chosen to be taken. Names by token, those of one folder in the order of its list: as they
 * stand there they come in, whichever was chosen first.
 */

export interface Entry {
  readonly token: string
  readonly name: string
}

export type ChosenEntries = ReadonlyMap<string, string>

/** What is chosen, with those of a list in its order. */
function inOrder(chosen: ChosenEntries, entries: readonly Entry[]): ChosenEntries {
  const here = new Set(entries.map(({ token }) => token))
  const elsewhere = [...chosen].filter(([token]) => !here.has(token))
  const own = entries.filter(({ token }) => chosen.has(token)).map(({ token, name }) => [token, name] as const)
  return new Map([...elsewhere, ...own])
}

/** With the entry where it was not chosen, else without it. */
export function withOther(chosen: ChosenEntries, entries: readonly Entry[], { token, name }: Entry): ChosenEntries {
  const next = new Map(chosen)
  if (!next.delete(token)) next.set(token, name)
  return inOrder(next, entries)
}

/** With all that lie between two places of the list, both of them included. */
export function withSpan(chosen: ChosenEntries, entries: readonly Entry[], from: number, to: number): ChosenEntries {
  const span = entries.slice(Math.min(from, to), Math.max(from, to) + 1)
  return inOrder(new Map([...chosen, ...span.map(({ token, name }) => [token, name] as const)]), entries)
}

/** Whether a list has entries and nothing in it is left to choose. */
export function isAllChosen(chosen: ChosenEntries, entries: readonly Entry[]): boolean {
  return entries.length > 0 && entries.every(({ token }) => chosen.has(token))
}

/** With all of the list, or without any of it where all were chosen. What was chosen in other folders stays. */
export function withAllOrNone(chosen: ChosenEntries, entries: readonly Entry[]): ChosenEntries {
  if (!isAllChosen(chosen, entries)) return withSpan(chosen, entries, 0, entries.length - 1)
  const next = new Map(chosen)
  for (const { token } of entries) next.delete(token)
  return next
}
