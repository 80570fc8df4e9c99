/**
 * Reads projects of LosslessCut (`.llc`, JSON5, versions 1 and 2): the segments of one recording that are kept. They are
 * put one behind the other, as LosslessCut joins them; a segment without an end is a marker.
 */
import JSON5 from 'json5'
import { z } from 'zod'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { foreignClip, tracksOfLanes, type LaneClip } from './edit-lanes.ts'
import type { ReadMarker, ReadTimeline } from './otio-read.ts'
import { unreadableEdit } from './unreadable-edit.ts'

const segmentSchema = z.object({
  start: z.number().nullish(),
  end: z.number().nullish(),
  name: z.string().nullish(),
  selected: z.boolean().nullish(),
})
const projectSchema = z.object({
  version: z.number(),
  mediaFileName: z.string().min(1),
  cutSegments: z.array(segmentSchema).max(100_000),
})
export type LlcProject = z.infer<typeof projectSchema>

/** Cuts of one recording; JSON5 is read slowly. */
const LONGEST_LETTERS = 4e6

/** @throws AsterismError `corrupt_file`, `too_large`, `unsupported_format` for versions that are not known. */
export function readLlc(content: string): LlcProject {
  if (content.length > LONGEST_LETTERS) {
    throw new AsterismError('too_large', say('edit.llcTooLarge'), {
      kept: say('kept.timeline'),
    })
  }
  let parsed: unknown
  try {
    parsed = JSON5.parse(content.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw unreadableEdit(say('edit.llc.noJson', { detail: (error as Error).message }))
  }
  const project = projectSchema.safeParse(parsed)
  if (!project.success) throw unreadableEdit(say('edit.llc.none'))
  if (project.data.version > 2)
    throw new AsterismError('unsupported_format', say('edit.llcVersion', { version: project.data.version }), {
      kept: say('kept.timeline'),
    })
  return project.data
}

/**
 * The kept segments as an edit.
 * @param media Of the recording: how long it is, and what it has; undefined where the project does not have it.
 */
export function editOfLlc(
  project: LlcProject,
  media: { readonly durationSeconds: number | null; readonly kinds: readonly LaneClip['kind'][] } | undefined,
): ReadTimeline {
  const { mediaFileName: file, cutSegments, version } = project
  const clips: LaneClip[] = []
  const markers: ReadMarker[] = []
  const warnings: Saying[] = []
  let at = 0
  let left = 0
  for (const { start, end, name, selected } of cutSegments) {
    const from = Math.max(0, start ?? 0)
    // In version 1 a segment without an end goes to the end of the recording.
    const to = end ?? (version === 1 ? media?.durationSeconds : undefined) ?? undefined
    if (selected === false) {
      left++
      continue
    }
    if (to === undefined) {
      markers.push({ name: name ?? '', comment: '', color: 'RED', atSeconds: at, durationSeconds: 0 })
      continue
    }
    if (!(to > from)) {
      left++
      continue
    }
    const clip = foreignClip({
      name: name || file,
      startSeconds: at,
      durationSeconds: to - from,
      sourceStartSeconds: from,
      targetUrl: file,
    })
    for (const kind of media?.kinds ?? ['Video' as const]) clips.push({ ...clip, kind, lane: 0 })
    at += to - from
  }
  if (left > 0) warnings.push(say('edit.leftOut.segments', { segments: left }))
  return { name: file, own: {}, tracks: tracksOfLanes(clips), markers, warnings }
}
