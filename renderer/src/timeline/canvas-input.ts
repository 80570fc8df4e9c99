/** Inputs of the canvas from the component around it. */
import type { FrameRate } from '../../../shared/units.ts'
import type { ActionContext } from '../actions/action.ts'
import type { MenuPlace } from './menu-entries.ts'
import type { TimelineModel } from './rows.ts'

export interface CanvasInput {
  readonly model: TimelineModel
  readonly frameRate: FrameRate
  readonly scrollTop: number
  readonly setScrollTop: (top: number) => void
  /** Where the menu that is about to open was asked for. */
  readonly setMenuPlace: (place: MenuPlace) => void
  readonly context: ActionContext
}
