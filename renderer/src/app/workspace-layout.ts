/** Every workspace has sizes of its own: what it is for gets the room, and what a person moved stays moved there. */
import { useLayoutEffect } from 'react'
import { useGroupRef } from 'react-resizable-panels'
import type { Workspace } from '../state/session-store.ts'
import { keepLayout, keptLayout, type Layout } from '../state/view-memory.ts'

const COLUMNS: Readonly<Record<Workspace, Layout>> = {
  edit: { library: 19, centre: 57, side: 24 },
  align: { library: 17, centre: 51, side: 32 },
  stars: { library: 17, centre: 49, side: 34 },
  publish: { library: 17, centre: 47, side: 36 },
  ledger: { library: 17, centre: 43, side: 40 },
}

/** The share of each panel before anybody moved one, percent of the group. */
const DEFAULTS: Readonly<Record<'columns' | 'rows', Readonly<Record<Workspace, Layout>>>> = {
  columns: COLUMNS,
  rows: {
    edit: { stage: 58, timeline: 42 },
    align: { stage: 58, timeline: 42 },
    stars: { stage: 58, timeline: 42 },
    publish: { stage: 66, timeline: 34 },
    ledger: { stage: 66, timeline: 34 },
  },
}

/** What a group of panels needs to lie as it was left in this workspace. */
export function useWorkspaceLayout(group: 'columns' | 'rows', workspace: Workspace) {
  const groupRef = useGroupRef()
  const id = `${group} ${workspace}`
  const layout = keptLayout(id) ?? DEFAULTS[group][workspace]
  useLayoutEffect(() => {
    groupRef.current?.setLayout(keptLayout(id) ?? DEFAULTS[group][workspace])
  }, [groupRef, group, id, workspace])
  return { groupRef, defaultLayout: layout, onLayoutChanged: (moved: Layout) => keepLayout(id, moved) }
}
