/** Labels and spans that come from elsewhere: put beside what is there, and nothing twice. */
import { ticksFromSeconds } from '../units.ts'
import { labelsInOrder, newLabel, spansInOrder, addSpan, type LabelSpan } from './labels.ts'
import { MOST_ATTRIBUTES, type LabelAttribute } from './label-records.ts'
import type { DocumentRecord } from './records.ts'

type Draft = Map<string, DocumentRecord>

interface GivenLabel {
  readonly name: string
  readonly color?: string
  readonly attributes: readonly LabelAttribute[]
}

interface GivenSpan {
  /** The name of its label. */
  readonly label: string
  readonly startSeconds: number
  readonly endSeconds: number
  readonly values: Readonly<Record<string, string>>
  readonly note: string
}

/** What markers and labels are coloured with, by their names in OpenTimelineIO. */
export const LABEL_COLORS = ['red', 'orange', 'yellow', 'green', 'cyan', 'blue', 'purple', 'magenta'] as const

/**
 * A label of a name that is there is that label, with the questions that it lacked; a span that is there already, with the
 * same answers, is left as it is.
 *
 * @returns How many labels and spans are new.
 */
export function placeLabels(
  draft: Draft,
  labels: readonly GivenLabel[],
  spans: readonly GivenSpan[],
  newId: () => string,
): { readonly labels: number; readonly spans: number } {
  const byName = new Map(labelsInOrder(draft).map((label) => [label.name, label]))
  let made = 0
  for (const given of labels) {
    const known = byName.get(given.name)
    const label = known ?? newLabel(draft, `label-${newId()}`, given.name, LABEL_COLORS)
    if (!known) made += 1
    const color = LABEL_COLORS.find((each) => each === given.color?.toLowerCase())
    const changed = {
      ...label,
      ...(known || !color ? {} : { color }),
      attributes: joined(label.attributes, given.attributes),
    }
    draft.set(label.id, changed)
    byName.set(label.name, changed)
  }
  const there = new Set(spansInOrder(draft).map(sameness))
  let placed = 0
  for (const span of spans) {
    const label = byName.get(span.label)
    if (!label) continue
    const id = `marker-${newId()}`
    addSpan(draft, id, label.id, ticksFromSeconds(span.startSeconds), ticksFromSeconds(span.endSeconds))
    const added = draft.get(id)
    if (added?.kind !== 'marker' || added.labelId === undefined) continue
    const whole: LabelSpan = {
      ...added,
      labelId: added.labelId,
      note: span.note,
      ...(Object.keys(span.values).length > 0 ? { values: { ...span.values } } : {}),
    }
    if (there.has(sameness(whole))) draft.delete(id)
    else {
      draft.set(id, whole)
      there.add(sameness(whole))
      placed += 1
    }
  }
  return { labels: made, spans: placed }
}

/** To the microsecond, as files tell times. */
function sameness({ labelId, atTicks, durationTicks, values, note }: LabelSpan): string {
  const microsecond = ticksFromSeconds(1e-6)
  const answers = Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([labelId, ...[atTicks, durationTicks].map((t) => Math.round(t / microsecond)), answers, note])
}

/** Questions of both, those that are there first; answers are added to those of a question that offers some. */
function joined(own: readonly LabelAttribute[], given: readonly LabelAttribute[]): LabelAttribute[] {
  const all = own.map(({ name, values }) => {
    const more = given.find((each) => each.name === name)?.values ?? []
    const isOpen = values.length === 0
    return { name, values: isOpen ? [...values] : [...new Set([...values, ...more])].slice(0, 50) }
  })
  const names = new Set(all.map(({ name }) => name))
  for (const { name, values } of given) {
    if (names.has(name)) continue
    names.add(name)
    all.push({ name, values: [...new Set(values)].slice(0, 50) })
  }
  return all.slice(0, MOST_ATTRIBUTES)
}
