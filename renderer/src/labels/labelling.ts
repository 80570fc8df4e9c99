/** Labelling by keys: the number key of a label starts a span at the playhead, the same key ends it. */
import { create } from 'zustand'
import { addSpan, labelsInOrder } from '../../../shared/document/labels.ts'
import type { Label } from '../../../shared/document/label-records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import type { EngineAccess } from '../state/engine-context.ts'
import { announce, useSession } from '../state/session-store.ts'
import { markedRange, now, useTransport } from '../state/transport.ts'

interface Labelling {
  /** The number keys are those of the labels. */
  readonly on: boolean
  /** Labels whose span has begun and not ended: where, in project seconds. */
  readonly open: ReadonlyMap<string, number>
}

export const useLabelling = create<Labelling>(() => ({ on: false, open: new Map() }))

export function isLabelOpen(): boolean {
  return useLabelling.getState().open.size > 0
}

export function labelWithKey(key: string): Label | undefined {
  return labelsInOrder(useDocument.getState().document).find((label) => label.key === key)
}

/** Turns labelling on or off; what is open then ends at the playhead. */
export function toggleLabelling(engine: EngineAccess): void {
  const { on, open } = useLabelling.getState()
  for (const labelId of open.keys()) endSpan(engine, labelId)
  useLabelling.setState({ on: !on, open: new Map() })
  announce(t(on ? 'labels.off' : 'labels.on'))
}

/** Starts or ends a span of a label. Standing still with in and out set, the span is from in to out. */
export function pressLabel(engine: EngineAccess, label: Label): void {
  const { open } = useLabelling.getState()
  if (open.has(label.id)) {
    endSpan(engine, label.id)
    return
  }
  const marked = useTransport.getState().rate === 0 ? markedRange() : null
  if (marked) {
    commitSpan(engine, label.id, marked.from, marked.to)
    return
  }
  useLabelling.setState({ open: new Map(open).set(label.id, now()) })
  announce(t('labels.began', { name: label.name }))
}

function endSpan(engine: EngineAccess, labelId: string): void {
  const { open } = useLabelling.getState()
  const began = open.get(labelId)
  const others = new Map(open)
  others.delete(labelId)
  useLabelling.setState({ open: others })
  if (began !== undefined && began !== now()) commitSpan(engine, labelId, began, now())
}

function commitSpan(engine: EngineAccess, labelId: string, fromSeconds: number, toSeconds: number): void {
  const id = `marker-${crypto.randomUUID()}`
  engine.commit(t('edit.addSpan'), (draft) =>
    addSpan(draft, id, labelId, ticksFromSeconds(fromSeconds), ticksFromSeconds(toSeconds)),
  )
  useSession.setState({ selectedMarkerId: id })
}
