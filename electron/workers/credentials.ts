/** The thread in which C2PA manifests are made and read. */
import { createHash, createPrivateKey } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, readSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { initSync, WasmBuilder, WasmReader } from '@contentauth/c2pa-wasm'
import { signClaim, type ClaimSigner } from '../engine/publish/provenance/cose.ts'
import { withHash } from '../engine/publish/provenance/stand-in.ts'

/** Room for the signature and two certificates. */
const SIGNATURE_BYTES = 4096
/** Hashed as it is, from its first byte to its last. */
const ANY_BYTES = 'application/octet-stream'
export interface SignTask {
  readonly kind: 'sign'
  readonly source: string
  /** Hexadecimal, of the source. */
  readonly sha256: string
  readonly format: string
  /** JSON, as `definitionOf` gives it. */
  readonly definition: string
  /** Where a copy with the manifest in it goes; null: the manifest alone is given back. */
  readonly embedAt: string | null
}
export interface ReadTask {
  readonly kind: 'read'
  readonly manifest: Uint8Array
}

export interface CredentialsRequest {
  readonly identity: { readonly privateKeyPem: string; readonly certificates: readonly Uint8Array[] } | null
  readonly tasks: readonly (SignTask | ReadTask)[]
}

export type CredentialsResult =
  | { readonly kind: 'signed'; readonly manifest: Uint8Array }
  /** `store` is the library's own account of the manifest and of what is wrong with it, `full` the same with hashes. */
  | { readonly kind: 'read'; readonly store: string; readonly full: string }
  | { readonly kind: 'failed'; readonly reason: string }
export type CredentialsReply = CredentialsResult | 'done'

type ReadAt = (offset: number, size: number) => Buffer

/** What the library takes for a Blob of the browser: part of something that is read without waiting. */
class Part extends Blob {
  readonly readAt: ReadAt
  readonly begin: number
  readonly end: number

  constructor(readAt: ReadAt, begin: number, end: number) {
    super([])
    this.readAt = readAt
    this.begin = begin
    this.end = end
    Object.defineProperty(this, 'size', { value: end - begin })
  }

  override slice(from = 0, to = this.size): Part {
    return new Part(this.readAt, this.begin + from, Math.min(this.end, this.begin + to))
  }
}

/** The browser's reader without waiting, of which the library uses one method. */
class FileReaderSync {
  readAsArrayBuffer({ readAt, begin, size }: Part): ArrayBuffer {
    const bytes = readAt(begin, size)
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  }
}

function fileReader(file: number): ReadAt {
  return (offset, size) => {
    const buffer = Buffer.alloc(size)
    let read = 0
    while (read < size) {
      const more = readSync(file, buffer, read, size - read, offset + read)
      if (more === 0) break
      read += more
    }
    return buffer.subarray(0, read)
  }
}

interface Signed {
  readonly manifest: Uint8Array
  readonly asset: Uint8Array
  readonly claim: Uint8Array
  readonly signature: Uint8Array
}

async function signPart(task: SignTask, signer: ClaimSigner, format: string, part: Part): Promise<Signed> {
  const builder = WasmBuilder.fromJson(task.definition)
  builder.setNoEmbed(task.embedAt === null)
  let signed: { claim: Uint8Array; signature: Uint8Array } | null = null
  const definition = {
    alg: 'es256',
    reserveSize: SIGNATURE_BYTES,
    sign(given: Uint8Array) {
      const claim = new Uint8Array(given)
      const signature = new Uint8Array(signClaim(claim, signer, SIGNATURE_BYTES))
      signed = { claim, signature }
      return Promise.resolve(signature)
    },
  }
  const made = (await builder.signAndGetManifestBytes(definition, [], format, part)) as Omit<
    Signed,
    'claim' | 'signature'
  >
  return { ...made, ...signed! }
}

async function sign(task: SignTask, identity: CredentialsRequest['identity']): Promise<CredentialsResult> {
  if (!identity) return { kind: 'failed', reason: 'there is no key to sign with' }
  const signer = { privateKey: createPrivateKey(identity.privateKeyPem), certificates: identity.certificates }
  if (task.embedAt === null) return { kind: 'signed', manifest: await sidecar(task, signer) }
  const file = openSync(task.source, 'r')
  try {
    const whole = new Part(fileReader(file), 0, fstatSync(file).size)
    const { manifest, asset } = await signPart(task, signer, task.format, whole)
    writeWhole(task.embedAt, asset)
    return { kind: 'signed', manifest }
  } finally {
    closeSync(file)
  }
}

/** The manifest of a file by its hash alone: its bytes are not read again. */
async function sidecar(task: SignTask, signer: ClaimSigner): Promise<Uint8Array> {
  const bytes = Buffer.from(`stands in for ${task.sha256}`)
  const part = new Part((offset, size) => bytes.subarray(offset, offset + size), 0, bytes.length)
  const signed = await signPart(task, signer, ANY_BYTES, part)
  const hash = createHash('sha256').update(bytes).digest()
  const again = (claim: Uint8Array): Uint8Array => signClaim(claim, signer, SIGNATURE_BYTES)
  return withHash({ ...signed, hash }, Buffer.from(task.sha256, 'hex'), again)
}

function writeWhole(path: string, bytes: Uint8Array): void {
  const file = openSync(`${path}.part`, 'w')
  try {
    writeFileSync(file, bytes)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(`${path}.part`, path)
}

async function read({ manifest }: ReadTask): Promise<CredentialsResult> {
  const reader = await WasmReader.fromBytes('application/c2pa', manifest)
  return { kind: 'read', store: reader.json(), full: reader.crJson() }
}

async function run({ tasks, identity }: CredentialsRequest, reply: (message: CredentialsReply) => void): Promise<void> {
  Object.assign(globalThis, { FileReaderSync })
  const require = createRequire(import.meta.url)
  initSync({ module: readFileSync(require.resolve('@contentauth/c2pa-wasm/c2pa.wasm')) })
  for (const task of tasks) {
    try {
      reply(task.kind === 'sign' ? await sign(task, identity) : await read(task))
    } catch (error) {
      reply({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) })
    }
  }
  reply('done')
}

const port = parentPort
if (port) await run(workerData as CredentialsRequest, (message) => port.postMessage(message))
