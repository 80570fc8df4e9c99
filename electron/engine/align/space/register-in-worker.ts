/** `registerScans` in a thread of its own. */
import { Worker } from 'node:worker_threads'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import type { Scan } from '../../../../shared/geometry/data.ts'
import { everyNth } from '../../../../shared/geometry/icp.ts'
import { workerEntry } from '../../../workers/locate.ts'
import type { RegisterReply, RegisterRequest } from '../../../workers/space-register.ts'
import type { RegisterOptions, SpaceRegistration } from './registration.ts'
import { MAXIMUM_POINTS } from './scan-cloud.ts'

/**
 * The same answer as `registerScans`; the scans are copied into the thread (thinned first where they are larger than
 * registration uses) and stay usable here.
 * @throws AsterismError `cancelled` when the signal fires, which ends the thread; `internal` when the thread dies.
 */
export async function registerScansInWorker(
  target: Scan,
  source: Scan,
  options: RegisterOptions = {},
): Promise<SpaceRegistration> {
  throwIfCancelled(options.signal)
  const request: RegisterRequest = {
    target: bareScan(target),
    source: bareScan(source),
    options: { allowScale: options.allowScale, gravity: options.gravity },
  }
  const worker = new Worker(workerEntry('space-register'), { workerData: request, name: 'space-register' })
  const stop = new AbortController()
  try {
    return await new Promise<SpaceRegistration>((resolve, reject) => {
      options.signal?.addEventListener('abort', () => reject(new AsterismError('cancelled', 'Cancelled.')), {
        once: true,
        signal: stop.signal,
      })
      worker.on('message', (reply: RegisterReply) => {
        if (reply.kind === 'progress') options.onProgress?.(reply.fraction)
        else if (reply.kind === 'answer') resolve(reply.answer)
        else reject(new AsterismError(reply.code, reply.message))
      })
      worker.on('error', (cause) => {
        reject(new AsterismError('internal', 'The registration thread stopped with an error.', { cause }))
      })
      worker.on('exit', (code) => {
        reject(new AsterismError('internal', `The registration thread ended without an answer (${code}).`))
      })
    })
  } finally {
    stop.abort()
    await worker.terminate()
  }
}

/** Only what registration reads: no colours, no normals, no more points than it uses. */
function bareScan(scan: Scan): Scan {
  if (scan.kind === 'mesh') {
    const { vertexCount, triangleCount, positions, indices, origin } = scan.mesh
    return { kind: 'mesh', mesh: { vertexCount, triangleCount, positions, indices, origin } }
  }
  const positions = everyNth(scan.points.positions, MAXIMUM_POINTS)
  return { kind: scan.kind, points: { count: Math.floor(positions.length / 3), positions, origin: scan.points.origin } }
}
