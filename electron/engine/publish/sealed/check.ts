/** What can be said of a sealed package without its key: that it is sealed throughout, and that nothing is missing. */
import { HEADER_BYTES, isSealed, sealedBytes } from './age-file.ts'
import { SEALED_NAME, sealedSchema, type Sealed } from './seal.ts'
import { isRecipient } from './work-key.ts'

interface SealFault {
  readonly path: string
  readonly what: string
}

export interface CheckedSeal {
  readonly answer: { readonly recipient: string; readonly files: number } | null
  /** What is wrong with which file of the package. */
  readonly failures: readonly SealFault[]
}

export interface SealedFiles {
  /** Length of a file of the package; null where there is none. */
  bytesOf(path: string): number | null
  /** The first bytes of a file. */
  startOf(path: string, length: number): Promise<Uint8Array>
}

/** @param data what sealed.json holds */
export async function checkSeal(
  data: unknown,
  paths: Iterable<string>,
  { bytesOf, startOf }: SealedFiles,
): Promise<CheckedSeal> {
  const parsed = sealedSchema.safeParse(data)
  if (!parsed.success || !isRecipient(parsed.data.recipient)) {
    return { answer: null, failures: [{ path: SEALED_NAME, what: 'does not say how the recordings are sealed' }] }
  }
  const failures: SealFault[] = []
  const sealed: Sealed = parsed.data
  const listed = new Set(sealed.files.map((file) => file.path))
  for (const path of paths) {
    if (path.startsWith('media/') && !listed.has(path))
      failures.push({ path, what: 'is not sealed, as the others are' })
  }
  for (const { path, bytes } of sealed.files) {
    const there = bytesOf(path)
    if (there === null) failures.push({ path, what: `is missing, and ${SEALED_NAME} names it` })
    else if (there !== sealedBytes(bytes)) failures.push({ path, what: `cannot hold the ${bytes} bytes it is said to` })
    else if (!isSealed(await startOf(path, HEADER_BYTES))) failures.push({ path, what: 'is not a sealed file' })
  }
  return { answer: { recipient: sealed.recipient, files: sealed.files.length }, failures }
}
