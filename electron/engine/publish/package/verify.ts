/** Checks a package from its bytes alone, offline, and names each failure. */
import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AsterismError, throwIfCancelled } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import { rootOfArchive } from '../content/car-reader.ts'
import { addressOfContent, addressOfTree, measured } from '../content/unixfs.ts'
import { croissantFaults } from '../formats/croissant-rules.ts'
import { checkCredentials } from '../provenance/credentials.ts'
import { checkSeal, type CheckedSeal } from '../sealed/check.ts'
import { mediaTypeOf } from '../formats/media-types.ts'
import { SEALED_NAME, sealedSchema } from '../sealed/seal.ts'
import { ALIGNMENT_NAME, alignmentSchema, misplaced } from './alignment-form.ts'
import { creatorAccount, croissantSchema, disagreements, RIGHTS_NAME, type SpokenDocuments } from './agreement.ts'
import { canonicalJson, type Json } from './canonical-json.ts'
import { CROISSANT_NAME, croissantFileFaults } from './croissant-files.ts'
import { MANIFEST_NAME, manifestSchema, ownDigest, type Manifest } from './manifest.ts'
import { MAX_METADATA_BYTES, metadataSchema, tokenIdOf } from './metadata.ts'
import { JSON_FORMS, TEXT_FORMS } from './document-forms.ts'
import { LARGEST_DOCUMENT_BYTES, parseDocument, readDocument, readStart } from './read-document.ts'
import { checkSignature, signaturePath } from './signature.ts'
import { placesIn, unlinked, type MeasuredFile } from './measured-files.ts'
import { openPackage, type PackageSource } from './package-source.ts'
import { TIMELINE_NAME, timelineFaults } from './timeline-form.ts'

interface PackageFailure {
  /** In the package; the package itself where it is about no one file. */
  readonly path: string
  readonly what: string
}

export interface VerifiedPackage {
  readonly ok: boolean
  readonly failures: readonly PackageFailure[]
  /** Of the bytes that are there, whatever the manifest says. */
  readonly root_cid: string
  /** sha-256 of metadata.json, or null where there is none. */
  readonly token_id: string | null
  readonly files: number
  readonly bytes: number
  /** The account that the package names as its creator, or null. */
  readonly creator: string | null
  /** The account whose signature beside the package is of exactly this package, or null. */
  readonly signer: string | null
  /** C2PA manifests beside the package, and who signed them; null where there are none. */
  readonly credentials: {
    readonly files: number
    readonly signers: readonly string[]
  } | null
  /** How many recordings are sealed, and for which key (an age recipient); null where they lie open. */
  readonly sealed: {
    readonly recipient: string
    readonly files: number
  } | null
  /** Failed checks, by id, for which nothing may be minted. */
  readonly blocking: readonly string[]
}

const MOST_FAILURES = 1000
/** Beyond what a manifest lists: a file with holes claims any length, and would be hashed for days. */
const MOST_UNLISTED_BYTES = 1 << 30

