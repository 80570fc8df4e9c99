/** The thread in which one pair of scans is registered, so that the engine keeps answering meanwhile. */
import { parentPort, workerData } from 'node:worker_threads'
import { AsterismError } from '../../shared/errors.ts'
import type { Scan } from '../../shared/geometry/data.ts'
import { registerScans } from '../engine/align/space/register-scans.ts'
import type { RegisterOptions, SpaceRegistration } from '../engine/align/space/registration.ts'

export interface RegisterRequest {
  readonly target: Scan
  readonly source: Scan
  readonly options: Pick<RegisterOptions, 'allowScale' | 'gravity'>
}

export type RegisterReply =
  | { readonly kind: 'progress'; readonly fraction: number }
  | { readonly kind: 'answer'; readonly answer: SpaceRegistration }
  | { readonly kind: 'failure'; readonly code: AsterismError['code']; readonly message: string }

function run(request: RegisterRequest, reply: (message: RegisterReply) => void): void {
  try {
    const onProgress = (fraction: number): void => reply({ kind: 'progress', fraction })
    const answer = registerScans(request.target, request.source, { ...request.options, onProgress })
    reply({ kind: 'answer', answer })
  } catch (error) {
    const code = error instanceof AsterismError ? error.code : 'internal'
    reply({ kind: 'failure', code, message: error instanceof Error ? error.message : String(error) })
  }
}

const port = parentPort
if (port) run(workerData as RegisterRequest, (message) => port.postMessage(message))
