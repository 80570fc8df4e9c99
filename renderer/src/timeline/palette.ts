/** The colours of the canvas, read from the style sheet whenever the theme changes. */
import type { Sensor } from '../../../shared/document/records.ts'

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

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const value = (name: string): string => style.getPropertyValue(`--${name}`).trim()
  const sensors = new Map(Object.entries(FAMILY).map(([sensor, family]) => [sensor, value(`sensor-${family}`)]))
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
    sensor: (sensor) => sensors.get(sensor) ?? value('text-3'),
  }
}
