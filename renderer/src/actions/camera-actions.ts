/** The number keys: they show a camera, or, while cutting, cut to it, or, while labelling, mark with a label. */
import type { Track } from '../../../shared/document/records.ts'
import {
  cameraStreamId,
  cameraTracks,
  cutToCamera,
  PROGRAM_TRACK_ID,
} from '../../../shared/document/timeline-multicam.ts'
import { clipAt } from '../../../shared/document/timeline.ts'
import { frameFromTicks, ticksFromFrame, ticksFromSeconds } from '../../../shared/units.ts'
import { canShowCandidate, showCandidate } from '../align/candidates.ts'
import { t } from '../i18n/text.ts'
import { labelWithKey, pressLabel, useLabelling } from '../labels/labelling.ts'
import { useDocument } from '../state/document-store.ts'
import { announce, notify, useSession } from '../state/session-store.ts'
import { now } from '../state/transport.ts'
import { sayIfLocked } from '../timeline/gestures.ts'
import { projectFrameRate } from '../timeline/frame-rate.ts'
import type { Action, ActionContext, ActionId } from './action.ts'

const CAMERAS: readonly ActionId[] = [
  'camera1',
  'camera2',
  'camera3',
  'camera4',
  'camera5',
  'camera6',
  'camera7',
  'camera8',
  'camera9',
]

function goToCamera(context: ActionContext, n: number): void {
  const { document } = useDocument.getState()
  const cameras = cameraTracks(document)
  const camera = cameras[n]
  if (!camera) return
  const { cutting, viewedStreamId } = useSession.getState()
  if (!cutting) {
    useSession.setState({ viewedStreamId: cameraStreamId(camera) ?? null })
    announce(t('stage.cameraShown', { number: n + 1, title: camera.title }))
    return
  }
  const shown = cameras.find((track) => cameraStreamId(track) === viewedStreamId) ?? cameras[0]
  // Keys are pressed while it plays, between frames: the cut begins with the frame on screen, or with the camera within it.
  const rate = projectFrameRate(document)
  const nowTicks = ticksFromSeconds(now())
  const frameTicks = ticksFromFrame(frameFromTicks(nowTicks, rate), rate)
  const cut = {
    trackId: camera.id,
    atTicks: Math.max(frameTicks, clipAt(camera, nowTicks)?.startTicks ?? frameTicks),
    shownTrackId: shown?.id ?? null,
    title: t('timeline.program'),
  }
  context.commit(t('edit.camera', { number: n + 1 }), (draft) => {
    if (!cutToCamera(draft, cut, () => `clip-${crypto.randomUUID()}`)) sayWhyNotCut(camera, cut.atTicks)
  })
}

function sayWhyNotCut(camera: Track, atTicks: number): void {
  const program = useDocument.getState().document.get(PROGRAM_TRACK_ID)
  if (program?.kind === 'track' && sayIfLocked([program])) return
  const reason = clipAt(camera, atTicks) ? 'timeline.shownAlready' : 'timeline.recordedNothing'
  notify({ kind: 'info', title: t(reason, { title: camera.title }) })
}

const needsCamera = (n: number) => (): string | null =>
  cameraTracks(useDocument.getState().document).length > n ? null : t('needs.camera')

const needsLabel = (n: number): string | null => (labelWithKey(String(n + 1)) ? null : t('needs.label', { key: n + 1 }))

export const cameraActions: readonly Action[] = [
  {
    id: 'cutting',
    group: 'playback',
    shortcuts: ['C'],
    disabledReason: needsCamera(1),
    run: () => useSession.setState((state) => ({ cutting: !state.cutting })),
    said: () => t(useSession.getState().cutting ? 'timeline.cuttingOn' : 'timeline.cuttingOff'),
  },
  ...CAMERAS.map((id, n): Action => ({
    id,
    group: 'playback',
    shortcuts: [String(n + 1)],
    disabledReason: () => (useLabelling.getState().on ? needsLabel(n) : canShowCandidate(n) ? null : needsCamera(n)()),
    run: (c) => {
      const label = useLabelling.getState().on ? labelWithKey(String(n + 1)) : undefined
      if (label) pressLabel(c, label)
      // Where pairs are looked at the numbers are those of their candidates.
      else if (!showCandidate(n)) goToCamera(c, n)
    },
  })),
]
