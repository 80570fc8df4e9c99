import { join } from 'node:path'
import { z } from 'zod'
import { LANGUAGES, type Language } from '../../shared/language.ts'
import { readJsonIfThere } from './chain/durable-file.ts'

export const preferencesPath = (home: string): string => join(home, 'preferences.json')

const chosen = z.object({ language: z.enum(LANGUAGES) })

/**
 * The language that the window is set to, for what a host shows outside of it. Whoever controls the window can choose
 * among those that this program has words in, and has no other say in the words.
 */
export async function preferredLanguage(home: string): Promise<Language> {
  const kept = await readJsonIfThere(preferencesPath(home)).catch(() => null)
  return chosen.safeParse(kept).data?.language ?? 'en'
}
