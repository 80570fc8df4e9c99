/** Every way in which edges can be coded. */
import type { EdgeCoding } from './edge-coding.ts'
import { h264Edges } from './edge-coding-h264.ts'
import { hevcEdges } from './edge-coding-hevc.ts'

export const EDGE_CODINGS: readonly EdgeCoding[] = [h264Edges, hevcEdges]
