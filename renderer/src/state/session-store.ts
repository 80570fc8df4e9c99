/** What the window itself knows: workspace, selection, transport, theme. Kept per project by the engine where it lasts. */
import { create } from 'zustand'

export const WORKSPACES = ['align', 'edit', 'stars', 'publish', 'ledger'] as const
export type Workspace = (typeof WORKSPACES)[number]
export type StageView = 'picture' | 'world' | 'both'
export type RulerFormat = 'timecode' | 'frames' | 'seconds' | 'samples'
export type Tool = 'select' | 'blade'
export type Theme = 'dark' | 'light' | 'contrast'

export interface Notice {
  readonly id: number
  readonly kind: 'info' | 'success' | 'error'
  readonly title: string
  /** What was kept, what to do. */
  readonly detail?: string
}

interface SessionState {
  readonly workspace: Workspace
  readonly stageView: StageView
  readonly selectedAssetId: string | null
  readonly selectedClipIds: ReadonlySet<string>
  /** The camera whose picture the stage shows. */
  readonly viewedStreamId: string | null
  readonly tool: Tool
  readonly snapping: boolean
  readonly ruler: RulerFormat
  readonly theme: Theme
  readonly notices: readonly Notice[]
  readonly dialog: 'palette' | 'shortcuts' | 'import' | 'tour' | null
  readonly connected: boolean
}

export const useSession = create<SessionState>(() => ({
  workspace: 'edit',
  stageView: 'both',
  selectedAssetId: null,
  selectedClipIds: new Set(),
  viewedStreamId: null,
  tool: 'select',
  snapping: true,
  ruler: 'timecode',
  theme: 'dark',
  notices: [],
  dialog: null,
  connected: true,
}))

let nextNotice = 1

export function notify(notice: Omit<Notice, 'id'>): void {
  const id = nextNotice++
  useSession.setState((state) => ({ notices: [...state.notices, { ...notice, id }].slice(-5) }))
  if (notice.kind !== 'error') setTimeout(() => dismissNotice(id), 6000)
}

export function dismissNotice(id: number): void {
  useSession.setState((state) => ({ notices: state.notices.filter((notice) => notice.id !== id) }))
}
