import { TICKS_PER_SECOND } from '../units.ts'
import type { DocumentRecord, ProjectRecord, Rights } from './records.ts'

/** The rights of a new project: nothing is granted before the person says so. */
const initialRights: Rights = {
  kind: 'rights',
  id: 'rights',
  licence: null,
  trainingUse: 'allowed',
  creatorName: '',
  creatorAddress: null,
  description: '',
  declaresOriginal: false,
  consentsComplete: false,
  consentDigests: [],
  royaltyBasisPoints: 500,
  keepLocationData: false,
}

/** The records that every project starts with. */
export function newProjectRecords(title: string, createdAt: string): DocumentRecord[] {
  const project: ProjectRecord = {
    kind: 'project',
    id: 'project',
    title,
    createdAt,
    ticksPerSecond: TICKS_PER_SECOND,
    referenceClockId: null,
    worldAssetId: null,
    network: 'practice',
  }
  return [project, initialRights]
}
