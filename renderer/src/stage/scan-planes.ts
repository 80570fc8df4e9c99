/** What cuts scans as they are drawn and clicked: the doll's house, and a box that is looked into. */
import type { Plane } from 'three'
import { cutawayPlanes } from './cutaway.ts'
import { boxPlanes } from './scan-boxes.ts'

export const scanPlanes: Plane[] = [...cutawayPlanes, ...boxPlanes]
