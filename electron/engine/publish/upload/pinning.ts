/**
 * A pinning service (IPFS Pinning Service API 1.0). The API carries no bytes: the service fetches them from whoever has
 * them. `?via=http://127.0.0.1:5001` names an IPFS node that the package goes to first and that is put in touch with the
 * service; `?gateway=https://…` names where to read it back. Without a gateway nothing is called verified.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { basename } from 'node:path'
import { z } from 'zod'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { parseJson } from '../../chain/durable-file.ts'
import { schemeOf } from '../../../../shared/publish/destination.ts'
import { indexCar, missingBlocks } from './car-blocks.ts'
import { httpCall, type HttpAnswer } from './http-call.ts'
import { UploadJournal } from './journal.ts'
import { KuboRpc, mostExportedBytes, uploadToNode } from './kubo.ts'
import { notedAs, type UploadRequest, type UploadResult, type UploadTarget } from './target.ts'

const FIRST_LOOK_MILLISECONDS = 250
const SLOWEST_LOOK_MILLISECONDS = 10_000
/** A service that has not fetched the package by then is left alone with it; run again it is asked again. */
const PATIENCE_MILLISECONDS = 30 * 60_000
const MAX_ORIGINS = 20
const KEPT = say('upload.keptRequest')

const pinStatus = z.object({
  requestid: z.string(),
  status: z.enum(['queued', 'pinning', 'pinned', 'failed']),
  pin: z.object({ cid: z.string() }),
  delegates: z.array(z.string()),
  info: z.record(z.string(), z.string()).optional(),
})
type PinStatus = z.infer<typeof pinStatus>
const pinResults = z.object({ count: z.number(), results: z.array(pinStatus) })
const journalSchema = z.object({ requestId: z.string() })

interface Place {
  /** The service, without a slash at its end. */
  readonly service: string
  readonly via: string | null
  readonly gateway: string | null
}

function placeOf(destination: string): Place {
  const url = new URL(destination.replace(/^pin\+/i, ''))
  const address = (name: string): string | null => {
    const given = url.searchParams.get(name)
    if (given !== null && !/^https?:\/\//i.test(given)) {
      throw new AsterismError('bad_input', say('upload.noAddressFor', { given, name }), {
        fix: say('upload.fix.giveAddress', { name }),
      })
    }
    return given?.replace(/\/+$/, '') ?? null
  }
  return {
    service: `${url.origin}${url.pathname}`.replace(/\/+$/, ''),
    via: address('via'),
    gateway: address('gateway'),
  }
}

async function parsed<T>(schema: z.ZodType<T>, response: HttpAnswer): Promise<T> {
  const result = schema.safeParse(parseJson(await response.text()))
  if (result.success) return result.data
  throw new AsterismError('network_failed', say('upload.noPinningService'), {
    fix: say('upload.fix.checkAddress'),
  })
}

class PinningService {
  readonly #place: Place
  readonly #request: UploadRequest

  constructor(place: Place, request: UploadRequest) {
    this.#place = place
    this.#request = request
  }

