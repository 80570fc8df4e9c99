/** Aligning, by the engine and by hand. */
import { nudgeClock } from '../../../shared/document/place-clock.ts'
import { secondsFromTicks, ticksFromFrame } from '../../../shared/units.ts'
import { chosenMoment, needsMovable, needsOtherRecording, needsMoment, titleOfClock } from '../align/hand-moments.ts'
import { showWorld, takeShownCandidate } from '../align/candidates.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { announce, useSession } from '../state/session-store.ts'
import { starsRequest } from '../stars/stars-request.ts'
import { useStage } from '../stage/stage-store.ts'
import { projectFrameRate } from '../timeline/frame-rate.ts'
import type { Action, ActionContext, ActionId } from './action.ts'
import { clockNudgeWords } from './nudge-words.ts'
import { needsAssets } from './requirements.ts'
import { placingTools } from './world-actions.ts'

const SAMPLE_SECONDS = 1 / 48_000
const MILLISECOND = 1e-3

/** Keeps the moment of the chosen recording; the other half is set on another recording. */
function keepMoment(): void {
  const moment = chosenMoment()
  if (!moment) return
  useSession.setState({ syncMoment: moment, workspace: 'align', alignTab: 'time' })
  const name = titleOfClock(useDocument.getState().document, moment.clockId)
  announce(t('align.momentKept', { name, seconds: decimalWords(moment.seconds, 4) }))
}

function addPoint(context: ActionContext): void {
  const { syncMoment } = useSession.getState()
  const moment = chosenMoment()
  if (!syncMoment || !moment) return
  const id = `syncPoint-${crypto.randomUUID()}`
  context.commit(t('align.addPoint'), (draft) => {
    draft.set(id, {
      kind: 'syncPoint',
      id,
      clockA: syncMoment.clockId,
      secondsA: syncMoment.seconds,
      clockB: moment.clockId,
      secondsB: moment.seconds,
    })
  })
  useSession.setState({ syncMoment: null, workspace: 'align', alignTab: 'time' })
}

/** Moves the chosen recording on the time line. Quick presses are one gesture. */
function nudge(context: ActionContext, seconds: number): void {
  const moment = chosenMoment()
  if (!moment) return
  const name = titleOfClock(useDocument.getState().document, moment.clockId)
  const mergeKey = `nudge clock ${moment.clockId.slice(0, 80)}`
  context.commit(
    t('align.nudge', { name }),
    (draft) => nudgeClock(draft, moment.clockId, seconds),
    mergeKey,
    clockNudgeWords(mergeKey, name, moment.clockId),
  )
}

const nudgeAction = (id: ActionId, shortcut: string, seconds: () => number): Action => ({
  id,
  group: 'align',
  shortcuts: [shortcut],
  disabledReason: needsMovable,
  run: (context) => nudge(context, seconds()),
})

const aFrame = (): number => secondsFromTicks(ticksFromFrame(1, projectFrameRate(useDocument.getState().document)))

export const alignActions: readonly Action[] = [
  {
    id: 'sync',
    group: 'align',
    shortcuts: ['Ctrl+Shift+T'],
    disabledReason: needsAssets,
    run: async (c) => {
      useSession.setState({ workspace: 'align', alignTab: 'time' })
      await c.run('sync', { referenceAssetId: null, method: 'auto' })
    },
  },
  {
    id: 'register',
    group: 'align',
    shortcuts: ['Ctrl+Shift+E'],
    disabledReason: needsAssets,
    run: async (c) => {
      useSession.setState({ workspace: 'align', alignTab: 'space' })
      await c.run('register', { referenceAssetId: null })
    },
  },
  ...placingTools,
  {
    id: 'beforeAligning',
    group: 'align',
    shortcuts: ['Alt+V'],
    disabledReason: needsAssets,
    run: () => {
      useStage.setState(({ asRecorded }) => ({ asRecorded: !asRecorded }))
      showWorld()
    },
  },
  {
    id: 'takeCandidate',
    group: 'align',
    shortcuts: ['Alt+J'],
    disabledReason: () => (useStage.getState().preview ? null : t('needs.candidate')),
    run: ({ client }) => takeShownCandidate(client),
  },
  { id: 'syncMoment', group: 'align', shortcuts: ['T'], disabledReason: needsMoment, run: keepMoment },
  { id: 'syncPoint', group: 'align', shortcuts: ['Shift+T'], disabledReason: needsOtherRecording, run: addPoint },
  nudgeAction('alignMillisecondBack', '[', () => -MILLISECOND),
  nudgeAction('alignMillisecondOn', ']', () => MILLISECOND),
  nudgeAction('alignSampleBack', 'Alt+[', () => -SAMPLE_SECONDS),
  nudgeAction('alignSampleOn', 'Alt+]', () => SAMPLE_SECONDS),
  // A bracket with Shift is another sign.
  nudgeAction('alignFrameBack', '{', () => -aFrame()),
  nudgeAction('alignFrameOn', '}', aFrame),
  {
    id: 'waveformOverlay',
    group: 'align',
    shortcuts: ['X'],
    disabledReason: needsAssets,
    run: () => {
      const { waveformOverlay, workspace, alignTab } = useSession.getState()
      const isSeen = waveformOverlay && workspace === 'align' && alignTab === 'time'
      useSession.setState({ waveformOverlay: !isSeen, workspace: 'align', alignTab: 'time' })
      announce(t(isSeen ? 'align.overlayOff' : 'align.overlayOn'))
    },
  },
  {
    id: 'stars',
    group: 'align',
    shortcuts: ['Ctrl+Shift+R'],
    disabledReason: needsAssets,
    run: async (c) => {
      useSession.setState({ workspace: 'stars', starsTab: 'value' })
      await c.run('stars', starsRequest())
    },
  },
]
