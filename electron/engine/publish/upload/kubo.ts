/**
 * The blocks of the package to an IPFS node, by the RPC of kubo: the node is asked which it has, those it lacks go out in
 * archives of some megabytes, the last of them pins the root. Read back with `dag/export`, every block hashed.
 */
import { z } from 'zod'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { schemeOf } from '../../../../shared/publish/destination.ts'
import { carOf, indexCar, missingBlocks, type BlockPlace } from './car-blocks.ts'
import { httpCall } from './http-call.ts'
import { Pace } from './pace.ts'
import type { UploadRequest, UploadResult, UploadTarget } from './target.ts'

/** Of one request: what a connection cut off costs at most, and what is in memory. */
const BATCH_BYTES = 16 << 20
const PACED_BATCH_BYTES = 1 << 20
/** A node that imports also flushes and pins, in silence. */
const IMPORT_PATIENCE = 10
/** An archive has more in it than its blocks: their addresses, and blocks that are in it more than once. */
export const mostExportedBytes = (blockBytes: number): number => 4 * blockBytes + (1 << 20)
/** How many blocks are asked about at the same time. */
const QUESTIONS = 16
const KEPT = say('upload.keptBlocks')

const importLine = z.object({
  Root: z.object({ Cid: z.object({ '/': z.string() }), PinErrorMsg: z.string().optional() }).optional(),
})

/** An IPFS node's RPC. Every call of it is a POST, as the specification has it. */
export class KuboRpc {
  readonly #base: string
  readonly #request: UploadRequest

  /** @param base `http://host:port`, with or without a path before `/api/v0`. */
  constructor(base: string, request: UploadRequest) {
    this.#base = base.replace(/\/+$/, '')
    this.#request = request
  }

  async call(command: string, query: Readonly<Record<string, string>>, body?: FormData, expected: number[] = []) {
    const url = `${this.#base}/api/v0/${command}?${new URLSearchParams(query).toString()}`
    const { headers, signal, patienceMilliseconds } = this.#request
    const patience = body ? IMPORT_PATIENCE * patienceMilliseconds : patienceMilliseconds
    return await httpCall(
      {
        url,
        method: 'POST',
        // Blocks have the address of their content: what is there already is left alone.
        isRepeatable: true,
        headers,
        signal,
        kept: KEPT,
        patienceMilliseconds: patience,
        ...(body ? { body } : {}),
      },
      expected,
    )
  }

  /** True when the node itself has the block; the network is not asked. */
  async has(cid: string): Promise<boolean> {
    // What a node answers for a block that it lacks is an error of status 500.
    const response = await this.call('block/stat', { arg: cid, offline: 'true' }, undefined, [500])
    await response.text()
    return response.ok
  }

  /** @throws AsterismError `network_failed` when the node could not pin. */
  async importCar(car: Buffer, pinRoots: boolean): Promise<void> {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(car)], { type: 'application/vnd.ipld.car' }), 'package.car')
    const response = await this.call('dag/import', { 'pin-roots': String(pinRoots), stats: 'true' }, form)
    for (const line of (await response.text()).split('\n')) {
      if (line.trim() === '') continue
      let said: unknown
      try {
        said = JSON.parse(line)
      } catch (cause) {
        throw new AsterismError('network_failed', say('upload.noNode'), {
          fix: say('upload.fix.checkAddress'),
          cause,
        })
      }
      const parsed = importLine.safeParse(said)
      const problem = parsed.success ? parsed.data.Root?.PinErrorMsg : undefined
      if (problem) {
        throw new AsterismError('network_failed', say('upload.nodeNotPinned', { why: problem }), {
          kept: KEPT,
          fix: say('upload.fix.lookAtNode'),
        })
      }
    }
  }
}

async function lacking(rpc: KuboRpc, blocks: readonly BlockPlace[], signal: AbortSignal): Promise<BlockPlace[]> {
  const missing: BlockPlace[] = []
  for (let start = 0; start < blocks.length; start += QUESTIONS) {
    throwIfCancelled(signal)
    const some = blocks.slice(start, start + QUESTIONS)
    const there = await Promise.all(some.map((block) => rpc.has(block.cid)))
    missing.push(...some.filter((_, index) => !there[index]))
  }
  return missing
}

/** Sends what the node lacks, pins the root, and reads every block back. */
export async function uploadToNode(base: string, request: UploadRequest): Promise<UploadResult> {
  const rpc = new KuboRpc(base, request)
  const { signal } = request
  const index = await indexCar(request.car, signal)
  const missing = await lacking(rpc, index.blocks, signal)
  const missingBytes = missing.reduce((sum, block) => sum + block.length, 0)
  const total = index.blocks.reduce((sum, block) => sum + block.length, 0)
  const pace = new Pace(request.bytesPerSecond)
  const batchBytes = pace.limited ? PACED_BATCH_BYTES : BATCH_BYTES
  let sent = 0
  const send = async (batch: readonly BlockPlace[], last: boolean): Promise<void> => {
    const car = await carOf(request.car, index, batch)
    await pace.take(car.length, signal)
    await rpc.importCar(car, last)
    sent += batch.reduce((sum, block) => sum + block.length, 0)
    request.onProgress(total - missingBytes + sent, total)
  }
  let batch: BlockPlace[] = []
  let bytes = 0
  for (const block of missing) {
    if (bytes + block.length > batchBytes && batch.length > 0) {
      await send(batch, false)
      batch = []
      bytes = 0
    }
    batch.push(block)
    bytes += block.length
  }
  // Also with nothing to send: the root may not be pinned yet, and pinning twice changes nothing.
  await send(batch, true)
  const response = await rpc.call('dag/export', { arg: request.rootCid, progress: 'false' })
  const gone = await missingBlocks(
    response.pieces(mostExportedBytes(total)),
    index.blocks.map((block) => block.cid),
    signal,
  )
  if (gone.size > 0) {
    throw new AsterismError('network_failed', say('upload.nodeLacks', { gone: gone.size, all: index.blocks.length }), {
      kept: KEPT,
      fix: say('upload.fix.again'),
    })
  }
  return {
    target: 'kubo',
    location: `ipfs://${request.rootCid}`,
    bytes_sent: sent,
    bytes_skipped: total - sent,
    verified: true,
  }
}

export const kuboTarget: UploadTarget = {
  id: 'kubo',
  title: 'IPFS node (kubo)',
  supports: (destination) => /^kubo\+https?$/.test(schemeOf(destination) ?? '') && URL.canParse(destination),
  upload: (request) => uploadToNode(request.destination.replace(/^kubo\+/i, ''), request),
}
