/**
 * The CAR file to any store that speaks S3. Which parts it has is in our own journal, written before the next part goes
 * out: not every such store can list its parts. Credentials are found as every S3 program finds them (environment,
 * ~/.aws); they are never in the address.
 */
import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { z } from 'zod'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { schemeOf } from '../../../../shared/publish/destination.ts'
import { readSpan } from '../../read-span.ts'
import { fileError } from '../../file-errors.ts'
import { UploadJournal } from './journal.ts'
import { Pace } from './pace.ts'
import { refusalOf } from './refusal.ts'
import { boundAnswers } from './s3-answers.ts'
import type { UploadRequest, UploadResult, UploadTarget } from './target.ts'

/** The least that S3 takes is 5 MiB, but for the last; two are in memory. */
const PART_BYTES = 8 << 20
const MAX_PARTS = 10_000
const BEGUN_ANEW = new Set(['NoSuchUpload', 'InvalidPart', 'InvalidPartOrder', 'EntityTooSmall'])
const CAR_TYPE = 'application/vnd.ipld.car'

const journalSchema = z.object({
  uploadId: z.string(),
  partBytes: z.number().int().positive(),
  etags: z.array(z.string()),
})
type S3Journal = UploadJournal<z.infer<typeof journalSchema>>

interface Place {
  readonly bucket: string
  readonly key: string
  readonly endpoint: string | undefined
  readonly region: string
}

/** `s3://bucket/prefix?endpoint=http://host:port&region=eu-1`; endpoint and region may come from the environment. */
function placeOf(request: UploadRequest): Place {
  const url = new URL(request.destination)
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '')
  const endpoint =
    url.searchParams.get('endpoint') ?? process.env['AWS_ENDPOINT_URL_S3'] ?? process.env['AWS_ENDPOINT_URL']
  if (endpoint && !/^https?:\/\//i.test(endpoint)) {
    throw new AsterismError('bad_input', say('upload.noStoreAddress', { endpoint }), {
      fix: say('upload.fix.endpoint'),
    })
  }
  return {
    bucket: url.hostname,
    key: prefix === '' ? basename(request.car) : `${prefix}/${basename(request.car)}`,
    endpoint: endpoint ?? undefined,
    region:
      url.searchParams.get('region') ?? process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1',
  }
}

