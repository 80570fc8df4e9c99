/** How a joint is told at which a sensor parts from the picture. */
import type { Sensor } from '../../../shared/document/records.ts'
import type { SensorJoint } from '../../../shared/document/sensor-joints.ts'
import { decimalWords, t } from '../i18n/text.ts'

/** On the timeline, where there is little room. */
export function shortJoint({ what, seconds }: SensorJoint): string {
  return t(`joint.short.${what}`, { seconds: decimalWords(seconds, 2) })
}

/** As a sentence, for the inspector, the pointer and whoever hears the window. */
export function jointWords({ what, seconds }: SensorJoint, sensor: Sensor): string {
  return t(`joint.${what}`, { sensor: t(`sensor.${sensor}`), seconds: decimalWords(seconds, 2) })
}
