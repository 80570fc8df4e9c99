/** Labels and the spans of time that have them: how they are ordered, made, moved and taken away. */
import { recordsOf } from './document.ts'
import { MOST_ATTRIBUTES, type Label } from './label-records.ts'
import type { Document, DocumentRecord, Marker } from './records.ts'
import { ticksFromSeconds } from '../units.ts'

type Draft = Map<string, DocumentRecord>

/** A marker that says of a stretch of time what there is to be seen or heard. */
export type LabelSpan = Marker & { readonly labelId: string }

/** Keys that a label can have. */
export const LABEL_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'] as const

/** Whatever is done to a span, this much of it is left. */
const LEAST_TICKS = ticksFromSeconds(0.001)

export function isSpan(marker: Marker): marker is LabelSpan {
  return marker.labelId !== undefined
}

export function labelsInOrder(document: Document): Label[] {
  return recordsOf(document, 'label').sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
}

/** By their start, then their end. */
export function spansInOrder(document: Document): LabelSpan[] {
  return recordsOf(document, 'marker')
    .filter(isSpan)
    .sort((a, b) => a.atTicks - b.atTicks || a.durationTicks - b.durationTicks)
}

/** A label under everything that is there, with the first number key that is free. */
export function newLabel(document: Document, id: string, name: string, colors: readonly string[]): Label {
  const labels = labelsInOrder(document)
  const taken = new Set(labels.map((label) => label.key))
  const key = LABEL_KEYS.find((each) => !taken.has(each)) ?? null
  const order = (labels.at(-1)?.order ?? -1) + 1
  const color = colors[order % colors.length] ?? 'accent'
  return { kind: 'label', id, name, color, key, order, attributes: [] }
}

/** Gives a label a key; who had it has none from then on. */
export function giveKey(draft: Draft, labelId: string, key: string | null): void {
  for (const label of recordsOf(draft, 'label')) {
    if (label.id === labelId) draft.set(label.id, { ...label, key })
    else if (key !== null && label.key === key) draft.set(label.id, { ...label, key: null })
  }
}

/** A span from one moment to another, whichever is first. Nothing where the label is gone. */
export function addSpan(draft: Draft, id: string, labelId: string, fromTicks: number, toTicks: number): void {
  const label = draft.get(labelId)
  if (label?.kind !== 'label') return
  const atTicks = Math.min(fromTicks, toTicks)
  const durationTicks = Math.max(LEAST_TICKS, Math.abs(toTicks - fromTicks))
  const { name: title, color } = label
  draft.set(id, { kind: 'marker', id, atTicks, durationTicks, title, color, note: '', labelId })
}

/** Renames or colours a label and its spans, which other programs know as markers. */
export function changeLabel(draft: Draft, labelId: string, change: Partial<Pick<Label, 'name' | 'color'>>): void {
  const label = draft.get(labelId)
  if (label?.kind !== 'label') return
  const changed = { ...label, ...change }
  draft.set(labelId, changed)
  for (const marker of recordsOf(draft, 'marker')) {
    if (marker.labelId === labelId) draft.set(marker.id, { ...marker, title: changed.name, color: changed.color })
  }
}

/** Takes a label away with its spans. */
export function removeLabel(draft: Draft, labelId: string): void {
  draft.delete(labelId)
  for (const marker of recordsOf(draft, 'marker')) if (marker.labelId === labelId) draft.delete(marker.id)
}

/** Moves a span, or one of its edges. An edge stops before the other. */
export function moveSpan(draft: Draft, id: string, part: 'whole' | 'start' | 'end', byTicks: number): void {
  const span = draft.get(id)
  if (span?.kind !== 'marker') return
  const end = span.atTicks + span.durationTicks
  const atTicks =
    part === 'end' ? span.atTicks : Math.min(span.atTicks + byTicks, part === 'start' ? end - LEAST_TICKS : Infinity)
  const durationTicks =
    part === 'whole'
      ? span.durationTicks
      : part === 'start'
        ? end - atTicks
        : Math.max(LEAST_TICKS, span.durationTicks + byTicks)
  draft.set(id, { ...span, atTicks, durationTicks })
}

/** `hand = left, right; object`: the attributes of a label as a person writes them. */
export function attributesFromText(text: string): Label['attributes'] {
  const names = new Set<string>()
  const attributes = text.split(';').flatMap((part) => {
    const [name = '', values = ''] = part.split('=').map((each) => each.trim().slice(0, 500))
    if (name === '' || names.has(name)) return []
    names.add(name)
    const answers = [...new Set(values.split(',').map((each) => each.trim().slice(0, 60)))].filter(Boolean)
    return [{ name: name.slice(0, 60), values: answers.slice(0, 50) }]
  })
  return attributes.slice(0, MOST_ATTRIBUTES)
}

export function attributesText(attributes: Label['attributes']): string {
  return attributes.map(({ name, values }) => (values.length > 0 ? `${name} = ${values.join(', ')}` : name)).join('; ')
}
