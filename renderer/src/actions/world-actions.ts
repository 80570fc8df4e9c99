/** The world by keys: its tools, the crosshair that takes places of scans, what is moved and turned, and the eye. */
import { showWorld } from '../align/candidates.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { announce, useSession } from '../state/session-store.ts'
import { reasonNotToMove } from '../stage/place-by-hand.ts'
import { chooseTool, isPicking, takeBack, useStage, type WorldTool } from '../stage/stage-store.ts'
import { handOf, type Direction, type ViewChange, type WorldHand } from '../stage/world-keys.ts'
import type { Action, ActionGroup, ActionId } from './action.ts'
import { needsAssets } from './requirements.ts'

/** Takes a tool, or puts it down; the keys go to the world with it. */
function toggleTool(tool: WorldTool): void {
  const isTaken = useStage.getState().tool !== tool
  chooseTool(isTaken ? tool : 'look')
  if (!isTaken) return
  useStage.setState(({ keysAsked }) => ({ keysAsked: keysAsked + 1 }))
}

const needsMovableScan = (): string | null =>
  needsAssets() ??
  reasonNotToMove(useDocument.getState().document, useSession.getState().selectedAssetId, useStage.getState())

function toolAction(
  id: ActionId & WorldToolName,
  shortcut: string,
  needs: () => string | null,
  group: ActionGroup = 'world',
): Action {
  const tool = TOOLS[id]
  return {
    id,
    group,
    shortcuts: [shortcut],
    disabledReason: needs,
    run: () => {
      toggleTool(tool)
      // Boxes and landmarks place recordings: pairs are read beside them.
      if (tool === 'landmarks' || tool === 'boxes') showWorld()
      else
        useSession.setState(({ stageView }) => ({
          stageView: stageView === 'picture' ? 'both' : stageView,
        }))
    },
    said: () =>
      t(useStage.getState().tool === tool ? 'stage.toolTaken' : 'stage.toolDown', { tool: t(`action.${id}`) }),
  }
}

const TOOLS = {
  measure: 'measure',
  landmarks: 'landmarks',
  boxes: 'boxes',
  moveRecording: 'move',
  turnRecording: 'turn',
} as const satisfies Partial<Record<ActionId, WorldTool>>
type WorldToolName = keyof typeof TOOLS

const isLooking = (): boolean => useStage.getState().tool === 'look'

/** What a step goes to with the tool in hand. */
function moved(): 'crosshair' | 'recording' | 'box' | null {
  const stage = useStage.getState()
  if (isPicking(stage)) return 'crosshair'
  if (stage.tool === 'boxes') return 'box'
  return stage.tool === 'look' ? null : 'recording'
}

function needsHand(name: keyof WorldHand): string | null {
  return handOf(name) ? null : t('needs.world')
}

function needsStep(direction: Direction): string | null {
  const what = moved()
  if (what === null) return t('needs.worldTool')
  if (what === 'crosshair' && (direction === 'raise' || direction === 'lower')) return t('needs.raisable')
  return (what === 'recording' ? needsMovableScan() : null) ?? needsHand(what)
}

function step(direction: Direction, isFine: boolean): void {
  const what = moved()
  if (what) handOf(what)?.(direction, isFine)
}

const stepActions = (id: ActionId, fineId: ActionId, key: string, direction: Direction): Action[] =>
  [false, true].map((isFine) => ({
    id: isFine ? fineId : id,
    group: 'world',
    place: 'world',
    isAside: isLooking,
    shortcuts: [isFine ? `Alt+${key}` : key],
    disabledReason: () => needsStep(direction),
    run: () => step(direction, isFine),
  }))

const viewAction = (id: ActionId, shortcuts: readonly string[], change: ViewChange): Action => ({
  id,
  group: 'world',
  place: 'world',
  shortcuts,
  disabledReason: () => (useStage.getState().lookThroughStreamId === null ? needsHand('view') : t('needs.freeView')),
  run: () => handOf('view')?.(change),
  said: () => t(`action.${id}`),
})

/** Takes the place under the crosshair; with a box in hand, the crosshair again. */
function pick(): void {
  const stage = useStage.getState()
  if (isPicking(stage)) handOf('pick')?.()
  else {
    useStage.setState({ keysOnBox: false })
    announce(t('stage.keysOnCrosshair'))
  }
}

/** What places recordings by places that are taken on them. */
export const placingTools: readonly Action[] = [
  toolAction('landmarks', 'Alt+L', needsAssets, 'align'),
  toolAction('boxes', 'Alt+G', needsAssets, 'align'),
]

export const worldActions: readonly Action[] = [
  toolAction('measure', 'Alt+M', needsAssets),
  toolAction('moveRecording', 'Alt+P', needsMovableScan),
  toolAction('turnRecording', 'Alt+O', needsMovableScan),
  {
    id: 'worldPick',
    group: 'world',
    place: 'world',
    shortcuts: ['Enter'],
    disabledReason: () =>
      ['measure', 'landmarks', 'boxes'].includes(useStage.getState().tool) ? needsHand('pick') : t('needs.pickingTool'),
    run: pick,
  },
  {
    id: 'worldTakeBack',
    group: 'world',
    place: 'world',
    isAside: isLooking,
    shortcuts: ['Backspace'],
    disabledReason: () => (isLooking() ? t('needs.pickingTool') : null),
    run: () => announce(t(takeBack() ? 'stage.takenBack' : 'stage.nothingTaken')),
  },
  {
    id: 'worldBoxMode',
    group: 'world',
    place: 'world',
    isAside: () => useStage.getState().tool !== 'boxes',
    shortcuts: ['R'],
    disabledReason: () => (useStage.getState().boxes.length > 0 ? null : t('needs.box')),
    run: () =>
      useStage.setState(({ boxMode }) => ({
        boxMode: boxMode === 'translate' ? 'scale' : 'translate',
        keysOnBox: true,
      })),
    said: () => t(useStage.getState().boxMode === 'translate' ? 'stage.boxMove' : 'stage.boxSize'),
  },
  ...stepActions('worldLeft', 'worldLeftFine', 'ArrowLeft', 'left'),
  ...stepActions('worldRight', 'worldRightFine', 'ArrowRight', 'right'),
  ...stepActions('worldAway', 'worldAwayFine', 'ArrowUp', 'away'),
  ...stepActions('worldToward', 'worldTowardFine', 'ArrowDown', 'toward'),
  ...stepActions('worldRaise', 'worldRaiseFine', 'PageUp', 'raise'),
  ...stepActions('worldLower', 'worldLowerFine', 'PageDown', 'lower'),
  viewAction('viewLeft', ['Ctrl+ArrowLeft'], 'left'),
  viewAction('viewRight', ['Ctrl+ArrowRight'], 'right'),
  viewAction('viewUp', ['Ctrl+ArrowUp'], 'up'),
  viewAction('viewDown', ['Ctrl+ArrowDown'], 'down'),
  viewAction('viewNearer', ['+', '='], 'nearer'),
  viewAction('viewFarther', ['-'], 'farther'),
  viewAction('viewAll', ['0'], 'all'),
]
