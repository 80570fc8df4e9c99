/** Scan to scan as a method: surfaces of any kind, pose unknown, scale only where a recording's metres are a guess. */
import { because } from '../../../../shared/sayings/saying.ts'
import type { SpaceMethod } from './method.ts'
import { METHOD } from './registration.ts'
import { registerScansInWorker } from './register-in-worker.ts'

export const scanToScan: SpaceMethod = {
  id: METHOD,
  title: 'Surface against surface',
  supports: (target, source) => target.loadScan !== undefined && source.loadScan !== undefined,
  measure: async (target, source, context) => {
    const [a, b] = [await target.loadScan?.(context.signal), await source.loadScan?.(context.signal)]
    if (!a || !b) return { registered: false, ...because('space.nothingToCompare'), candidates: [] }
    return registerScansInWorker(a, b, {
      allowScale: !target.scaleKnown || !source.scaleKnown,
      gravity: target.gravity === 'known' && source.gravity === 'known' ? 'known' : 'unknown',
      signal: context.signal,
      onProgress: context.onProgress,
    })
  },
}
