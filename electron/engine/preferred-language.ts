import { join } from 'node:path'
import { z } from 'zod'
import { LANGUAGES, type Language } from '../../shared/language.ts'
import { readJsonIfThere } from './chain/durable-file.ts'

export const preferencesPath = (home: string): string => join(home, 'preferences.json')

const chosen = z.object({ language: z.enum(LANGUAGES) })

/**
 * The language set in the window, for what a host shows outside it. Whoever controls the window can choose among the
 * known languages, and cannot influence the words in any other way.
 */
export async function preferredLanguage(home: string): Promise<Language> {
  const kept = await readJsonIfThere(preferencesPath(home)).catch(() => null)
  return chosen.safeParse(kept).data?.language ?? 'en'
}
