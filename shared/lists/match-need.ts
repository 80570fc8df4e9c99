/** What a project has of what a lab wants, decided from both alone: no network is asked. */
import type { WantedNeed } from '../contract/lists.ts'

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

/** What the work lacks, in words; nothing where it fits. */
export function missingFor(need: WantedNeed, work: OfferedWork): string[] {
  const absent = need.sensors.filter((sensor) => !work.sensors.has(sensor))
  return [
    ...(absent.length > 0 ? [`no ${absent.join(', ')}`] : []),
    ...(work.longestSeconds < need.least_seconds
      ? [`${work.longestSeconds.toFixed(0)} s long, not ${need.least_seconds} s`]
      : []),
    ...(need.licences.length > 0 && !(work.licence !== null && need.licences.includes(work.licence))
      ? [`licence ${work.licence ?? 'not chosen'}, not ${need.licences.join(' or ')}`]
      : []),
    ...(need.training_use !== null && GRANTED[work.trainingUse] < GRANTED[need.training_use]
      ? ['training is not granted as wanted']
      : []),
  ]
}
