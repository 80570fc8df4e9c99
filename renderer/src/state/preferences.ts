/** The user's preferences (language, theme), stored by the engine on this machine, independent of the project. */
import { create } from 'zustand'
import { z } from 'zod'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { LANGUAGES, useLanguage } from '../i18n/text.ts'
import { typedNumber } from '../ui/typed-number.ts'

export const THEMES = ['dark', 'light', 'contrast'] as const
export type Theme = (typeof THEMES)[number]

export const SCALES = [0.8, 0.9, 1, 1.1, 1.25, 1.5] as const
/** How loud the take plays while a commentary is recorded over it. */
export const LOUDNESS = ['off', 'low', 'on'] as const
export type Loudness = (typeof LOUDNESS)[number]
export const PRESETS = ['asterism', 'premiere', 'resolve', 'losslesscut'] as const
export type Preset = (typeof PRESETS)[number]

interface Preferences {
  readonly theme: Theme
  /** Scale of everything in the window; 1 is the design size. */
  readonly scale: number
  readonly reducedMotion: boolean
  /** The preset of shortcuts; see keymap.ts. */
  readonly preset: Preset
  /** Custom shortcuts, by action. */
  readonly keys: Record<string, string[]>
  /** The tour was seen or skipped. */
  readonly toured: boolean
  /** Three, two, one before a recording begins. */
  readonly countdown: boolean
  readonly loudnessWhileRecording: Loudness
  /** Price of an ether as entered by the user; null: amounts are shown in ether only. */
  readonly etherRate: EtherRate | null
}

export type EtherRate = {
  /** ISO 4217. */
  readonly currency: string
  readonly perEther: number
}

export const usePreferences = create<Preferences>(() => ({
  theme: 'dark',
  scale: 1,
  reducedMotion: false,
  preset: 'asterism',
  keys: {},
  toured: false,
  countdown: true,
  loudnessWhileRecording: 'low',
  etherRate: null,
}))

const schema = z
  .object({
    language: z.enum([...LANGUAGES, 'pseudo']),
    theme: z.enum(THEMES),
    scale: z.number().min(0.5).max(2),
    reducedMotion: z.boolean(),
    preset: z.enum(PRESETS),
    keys: z.record(z.string(), z.array(z.string())),
    toured: z.boolean(),
    countdown: z.boolean(),
    loudnessWhileRecording: z.enum(LOUDNESS),
    etherRate: z.object({ currency: z.string().regex(/^[A-Z]{3}$/), perEther: z.number().positive() }).nullable(),
  })
  .partial()

/** A rate as typed; null while it is none. */
export function rateOf(currency: string, worth: string): EtherRate | null {
  const code = currency.trim().toUpperCase()
  const perEther = typedNumber(worth)
  return /^[A-Z]{3}$/.test(code) && perEther !== null && perEther > 0 ? { currency: code, perEther } : null
}

/** Loads the preferences, and stores every change from then on. */
export async function followPreferences(client: EngineClient, signal: AbortSignal): Promise<void> {
  const { value } = await client.preferences.get()
  // What this version cannot read stays at its default.
  const { language, ...rest } = schema.safeParse(value ?? {}).data ?? {}
  if (signal.aborted) return
  usePreferences.setState(rest)
  if (language) useLanguage.setState({ language })
  const keep = (): void => {
    const kept = { ...usePreferences.getState(), language: useLanguage.getState().language }
    // Losing a preference costs no work; a lost engine is reported elsewhere.
    client.preferences.set({ value: kept }).catch(() => undefined)
  }
  const off = [usePreferences.subscribe(keep), useLanguage.subscribe(keep)]
  signal.addEventListener('abort', () => off.forEach((stop) => stop()), { once: true })
}
