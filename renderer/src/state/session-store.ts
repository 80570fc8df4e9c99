/** The state of the window itself: workspace, selection, tools. The engine stores the lasting part per project. */
import { create } from 'zustand'
import type { Clip, Track } from '../../../shared/document/records.ts'
import { dialogInFront } from '../ui/top-dialog.ts'

export const WORKSPACES = ['align', 'edit', 'stars', 'publish', 'ledger'] as const
export type Workspace = (typeof WORKSPACES)[number]
export const STARS_TABS = ['value', 'originality', 'cuts', 'microscope', 'packs'] as const
export type StarsTab = (typeof STARS_TABS)[number]
const EDIT_TABS = ['inspector', 'words', 'labels', 'commentary'] as const
export type EditTab = (typeof EDIT_TABS)[number]
export type StageView = 'picture' | 'world' | 'both'
export type RulerFormat = 'timecode' | 'frames' | 'seconds' | 'samples'
const TOOLS = ['select', 'trackSelect', 'blade', 'ripple', 'roll', 'slip', 'slide'] as const
export type Tool = (typeof TOOLS)[number]

export interface Notice {
  readonly id: number
  readonly kind: 'info' | 'success' | 'error'
  readonly title: string
  /** What was kept, what to do. */
  readonly detail?: string
  /** The dialog that it is shown in; null for the window. */
  readonly shownIn: HTMLElement | null
  /** The dialog in which the action started: its error closes with it. */
  readonly begunIn: HTMLElement | null
}

interface SessionState {
  readonly workspace: Workspace
  readonly stageView: StageView
  readonly alignTab: 'time' | 'space'
  readonly editTab: EditTab
  /** Counts requests for the word search; each focuses it. */
  readonly wordSearches: number
  /** The piece of evidence that is looked at closely. */
  readonly alignEvidenceId: string | null
  /** The first half of a sync point that is set by keys: a moment of a recording on its own clock. */
  readonly syncMoment: { readonly clockId: string; readonly seconds: number } | null
  /** The sound of two recordings is drawn one over the other. */
  readonly waveformOverlay: boolean
  readonly starsTab: StarsTab
  /** Digest of the installed pack used for stars; null for the one that ships. */
  readonly starsPack: string | null
  /** The wanted list that takes are compared with; null for none. */
  readonly starsWanted: { readonly token: string; readonly name: string } | null
  /** The library is sorted by worth. */
  readonly libraryByWorth: boolean
  /** Walls and ceilings that hide the inside of rooms from the camera are not drawn. */
  readonly cutaway: boolean
  readonly selectedAssetId: string | null
  /** Recordings that were chosen in the library beside the one that was selected then: see chosen-recordings.ts. */
  readonly libraryChoice: { readonly beside: string; readonly assetIds: ReadonlySet<string> } | null
  readonly selectedClipIds: ReadonlySet<string>
  /** The selection that was taken alone, without what it is linked with: another selection is not. */
  readonly aloneClipIds: ReadonlySet<string> | null
  readonly selectedMarkerId: string | null
  /** The empty place of a track under the open timeline menu. */
  readonly pointedRow: { readonly trackId: string; readonly atTicks: number } | null
  /** The track in whose header the keys are or the menu is open: what is done to tracks is done to it. */
  readonly pointedTrackId: string | null
  readonly renamingTrackId: string | null
  /** Soloed sound tracks; empty: all that are not muted. */
  readonly soloTrackIds: ReadonlySet<string>
  /** The number keys cut between cameras, and the picture follows the cut. */
  readonly cutting: boolean
  /** The camera whose picture the stage shows. */
  readonly viewedStreamId: string | null
  readonly tool: Tool
  readonly snapping: boolean
  readonly ruler: RulerFormat
  readonly notices: readonly Notice[]
  readonly dialog:
    'palette' | 'shortcuts' | 'import' | 'preferences' | 'export' | 'models' | 'wallets' | 'removeRecordings' | null
  readonly renamingProject: boolean
  /** Which step of the tour is shown. */
  readonly tourStep: number | null
  /** The last action, for screen readers. */
  readonly announcement: string
}

export const useSession = create<SessionState>(() => ({
  workspace: 'edit',
  stageView: 'both',
  alignTab: 'time',
  editTab: 'inspector',
  wordSearches: 0,
  alignEvidenceId: null,
  syncMoment: null,
  waveformOverlay: false,
  starsTab: 'value',
  starsPack: null,
  starsWanted: null,
  libraryByWorth: false,
  cutaway: true,
  selectedAssetId: null,
  libraryChoice: null,
  selectedClipIds: new Set(),
  aloneClipIds: null,
  selectedMarkerId: null,
  pointedRow: null,
  pointedTrackId: null,
  renamingTrackId: null,
  soloTrackIds: new Set(),
  cutting: false,
  viewedStreamId: null,
  tool: 'select',
  snapping: true,
  ruler: 'timecode',
  notices: [],
  dialog: null,
  renamingProject: false,
  tourStep: null,
  announcement: '',
}))

/** Selects one clip, with its recording and, of a camera, its picture. */
export function selectClip(clip: Clip, track: Track): void {
  useSession.setState((state) => ({
    selectedClipIds: new Set([clip.id]),
    selectedMarkerId: null,
    selectedAssetId: clip.assetId,
    viewedStreamId: track.sensor === 'video' ? clip.streamId : state.viewedStreamId,
  }))
}

/** Solos sound tracks, or ends that if all of them are soloed. */
export function toggleSolo(trackIds: readonly string[]): void {
  useSession.setState(({ soloTrackIds }) => {
    const next = new Set(soloTrackIds)
    const isOn = trackIds.every((id) => next.has(id))
    for (const id of trackIds) {
      if (isOn) next.delete(id)
      else next.add(id)
    }
    return { soloTrackIds: next }
  })
}

/** Announces an action to screen readers; a repeated message is announced again. */
export function announce(what: string): void {
  useSession.setState((state) => ({ announcement: state.announcement === what ? `${what}\u00a0` : what }))
}

let nextNotice = 1

/**
 * @param begunIn the dialog that was in front when what is told began, where that is another than the one in front now
 */
export function notify(
  told: Omit<Notice, 'id' | 'shownIn' | 'begunIn'>,
  begunIn: HTMLElement | null = dialogInFront(),
): void {
  const id = nextNotice++
  const notice: Notice = { ...told, id, shownIn: dialogInFront(), begunIn }
  // A repeated notice is shown once.
  const isOther = (each: Notice): boolean =>
    each.kind !== notice.kind || each.title !== notice.title || each.detail !== notice.detail
  useSession.setState((state) => ({ notices: [...state.notices.filter(isOther), notice].slice(-5) }))
  if (notice.kind !== 'error') setTimeout(() => dismissNotice(id), 6000)
}

/**
 * Of a dialog that was closed: errors of what was done there go with it, so that they stand in no other dialog. What
 * was done elsewhere and told here (work of before that ended), and what was well, is shown by what is in front now.
 */
export function leaveNoticesOf(dialog: HTMLElement): void {
  useSession.setState(({ notices }) => ({
    notices: notices
      .filter((notice) => notice.kind !== 'error' || notice.begunIn !== dialog)
      .map((notice) => (notice.shownIn === dialog ? { ...notice, shownIn: dialogInFront() } : notice)),
  }))
}

export function dismissNotice(id: number): void {
  useSession.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }))
}
