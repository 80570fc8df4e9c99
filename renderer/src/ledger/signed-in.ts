/** What somebody has signed and handed over as a file. */
import type { ZodType } from 'zod'

const MOST_FILE_BYTES = 100_000

/** Null for what is none of its kind. */
export async function signedIn<T>(file: File, kind: ZodType<T>): Promise<T | null> {
  if (file.size > MOST_FILE_BYTES) return null
  try {
    return kind.safeParse(JSON.parse(await file.text())).data ?? null
  } catch {
    return null
  }
}
