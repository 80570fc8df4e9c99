/** The colours of the canvas, read from the style sheet whenever the theme changes. */
import { LABEL_COLORS } from '../../../shared/document/place-labels.ts'
import type { Sensor } from '../../../shared/document/records.ts'

/** Names of OpenTimelineIO, so that they survive the way through other programs; each theme has its own shades. */
export const MARKER_COLORS = LABEL_COLORS

export interface Palette {
  readonly bg: string
  readonly surface: string
  readonly surface2: string
  readonly surface3: string
  readonly line: string
  readonly lineStrong: string
  readonly text: string
  readonly text2: string
  readonly accent: string
  readonly star: string
  readonly playhead: string
  readonly font: string
  readonly sensor: (sensor: Sensor) => string
  /** What a clip of a sensor is filled with. */
  readonly body: (sensor: Sensor) => string
  readonly marker: (color: string) => string
  /** A colour as the canvas keeps it: red in the lowest byte, opacity in the highest. */
  readonly pixel: (color: string) => number
}

const FAMILY: Readonly<Record<Sensor, string>> = {
  video: 'video',
  image: 'video',
  audio: 'audio',
  pose: 'pose',
  gaze: 'pose',
  hands: 'pose',
  imu: 'imu',
  depth: 'depth',
  points: 'scan',
  mesh: 'scan',
  splats: 'scan',
  text: 'text',
}

/** Asked of a canvas, which knows every way to write a colour. */
function pixelReader(): (color: string) => number {
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = 1
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const known = new Map<string, number>()
  return (color) => {
    const kept = known.get(color)
    if (kept !== undefined || !context) return kept ?? 0
    context.fillStyle = color
    context.fillRect(0, 0, 1, 1)
    const [pixel = 0] = new Uint32Array(context.getImageData(0, 0, 1, 1).data.buffer)
    known.set(color, pixel)
    return pixel
  }
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const sensors = new Map(Object.entries(FAMILY).map(([sensor, family]) => [sensor, value(`sensor-${family}`)]))
  const bodies = new Map(
    [...sensors].map(([sensor, color]) => [sensor, `color-mix(in srgb, ${color} 14%, ${value('surface-3')})`]),
  )
  const markers = new Map<string, string>(MARKER_COLORS.map((color) => [color, value(`marker-${color}`)]))
  return {
    bg: value('bg'),
    surface: value('surface'),
    surface2: value('surface-2'),
    surface3: value('surface-3'),
    line: value('line'),
    lineStrong: value('line-strong'),
    text: value('text'),
    text2: value('text-2'),
    accent: value('accent'),
    star: value('star'),
    playhead: value('playhead'),
    font: style.fontFamily,
    body: (sensor) => bodies.get(sensor) ?? value('surface-3'),
    sensor: (sensor) => sensors.get(sensor) ?? value('text-3'),
    marker: (color) => markers.get(color) ?? value('accent'),
    pixel: pixelReader(),
  }
}
