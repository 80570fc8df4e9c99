/**
 * Reads labels and their spans: the three forms that labels.ts writes, and what is like them. A file of labels without
 * spans is a schema. Broken spans are left out and counted; the rest is taken.
 */
import { z } from 'zod'
import type { LabelAttribute } from '../../../../shared/document/label-records.ts'
import { readCaptions } from './captions-read.ts'

interface ReadLabel {
  readonly name: string
  /** By its name, where the file says one. */
  readonly color?: string
  readonly attributes: readonly LabelAttribute[]
}

interface ReadSpan {
  readonly label: string
  readonly startSeconds: number
  readonly endSeconds: number
  readonly values: Readonly<Record<string, string>>
  readonly note: string
}

export interface ReadLabels {
  readonly labels: readonly ReadLabel[]
  readonly spans: readonly ReadSpan[]
  /** Spans without a label, without times that can be read, or that end before they start. */
  readonly broken: number
}

/** What tells cues that are spans of labels from captions. */
export const SPANS_NOTE = 'NOTE Spans of labels'

const MOST_NAME = 80
const MOST_ANSWER = 60

type Found = Partial<Omit<ReadSpan, 'values' | 'note'>> & Pick<ReadSpan, 'values' | 'note'>

/** What is whole of what was found, with the labels that it names beside those that are known. */
function whole(known: readonly ReadLabel[], found: readonly Found[]): ReadLabels {
  const spans = found.flatMap(({ label = '', startSeconds: from = NaN, endSeconds: to = NaN, values, note }) => {
    const name = label.trim().slice(0, MOST_NAME)
    return name !== '' && to > from && Number.isFinite(to - from)
      ? [{ label: name, startSeconds: from, endSeconds: to, values, note }]
      : []
  })
  const labels = new Map(known.map((label) => [label.name, label]))
  for (const { label, values } of spans) {
    const { attributes = [], ...rest } = labels.get(label) ?? { name: label }
    const asked = new Set(attributes.map(({ name }) => name))
    const more = Object.keys(values).filter((name) => !asked.has(name))
    labels.set(label, { ...rest, attributes: [...attributes, ...more.map((name) => ({ name, values: [] }))] })
  }
  return { labels: [...labels.values()], spans, broken: found.length - spans.length }
}

const numberOrNone = z.coerce.number().optional().catch(undefined)
const words = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const answers = z.record(z.string(), z.unknown()).catch({})
const jsonSchema = z.object({
  categories: z.array(
    z.object({
      id: z.union([z.string(), z.number()]).optional(),
      name: z.string().trim().min(1),
      color: z.string().optional().catch(undefined),
      attributes: z
        .array(z.object({ name: z.string().trim().min(1), values: z.array(words).catch([]) }))
        .optional()
        .catch([]),
    }),
  ),
  annotations: z
    .array(
      z.object({
        category: z.string().optional().catch(undefined),
        category_id: z.union([z.string(), z.number()]).optional().catch(undefined),
        start_s: numberOrNone,
        end_s: numberOrNone,
        attributes: answers,
        note: z.string().catch(''),
      }),
    )
    .catch([]),
})

function withinLimits(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const told = Object.entries(values).flatMap(([name, value]) => {
    const text = words.safeParse(value)
    return text.success && text.data.trim() !== '' && name.trim() !== '' ? [[name.trim().slice(0, 60), text.data]] : []
  })
  return Object.fromEntries(told) as Record<string, string>
}

/** JSON with `categories`, as COCO has them; null where it is some other JSON. */
export function readLabelsJson(content: string): ReadLabels | null {
  const parsed = jsonSchema.safeParse(jsonOf(content))
  if (!parsed.success) return null
  const { categories, annotations } = parsed.data
  const labels = categories.map(({ name, color, attributes = [] }) => ({
    name: name.slice(0, MOST_NAME),
    color,
    attributes: attributes.map((each) => ({
      name: each.name.slice(0, MOST_ANSWER),
      values: each.values.map((value) => value.slice(0, MOST_ANSWER)).filter(Boolean),
    })),
  }))
  const nameOf = new Map(categories.map(({ id, name }) => [String(id), name]))
  return whole(
    labels,
    annotations.map((each) => ({
      label: each.category ?? nameOf.get(String(each.category_id)),
      startSeconds: each.start_s,
      endSeconds: each.end_s,
      values: withinLimits(each.attributes),
      note: each.note,
    })),
  )
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''))
  } catch {
    return null
  }
}

/** Whether the first bytes of a file are those of such a table: its columns stand in any order. */
export function isLabelsTable(head: string): boolean {
  const [columns = []] = rowsOf(head.replace(/^\uFEFF/, '').split(/\r?\n/, 1)[0] ?? '')
  return columns.includes('label') && columns.includes('start_s')
}

/** A table with the columns label, start_s, and end_s or duration_s; note, and a column for every question. */
export function readLabelsCsv(content: string): ReadLabels {
  const [head = [], ...rows] = rowsOf(content.replace(/^\uFEFF/, ''))
  const at = (name: string): number => head.indexOf(name)
  const own = new Set(['label', 'start_s', 'end_s', 'duration_s', 'note'])
  const found = rows.map((row): Found => {
    const number = (name: string): number => (row[at(name)]?.trim() ? Number(row[at(name)]) : NaN)
    const startSeconds = number('start_s')
    const values = Object.fromEntries(head.flatMap((name, n) => (own.has(name) ? [] : [[name, row[n]]])))
    return {
      label: row[at('label')],
      startSeconds,
      endSeconds: at('end_s') >= 0 ? number('end_s') : startSeconds + number('duration_s'),
      values: withinLimits(values),
      note: row[at('note')] ?? '',
    }
  })
  return whole([], found)
}

/** RFC 4180; blank lines are left out. */
export function rowsOf(content: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, plain = '', end] of content.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    if (row.some((cell) => cell !== '')) rows.push(row)
    row = []
  }
  return rows
}

/** Cues of spans: the label, then `question: answer` lines, then the note. Null where they are captions. */
export function readLabelsVtt(content: string): ReadLabels | null {
  if (!content.slice(0, 200).includes(SPANS_NOTE)) return null
  const { cues, broken } = readCaptions(content)
  const found = cues.map(({ text, startSeconds, endSeconds }): Found => {
    const [label, ...lines] = text.split('\n')
    const firstOther = lines.findIndex((line) => !/^[^:]{1,60}: ./.test(line))
    const told = firstOther < 0 ? lines : lines.slice(0, firstOther)
    const values = told.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])
    return {
      label,
      startSeconds,
      endSeconds,
      values: withinLimits(Object.fromEntries(values) as Record<string, string>),
      note: lines.slice(told.length).join('\n'),
    }
  })
  const read = whole([], found)
  return { ...read, broken: read.broken + broken }
}
