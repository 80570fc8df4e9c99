/** What is noted at joints of a track at which its sensor parts from the picture: a line, a notch, and how much where there is room. */
import { secondsFromTicks } from '../../../shared/units.ts'
import { shortJoint } from './joint-words.ts'
import type { Palette } from './palette.ts'
import type { TrackRow } from './rows.ts'
import type { TimelineView } from './view-state.ts'

interface JointScene {
  readonly view: TimelineView
  readonly palette: Palette
  readonly width: number
}

const NOTCH_PIXELS = 4
/** From one note to the next; narrower, there are lines only. */
const NOTE_PIXELS = 76

export function drawJoints(context: CanvasRenderingContext2D, scene: JointScene, row: TrackRow, top: number): void {
  if (row.joints.length === 0) return
  const { view, palette, width } = scene
  const xs = row.joints.map(({ atTicks }) => Math.round(view.xOf(secondsFromTicks(atTicks))))
  context.font = `600 10px ${palette.font}`
  context.textBaseline = 'middle'
  let drawnTo = -Infinity
  for (const [n, joint] of row.joints.entries()) {
    const x = xs[n]!
    if (x < -NOTE_PIXELS || x > width + NOTE_PIXELS || x === drawnTo) continue
    drawnTo = x
    const bottom = top + row.height - 2
    context.fillStyle = palette.text
    context.fillRect(x - 1, top + 2, 2, row.height - 4)
    context.beginPath()
    context.moveTo(x - NOTCH_PIXELS - 1, bottom)
    context.lineTo(x + NOTCH_PIXELS + 1, bottom)
    context.lineTo(x, bottom - NOTCH_PIXELS - 2)
    context.fill()
    // Beyond where it begins, else behind the joint: over what it is about.
    const isBefore = joint.what === 'begins'
    const room = isBefore ? x - (xs[n - 1] ?? -Infinity) : (xs[n + 1] ?? Infinity) - x
    if (room < NOTE_PIXELS) continue
    const text = shortJoint(joint)
    const wide = context.measureText(text).width
    const left = isBefore ? x - wide - 10 : x + 5
    context.fillStyle = palette.surface
    context.fillRect(left - 3, bottom - 14, wide + 6, 13)
    context.fillStyle = palette.text
    context.fillText(text, left, bottom - 7)
  }
}
