/** View state of a project (workspace, layout, zoom), stored by the engine outside the history. */
import { z } from 'zod'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { timelineView } from '../timeline/view-state.ts'
import { forgetAnswers } from './kept-answer.ts'
import { STARS_TABS, useSession, WORKSPACES } from './session-store.ts'
import { now, placePlayhead, useTransport } from './transport.ts'

const KEY = 'window'
const KEEP_AFTER_MILLISECONDS = 400
const MOST_SELECTED = 200

const layoutSchema = z.record(z.string(), z.number())

const viewSchema = z
  .object({
    workspace: z.enum(WORKSPACES),
    stageView: z.enum(['picture', 'world', 'both']),
    alignTab: z.enum(['time', 'space']),
    starsTab: z.enum(STARS_TABS),
    starsPack: z.string().nullable(),
    cutaway: z.boolean(),
    snapping: z.boolean(),
    ruler: z.enum(['timecode', 'frames', 'seconds', 'samples']),
    viewedStreamId: z.string().nullable(),
    selectedAssetId: z.string().nullable(),
    selectedClipIds: z.array(z.string()).transform((ids) => new Set(ids)),
    layouts: z.record(z.string(), layoutSchema),
    timeline: z.object({ startSeconds: z.number(), pixelsPerSecond: z.number().positive() }).nullable(),
    playheadSeconds: z.number(),
  })
  .partial()

/** A group of panels by its id: the share of each panel, percent. */
export type Layout = z.infer<typeof layoutSchema>

const layouts = new Map<string, Layout>()

export function keptLayout(groupId: string): Layout | undefined {
  return layouts.get(groupId)
}

let keep: () => void = () => undefined

export function keepLayout(groupId: string, layout: Layout): void {
  layouts.set(groupId, layout)
  keep()
}

/** Restores the view state of the open project. What cannot be read stays at its default. */
export async function recallView(client: EngineClient): Promise<void> {
  const { value } = await client.view.get({ key: KEY })
  const parsed = viewSchema.safeParse(value ?? {})
  layouts.clear()
  forgetAnswers()
  timelineView.forget()
  placePlayhead(0)
  useSession.setState({
    workspace: 'edit',
    stageView: 'both',
    alignTab: 'time',
    starsTab: 'value',
    starsPack: null,
    selectedAssetId: null,
    viewedStreamId: null,
    selectedClipIds: new Set(),
    selectedMarkerId: null,
    soloTrackIds: new Set(),
    cutting: false,
    renamingProject: false,
    pointedTrackId: null,
    renamingTrackId: null,
    dialog: null,
  })
  if (!parsed.success) return
  const { layouts: groups, timeline, playheadSeconds, ...session } = parsed.data
  for (const [id, layout] of Object.entries(groups ?? {})) layouts.set(id, layout)
  useSession.setState(session)
  if (timeline) timelineView.restore(timeline)
  placePlayhead(playheadSeconds ?? 0)
}

/** Stores changes of the view after a moment, until the returned function is called. */
export function followView(client: EngineClient): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = (): void => {
    const session = useSession.getState()
    const { workspace, stageView, alignTab, starsTab, starsPack, cutaway } = session
    const { snapping, ruler, viewedStreamId, selectedAssetId, selectedClipIds } = session
    const value = {
      workspace,
      stageView,
      alignTab,
      starsTab,
      starsPack,
      cutaway,
      snapping,
      ruler,
      viewedStreamId,
      selectedAssetId,
      // A selection of everything is quickly made again.
      selectedClipIds: [...selectedClipIds].slice(0, MOST_SELECTED),
      layouts: Object.fromEntries(layouts),
      timeline: timelineView.showsAll ? null : { ...timelineView.window },
      playheadSeconds: now(),
    }
    // Losing it costs no work; a lost engine is reported elsewhere.
    client.view.set({ key: KEY, value }).catch(() => undefined)
  }
  keep = () => {
    clearTimeout(timer)
    timer = setTimeout(write, KEEP_AFTER_MILLISECONDS)
  }
  const changed = (): void => keep()
  const off = [useSession.subscribe(changed), timelineView.subscribe(changed), useTransport.subscribe(changed)]
  return () => {
    clearTimeout(timer)
    keep = () => undefined
    for (const stop of off) stop()
  }
}