  /** The request that was made before, or one that somebody else made for the same content; null when there is none. */
  async find(requestId: string | null): Promise<PinStatus | null> {
    if (requestId !== null) {
      const response = await this.#call('GET', `/pins/${encodeURIComponent(requestId)}`, undefined, [404])
      const known = response.ok ? await parsed(pinStatus, response) : null
      if (known?.pin.cid === this.#request.rootCid) return known
    }
    const query = new URLSearchParams({ cid: this.#request.rootCid, status: 'queued,pinning,pinned' })
    const { results } = await parsed(pinResults, await this.#call('GET', `/pins?${query.toString()}`))
    return results.find((each) => each.pin.cid === this.#request.rootCid) ?? null
  }

  async ask(origins: readonly string[]): Promise<PinStatus> {
    const body = JSON.stringify({
      cid: this.#request.rootCid,
      name: basename(this.#request.car, '.car'),
      origins: origins.slice(0, MAX_ORIGINS),
      meta: { ...this.#request.claims },
    })
    return this.#ofThisPackage(await parsed(pinStatus, await this.#call('POST', '/pins', body)))
  }

  async look(requestId: string): Promise<PinStatus> {
    const answer = await this.#call('GET', `/pins/${encodeURIComponent(requestId)}`)
    return this.#ofThisPackage(await parsed(pinStatus, answer))
  }

  /** A service that speaks of other content has not been asked for it. */
  #ofThisPackage(status: PinStatus): PinStatus {
    if (status.pin.cid === this.#request.rootCid) return status
    throw new AsterismError('network_failed', say('upload.otherContent', { cid: status.pin.cid }), {
      path: this.#request.destination,
      kept: say('upload.keptUnpinned'),
      fix: say('upload.fix.otherService'),
    })
  }

  async #call(method: 'GET' | 'POST', path: string, body?: string, expected: number[] = []): Promise<HttpAnswer> {
    const { headers, signal, patienceMilliseconds } = this.#request
    return await httpCall(
      {
        patienceMilliseconds,
        url: this.#place.service + path,
        method,
        headers: { ...headers, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
        signal,
        kept: KEPT,
        ...(body === undefined ? {} : { body }),
      },
      expected,
    )
  }
}

const peerId = z.object({ Addresses: z.array(z.string()).nullable() })

/** What lets in at the service lets in at the service only. */
function withoutHeaders(request: UploadRequest): UploadRequest {
  return { ...request, headers: {} }
}

/** Waits until the service has it. @throws AsterismError `network_failed`, `timeout`, `cancelled`. */
async function untilPinned(service: PinningService, first: PinStatus, request: UploadRequest): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MILLISECONDS
  let wait = FIRST_LOOK_MILLISECONDS
  for (let status = first; ; status = await service.look(first.requestid)) {
    if (status.status === 'pinned') return
    if (status.status === 'failed') {
      const why = Object.values(status.info ?? {}).join(', ')
      throw new AsterismError('network_failed', say('upload.notPinned', { quoted: why ? `: ${why}` : '.' }), {
        fix: say('upload.fix.reachableNode'),
      })
    }
    if (performance.now() > giveUpAt) {
      throw new AsterismError('timeout', say('upload.notFetchedYet'), {
        kept: KEPT,
        fix: say('upload.fix.runLater'),
      })
    }
    try {
      await sleep(wait, undefined, { signal: request.signal })
    } catch (cause) {
      throw new AsterismError('cancelled', 'Cancelled.', { kept: KEPT, cause })
    }
    wait = Math.min(wait * 2, SLOWEST_LOOK_MILLISECONDS)
  }
}

async function uploadByPinning(request: UploadRequest): Promise<UploadResult> {
  const place = placeOf(request.destination)
  const service = new PinningService(place, request)
  const key = `pin ${place.service} ${request.rootCid}`
  const journal = new UploadJournal(request.stateDirectory, key, journalSchema)
  const node = place.via === null ? null : new KuboRpc(place.via, withoutHeaders(request))
  const carried = place.via === null ? null : await uploadToNode(place.via, withoutHeaders(request))
  let status = await service.find((await journal.read())?.requestId ?? null)
  if (status === null || status.status === 'failed') {
    const addresses = node === null ? [] : ((await parsed(peerId, await node.call('id', {}))).Addresses ?? [])
    status = await service.ask(addresses)
    await journal.write({ requestId: status.requestid })
  }
  if (node !== null && status.status !== 'pinned') {
    for (const delegate of status.delegates) {
      // The service may still find the node by itself, so a delegate that cannot be reached is no failure.
      await (await node.call('swarm/connect', { arg: delegate }, undefined, [500])).text()
    }
  }
  await untilPinned(service, status, request)
  const result = {
    target: 'pinning',
    location: `ipfs://${request.rootCid}`,
    bytes_sent: carried?.bytes_sent ?? 0,
    bytes_skipped: carried?.bytes_skipped ?? request.carBytes,
  }
  if (place.gateway === null) {
    return {
      ...result,
      verified: false,
      ...notedAs(say('upload.noGateway')),
    }
  }
  const index = await indexCar(request.car, request.signal)
  const response = await httpCall({
    url: `${place.gateway}/ipfs/${request.rootCid}?format=car&dag-scope=all`,
    method: 'GET',
    headers: { Accept: 'application/vnd.ipld.car' },
    signal: request.signal,
    kept: KEPT,
    patienceMilliseconds: request.patienceMilliseconds,
  })
  const gone = await missingBlocks(
    response.pieces(mostExportedBytes(index.blocks.reduce((sum, block) => sum + block.length, 0))),
    index.blocks.map((block) => block.cid),
    request.signal,
  )
  if (gone.size === 0) return { ...result, verified: true }
  throw new AsterismError('network_failed', say('upload.gatewayLacks', { gone: gone.size, all: index.blocks.length }), {
    kept: KEPT,
    fix: say('upload.fix.inAWhile'),
  })
}

export const pinningTarget: UploadTarget = {
  id: 'pinning',
  title: 'IPFS pinning service',
  supports: (destination) => /^pin\+https?$/.test(schemeOf(destination) ?? '') && URL.canParse(destination),
  upload: uploadByPinning,
}
