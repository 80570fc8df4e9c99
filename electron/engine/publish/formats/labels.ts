/**
 * Labels and their spans as files: a table for spreadsheets and pandas, cues for players, and JSON in the manner of COCO
 * (categories and annotations with ids, counted from 1) with spans of time in place of boxes. Times are seconds of the
 * project, to the microsecond.
 */
import type { LabelSpan } from '../../../../shared/document/labels.ts'
import type { Label } from '../../../../shared/document/label-records.ts'
import { secondsFromTicks } from '../../../../shared/units.ts'
import { readableJson, type Json } from '../package/canonical-json.ts'
import type { ProjectView } from '../package/project-view.ts'
import { SPANS_NOTE } from './labels-read.ts'
import { cueText, vttTime } from './vtt.ts'

const seconds = (ticks: number): number => Math.round(secondsFromTicks(ticks) * 1e6) / 1e6

/** The questions of all labels, each once, in the order of the labels. */
function attributeNames(labels: readonly Label[]): string[] {
  return [...new Set(labels.flatMap((label) => label.attributes.map((attribute) => attribute.name)))]
}

/** RFC 4180: quoted where a sign of the form itself stands in it. */
function cell(value: string | number): string {
  const text = String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One line a span; a column for every question that any label asks. */
export function labelsCsv(view: ProjectView, spans: readonly LabelSpan[]): string {
  const names = attributeNames(view.labels)
  const rows = spans.map((span) => [
    span.title,
    seconds(span.atTicks),
    seconds(span.atTicks + span.durationTicks),
    seconds(span.durationTicks),
    ...names.map((name) => span.values?.[name] ?? ''),
    span.note,
  ])
  return [['label', 'start_s', 'end_s', 'duration_s', ...names, 'note'], ...rows]
    .map((row) => `${row.map(cell).join(',')}\r\n`)
    .join('')
}

/** A cue a span: the label, then its answers, then the note. */
export function labelsVtt(spans: readonly LabelSpan[]): string {
  const cues = spans.map((span) => {
    const answers = Object.entries(span.values ?? {}).map(([name, value]) => `${name}: ${value}`)
    const text = [span.title, ...answers, span.note].filter((line) => line.trim() !== '').join('\n')
    return `${vttTime(seconds(span.atTicks))} --> ${vttTime(seconds(span.atTicks + span.durationTicks))}\n${cueText(text)}\n`
  })
  return ['WEBVTT\n', `${SPANS_NOTE}\n`, ...cues].join('\n')
}

export function labelsJson(view: ProjectView, spans: readonly LabelSpan[]): string {
  const numberOf = new Map(view.labels.map((label, n) => [label.id, n + 1]))
  const films = view.assets.filter((asset) => view.streamsOf(asset.id).some((stream) => stream.sensor === 'video'))
  const files = (films.length > 0 ? films : view.assets).map((asset, n): Json => {
    const [stream] = view.streamsOf(asset.id)
    const map = stream ? view.timeMapOf(stream.clockId) : undefined
    return {
      id: n + 1,
      file_name: asset.fileName,
      sha256: asset.sha256,
      duration_s: asset.durationSeconds,
      offset_s: map?.offsetSeconds ?? 0,
      rate_ppm: map?.ratePpm ?? 0,
    }
  })
  return readableJson({
    info: { description: view.project.title, version: '1.0', clock: 'project seconds' },
    videos: files,
    categories: view.labels.map((label, n): Json => ({
      id: n + 1,
      name: label.name,
      color: label.color,
      attributes: label.attributes.map(({ name, values }): Json => ({ name, values: [...values] })),
    })),
    annotations: spans.map((span, n): Json => ({
      id: n + 1,
      category_id: numberOf.get(span.labelId) ?? null,
      category: span.title,
      start_s: seconds(span.atTicks),
      end_s: seconds(span.atTicks + span.durationTicks),
      attributes: { ...span.values },
      note: span.note,
    })),
  })
}
