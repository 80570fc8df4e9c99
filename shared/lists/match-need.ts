/** What a project has of what a lab wants, decided from both alone: no network is asked. */
import type { WantedNeed } from '../contract/lists.ts'
import { SENSORS, type Sensor } from '../document/records.ts'
import { fixedAmount } from '../sayings/amounts.ts'
import { because, say, type Reason, type Wording } from '../sayings/saying.ts'

export interface OfferedWork {
  /** Kinds of its streams. */
  readonly sensors: ReadonlySet<string>
  /** Of its longest recording; 0 where nothing lasts. */
  readonly longestSeconds: number
  /** SPDX identifier; null while none was chosen. */
  readonly licence: string | null
  readonly trainingUse: 'allowed' | 'constrained' | 'notAllowed'
}

const GRANTED = { notAllowed: 0, constrained: 1, allowed: 2 } as const

const isSensor = (name: string): name is Sensor => (SENSORS as readonly string[]).includes(name)

/** Names of streams in words; one that this version does not know stands as it is written. */
const sensorWords = (name: string): Wording => (isSensor(name) ? say(`list.sensor.${name}`) : name)

/** Several as one, joined by a saying of two. */
const joined = (code: 'list.two' | 'list.or', parts: readonly Wording[]): Wording =>
  parts.slice(0, -1).reduceRight((rest, first) => say(code, { first, rest }), parts.at(-1) ?? '')

/** What the work lacks; nothing where it fits. */
export function missingFor(need: WantedNeed, work: OfferedWork): Reason[] {
  const absent = need.sensors.filter((sensor) => !work.sensors.has(sensor))
  const licences = joined('list.or', need.licences)
  return [
    ...(absent.length > 0
      ? [because('list.lacksSensors', { sensors: joined('list.two', absent.map(sensorWords)) })]
      : []),
    ...(work.longestSeconds < need.least_seconds
      ? [because('list.short', { seconds: fixedAmount(work.longestSeconds, 0), least: need.least_seconds })]
      : []),
    ...(need.licences.length > 0 && work.licence === null ? [because('list.noLicence', { licences })] : []),
    ...(need.licences.length > 0 && work.licence !== null && !need.licences.includes(work.licence)
      ? [because('list.licence', { licence: work.licence, licences })]
      : []),
    ...(need.training_use !== null && GRANTED[work.trainingUse] < GRANTED[need.training_use]
      ? [because('list.training')]
      : []),
  ]
}