function clientOf(place: Place, request: UploadRequest): S3Client {
  const client = new S3Client({
    region: place.region,
    ...(place.endpoint === undefined ? {} : { endpoint: place.endpoint, forcePathStyle: true }),
    maxAttempts: 8,
    retryMode: 'standard',
    // Stores other than Amazon's do not know the trailing checksums; we read back and hash everything ourselves.
    requestHandler: { connectionTimeout: request.patienceMilliseconds, socketTimeout: request.patienceMilliseconds },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  boundAnswers(client, request)
  return client
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined
}

const headersOf = (error: unknown): Readonly<Record<string, string>> =>
  (error as { $response?: { headers?: Record<string, string> } }).$response?.headers ?? {}

function s3Error(error: unknown, request: UploadRequest, kept: string): unknown {
  if (error instanceof AsterismError) {
    return error.with({ path: error.path ?? request.destination, kept, cause: error })
  }
  if (request.signal.aborted) return new AsterismError('cancelled', 'Cancelled.', { kept, cause: error })
  const details = { path: request.destination, kept, cause: error }
  const name = error instanceof Error ? error.name : ''
  const status = statusOf(error)
  if (name === 'CredentialsProviderError') {
    return new AsterismError('network_failed', say('upload.noCredentials'), {
      ...details,
      fix: say('upload.fix.credentials'),
    })
  }
  if (name === 'NoSuchBucket') {
    return new AsterismError('not_found', say('upload.noBucket'), {
      ...details,
      fix: say('upload.fix.bucket'),
    })
  }
  if (name === 'EntityTooLarge') return new AsterismError('too_large', say('upload.largeForStore'), details)
  if (status === undefined) {
    return new AsterismError('network_failed', say('upload.storeUnreachable'), {
      ...details,
      fix: say('upload.fix.network'),
    })
  }
  const header = (each: string): string | undefined => headersOf(error)[each]
  const { code, what, fix } = refusalOf({ status, header, said: name }, say('upload.fix.rights'))
  return new AsterismError(code, what, { ...details, fix })
}

/** True when the store has an object that says of itself that it is this archive. It is read back all the same. */
async function hasObject(client: S3Client, place: Place, request: UploadRequest): Promise<boolean> {
  try {
    const head = await client.send(new HeadObjectCommand({ Bucket: place.bucket, Key: place.key }), {
      abortSignal: request.signal,
    })
    return head.ContentLength === request.carBytes && head.Metadata?.['sha256'] === request.carSha256
  } catch (error) {
    if (statusOf(error) === 404) return false
    throw error
  }
}

async function begin(client: S3Client, place: Place, request: UploadRequest, journal: S3Journal) {
  const known = await journal.read()
  if (known !== null) return known
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({
      Bucket: place.bucket,
      Key: place.key,
      ContentType: CAR_TYPE,
      Metadata: { sha256: request.carSha256, 'root-cid': request.rootCid, ...request.claims },
    }),
    { abortSignal: request.signal },
  )
  if (UploadId === undefined) throw new AsterismError('network_failed', say('upload.notBegun'))
  const step = 1 << 20
  const least = Math.ceil(request.carBytes / MAX_PARTS / step) * step
  const state = { uploadId: UploadId, partBytes: Math.max(PART_BYTES, least), etags: [] as string[] }
  await journal.write(state)
  return state
}

async function readPart(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  return buffer.subarray(0, await readSpan(handle, buffer, position))
}

/** Sends the parts that are missing. @returns the bytes that were there already. */
async function sendParts(client: S3Client, place: Place, request: UploadRequest, journal: S3Journal): Promise<number> {
  const state = await begin(client, place, request, journal)
  const { uploadId, partBytes } = state
  const etags = [...state.etags]
  const skipped = Math.min(request.carBytes, etags.length * partBytes)
  const pace = new Pace(request.bytesPerSecond)
  const handle = await open(request.car, 'r')
  try {
    request.onProgress(skipped, request.carBytes)
    for (let start = etags.length * partBytes; start < request.carBytes; start += partBytes) {
      throwIfCancelled(request.signal)
      const body = await readPart(handle, start, Math.min(partBytes, request.carBytes - start))
      await pace.take(body.length, request.signal)
      const { ETag } = await client.send(
        new UploadPartCommand({
          Bucket: place.bucket,
          Key: place.key,
          UploadId: uploadId,
          PartNumber: etags.length + 1,
          Body: body,
          ContentLength: body.length,
          ContentMD5: createHash('md5').update(body).digest('base64'),
        }),
        { abortSignal: request.signal },
      )
      if (ETag === undefined) throw new AsterismError('network_failed', say('upload.partUnnamed'))
      etags.push(ETag)
      await journal.write({ uploadId, partBytes, etags })
      request.onProgress(start + body.length, request.carBytes)
    }
  } catch (error) {
    throw fileError(error, request.car)
  } finally {
    await handle.close()
  }
  await client.send(
    new CompleteMultipartUploadCommand({
      Bucket: place.bucket,
      Key: place.key,
      UploadId: uploadId,
      MultipartUpload: { Parts: etags.map((ETag, index) => ({ ETag, PartNumber: index + 1 })) },
    }),
    { abortSignal: request.signal },
  )
  await journal.forget()
  return skipped
}

async function digestOfObject(client: S3Client, place: Place, request: UploadRequest): Promise<string> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: place.bucket, Key: place.key }), {
    abortSignal: request.signal,
  })
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of Body as AsyncIterable<Uint8Array>) {
    throwIfCancelled(request.signal)
    hash.update(piece)
    bytes += piece.length
    // One byte more is enough to see that it is something else.
    if (bytes > request.carBytes) break
  }
  return hash.digest('hex')
}

async function uploadToS3(request: UploadRequest): Promise<UploadResult> {
  throwIfCancelled(request.signal)
  const place = placeOf(request)
  const client = clientOf(place, request)
  const key = `s3 ${place.endpoint ?? ''} ${place.bucket} ${place.key} ${request.rootCid} ${request.carSha256}`
  const journal = new UploadJournal(request.stateDirectory, key, journalSchema)
  let kept = 'What was sent stays there; run again it goes on.'
  try {
    let skipped = request.carBytes
    if (!(await hasObject(client, place, request))) {
      try {
        skipped = await sendParts(client, place, request, journal)
      } catch (error) {
        // The store has given the upload up, as they do after some days, or does not know its own parts. Begin anew, once.
        if (!(error instanceof S3ServiceException) || !BEGUN_ANEW.has(error.name)) throw error
        await journal.forget()
        skipped = await sendParts(client, place, request, journal)
      }
    }
    kept = 'It was sent but not read back; run again it is checked.'
    if ((await digestOfObject(client, place, request)) !== request.carSha256) {
      throw new AsterismError('network_failed', say('upload.storeOtherThanSent'), {
        path: request.destination,
        fix: say('upload.fix.deleteThere'),
      })
    }
    return {
      target: 's3',
      location: `s3://${place.bucket}/${place.key}`,
      bytes_sent: request.carBytes - skipped,
      bytes_skipped: skipped,
      verified: true,
    }
  } catch (error) {
    throw s3Error(error, request, kept)
  } finally {
    client.destroy()
  }
}

export const s3Target: UploadTarget = {
  id: 's3',
  title: 'S3 and stores that speak it',
  supports: (destination) => schemeOf(destination) === 's3' && URL.canParse(destination),
  upload: uploadToS3,
}