class Verification {
  readonly failures: PackageFailure[] = []
  readonly #failed = new Set<string>()
  readonly measured = new Map<string, MeasuredFile>()
  readonly #source: PackageSource
  /** As they were read. */
  readonly #spoken: { -readonly [Name in keyof SpokenDocuments]: unknown } = {
    metadata: undefined,
    rights: undefined,
    croissant: undefined,
    sealed: undefined,
    manifest: undefined,
  }
  #alignment: unknown

  constructor(source: PackageSource) {
    this.#source = source
  }

  /** Once, whoever of those that look at a file notices it. */
  fail(path: string, what: string): void {
    const key = `${path}\0${what}`
    if (this.#failed.has(key)) return
    this.#failed.add(key)
    this.failures.push({ path, what })
  }

  /** @throws AsterismError `corrupt_file` where far more is there than the manifest knows of. */
  async refuseExcess(): Promise<void> {
    const listed = new Map<string, number>()
    const length = this.#source.paths.includes(MANIFEST_NAME) ? this.#source.bytesOf(MANIFEST_NAME) : Infinity
    if (length <= LARGEST_DOCUMENT_BYTES) {
      const parsed = parseDocument(await readDocument(this.#source, MANIFEST_NAME))
      const manifest = manifestSchema.safeParse('value' in parsed ? parsed.value : undefined)
      for (const { path, bytes } of manifest.data?.files ?? []) listed.set(path, bytes)
    }
    let excess = 0
    for (const path of this.#source.paths) {
      excess += Math.max(0, this.#source.bytesOf(path) - (listed.get(path) ?? 0))
      if (excess <= MOST_UNLISTED_BYTES) continue
      const fix = say('package.fix.getAgain')
      throw new AsterismError('corrupt_file', say('package.excess', { path }), { path, fix })
    }
  }

  async measure(signal: AbortSignal | undefined, onBytes: (bytes: number) => void): Promise<void> {
    for (const path of this.#source.paths) {
      throwIfCancelled(signal)
      const { content, result } = measured(this.#source.read(path))
      const counting = async function* (): AsyncGenerator<Uint8Array> {
        for await (const piece of content) {
          onBytes(piece.length)
          yield piece
        }
      }
      const address = await addressOfContent(counting())
      this.measured.set(path, { address, ...result() })
    }
  }

  /** The document as JSON; says so and gives undefined when it is missing or none. */
  async json(path: string): Promise<unknown> {
    if (!this.measured.has(path)) {
      this.fail(path, 'is missing')
      return undefined
    }
    if (this.measured.get(path)!.bytes > LARGEST_DOCUMENT_BYTES) {
      this.fail(path, 'is larger than any document of a package')
      return undefined
    }
    const parsed = parseDocument(await readDocument(this.#source, path))
    if ('value' in parsed) return parsed.value
    this.fail(path, parsed.fault)
    return undefined
  }

  /** Each document is of its kind. */
  async forms(): Promise<void> {
    for (const { path, optional, schema, what } of JSON_FORMS) {
      if (optional && !this.measured.has(path)) continue
      const data = await this.json(path)
      if (path === RIGHTS_NAME) this.#spoken.rights = data
      if (path === ALIGNMENT_NAME) this.#alignment = data
      if (data !== undefined && !schema.safeParse(data).success) this.fail(path, what)
    }
    for (const { path, fault } of TEXT_FORMS) {
      const what = this.measured.has(path) ? await fault(this.#source, path) : 'is missing'
      if (what !== null) this.fail(path, what)
    }
  }

  /** Says so where a document is not written as its digest wants it. */
  #canonical(path: string, data: Json, bytes: Buffer): void {
    try {
      if (canonicalJson(data) !== bytes.toString('utf8')) this.fail(path, 'is not in canonical form')
    } catch (error) {
      if (!(error instanceof AsterismError)) throw error
      this.fail(path, 'holds a text with half a character')
    }
  }

  async manifest(): Promise<Manifest | null> {
    const data = await this.json(MANIFEST_NAME)
    if (data === undefined) return null
    const parsed = manifestSchema.safeParse(data)
    if (!parsed.success) {
      this.fail(MANIFEST_NAME, `is malformed at ${parsed.error.issues[0].path.join('.') || 'its top'}`)
      return null
    }
    this.#canonical(MANIFEST_NAME, parsed.data, await readDocument(this.#source, MANIFEST_NAME))
    if (parsed.data.own_sha256 !== ownDigest(parsed.data)) this.fail(MANIFEST_NAME, 'has another digest than it states')
    this.#spoken.manifest = parsed.data
    return parsed.data
  }

  compareFiles(manifest: Manifest): void {
    const listed = new Set([MANIFEST_NAME])
    for (const entry of manifest.files) {
      if (listed.has(entry.path)) this.fail(entry.path, 'is listed twice')
      listed.add(entry.path)
      const file = this.measured.get(entry.path)
      if (file === undefined) this.fail(entry.path, 'is missing')
      else if (entry.media_type !== mediaTypeOf(entry.path)) this.fail(entry.path, 'is listed as of another kind')
      else if (file.bytes !== entry.bytes) this.fail(entry.path, `has ${file.bytes} bytes, not ${entry.bytes}`)
      else if (file.sha256 !== entry.sha256) this.fail(entry.path, 'has other content than the manifest says')
      else if (file.address.cid.toString() !== entry.cid)
        this.fail(entry.path, 'has another CID than the manifest says')
    }
    for (const path of this.measured.keys()) if (!listed.has(path)) this.fail(path, 'is not in the manifest')
    const checks = manifest.checks.map((check) => check.id)
    if (new Set(checks).size !== checks.length) this.fail(MANIFEST_NAME, 'names a check twice')
    const blocking = manifest.checks.filter((check) => check.blocking && !check.ok).map((check) => check.id)
    if (blocking.join() !== manifest.blocking.join())
      this.fail(MANIFEST_NAME, 'names other blocking checks than it holds')
  }

  /** The token's description, canonical, and every link in it to a file or folder of the package. */
  async metadata(): Promise<string | null> {
    const path = 'metadata.json'
    const data = await this.json(path)
    if (data === undefined) return null
    this.#spoken.metadata = data
    const bytes = await readDocument(this.#source, path)
    this.#canonical(path, data as Json, bytes)
    const parsed = metadataSchema.safeParse(data)
    if (!parsed.success) {
      this.fail(path, `is malformed at ${parsed.error.issues[0].path.join('.') || 'its top'}`)
      return tokenIdOf(bytes)
    }
    if (bytes.length > MAX_METADATA_BYTES) this.fail(path, 'is longer than the 1 MiB whose digest is a token’s id')
    const known = new Set([...this.measured.values()].map((file) => `ipfs://${file.address.cid.toString()}`))
    for (const uri of [parsed.data.image, parsed.data.animation_url]) {
      if (uri !== undefined && !known.has(uri)) this.fail(path, `names ${uri}, which is not in the package`)
    }
    const placeOf = placesIn(this.measured)
    const links = parsed.data.properties.files
    for (const fault of unlinked(this.measured.keys(), links)) this.fail(path, fault)
    for (const link of links) {
      const place = await placeOf(link.path)
      if (place === null) this.fail(path, `names ${link.path}, which is not in the package`)
      else if (link.uri !== `ipfs://${place.cid}` || link.bytes !== place.bytes)
        this.fail(path, `names ${link.path} by another content`)
      else if (link.type !== (place.isFolder ? 'inode/directory' : mediaTypeOf(link.path)))
        this.fail(path, `names ${link.path} as of another kind`)
    }
    return tokenIdOf(bytes)
  }

  async croissant(): Promise<void> {
    const path = CROISSANT_NAME
    const data = await this.json(path)
    if (data === undefined) return
    this.#spoken.croissant = data
    for (const fault of croissantFaults(data)) this.fail(path, fault)
    const parsed = croissantSchema.safeParse(data)
    if (!parsed.success) return this.fail(path, `is malformed at ${parsed.error.issues[0].path.join('.') || 'its top'}`)
    for (const fault of croissantFileFaults(parsed.data.distribution, this.measured)) this.fail(path, fault)
  }

  /**
   * The archive beside a folder names the same root: what nothing in the folder speaks for, as the words of a check in
   * its manifest, is noticed by this. Where something is wrong already, it is named and the roots differ anyway.
   */
  async archiveBeside(path: string, rootCid: string): Promise<void> {
    const archive = `${path}.car`
    const isFile = await lstat(archive).then(
      (status) => status.isFile(),
      () => false,
    )
    if (!isFile) return
    try {
      if ((await rootOfArchive(archive)) !== rootCid) this.fail(basename(archive), 'is the archive of another package')
    } catch (error) {
      if (!(error instanceof AsterismError)) throw error
      this.fail(basename(archive), 'is no archive of a package')
    }
  }

  /** Every recording that is said to be aligned or cut is there, with the bytes that it is said to have. */
  async recordings(): Promise<void> {
    const sealed = sealedSchema.safeParse(this.#spoken.sealed)
    const opened = new Map(sealed.data?.files.map(({ opens_to: path, sha256 }) => [path, sha256]))
    const files = new Map([...this.measured].map(([path, { sha256 }]) => [path, sha256]))
    const paths = [...opened.keys(), ...files.keys()]
    const sha256Of = (path: string): string | null | undefined =>
      opened.get(path) ?? files.get(path) ?? (paths.some((each) => each.startsWith(`${path}/`)) ? null : undefined)
    const alignment = alignmentSchema.safeParse(this.#alignment)
    if (alignment.success) for (const fault of misplaced(alignment.data, sha256Of)) this.fail(ALIGNMENT_NAME, fault)
    if ((this.measured.get(TIMELINE_NAME)?.bytes ?? Infinity) > LARGEST_DOCUMENT_BYTES) return
    const timeline = (await readDocument(this.#source, TIMELINE_NAME)).toString('utf8')
    const isThere = (path: string): boolean => sha256Of(path) !== undefined
    for (const fault of timelineFaults(timeline, isThere)) this.fail(TIMELINE_NAME, fault)
  }

  /** What the documents say of each other's matters, and who the package says may sign it. */
  agreement(): { creator: string | null; rights: unknown } {
    this.failures.push(...disagreements(this.#spoken))
    return {
      creator: creatorAccount(this.#spoken.metadata),
      rights: this.#spoken.rights,
    }
  }

  /** Of the recordings, where the package says that they are sealed. */
  async seal(): Promise<CheckedSeal['answer']> {
    if (!this.measured.has(SEALED_NAME)) return null
    const data = await this.json(SEALED_NAME)
    this.#spoken.sealed = data
    const { answer, failures } = await checkSeal(data, this.measured.keys(), {
      bytesOf: (path) => this.measured.get(path)?.bytes ?? null,
      startOf: (path, length) => readStart(this.#source, path, length),
    })
    this.failures.push(...failures)
    return answer
  }
}

/** What a person or a program can take in; the rest is counted. */
function told(failures: readonly PackageFailure[], path: string): readonly PackageFailure[] {
  const rest = failures.length - MOST_FAILURES
  if (rest <= 0) return failures
  return [...failures.slice(0, MOST_FAILURES), { path: basename(path), what: `has ${rest} more failures` }]
}

/**
 * Verifies a package: its folder, or its CAR file, in which every block is hashed as well. What is wrong with the
 * package is in the result; only what keeps it from being read at all is thrown (`not_found`, `corrupt_file` for a CAR
 * whose blocks do not add up, `cancelled`).
 */
export async function verifyPackage(
  path: string,
  options: {
    readonly signal?: AbortSignal
    readonly onBytes?: (done: number, total: number) => void
  } = {},
): Promise<VerifiedPackage> {
  const source = await openPackage(path, options.signal)
  try {
    const verification = new Verification(source)
    for (const { path: odd, what } of source.faults) verification.fail(odd, what)
    await verification.refuseExcess()
    let done = 0
    await verification.measure(options.signal, (bytes) => options.onBytes?.((done += bytes), source.totalBytes))
    const manifest = await verification.manifest()
    if (manifest !== null) verification.compareFiles(manifest)
    await verification.forms()
    const tokenId = await verification.metadata()
    await verification.croissant()
    const sealed = await verification.seal()
    await verification.recordings()
    const { creator, rights } = verification.agreement()
    const digestOf = (file: string): string => `0x${verification.measured.get(file)?.sha256 ?? ''}`
    const signed = await checkSignature(path, {
      manifest: digestOf(MANIFEST_NAME),
      metadata: digestOf('metadata.json'),
      creator,
    })
    if (signed.what !== null) verification.fail(basename(signaturePath(path)), signed.what)
    const sha256Of = (file: string): string | null => verification.measured.get(file)?.sha256 ?? null
    const credentials = await checkCredentials(path, { paths: source.paths, sha256Of, rights }, options.signal)
    for (const failure of credentials.failures) verification.fail(failure.path, failure.what)
    const files = [...verification.measured]
    const root = await addressOfTree(files.map(([each, { address }]) => ({ path: each, address })))
    if (verification.failures.length === 0) await verification.archiveBeside(path, root.cid.toString())
    return {
      ok: verification.failures.length === 0,
      failures: told(verification.failures, path),
      root_cid: root.cid.toString(),
      token_id: tokenId,
      creator,
      signer: signed.signer,
      credentials: credentials.answer,
      sealed,
      files: files.length,
      bytes: files.reduce((sum, [, file]) => sum + file.bytes, 0),
      blocking: manifest?.blocking ?? [],
    }
  } finally {
    await source.close()
  }
}
