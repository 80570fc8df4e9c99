/** What the folder of a Whisper model says of itself, beside its graphs. */
import { z } from 'zod'
import type { SpecialTokens } from '../../../shared/speech/greedy-decode.ts'
import { readModelText } from '../models/model-text.ts'

const configSchema = z.object({
  num_mel_bins: z.number().int().positive().max(256),
  decoder_start_token_id: z.number().int(),
  eos_token_id: z.number().int(),
  max_target_positions: z.number().int().positive().max(4096),
})
const generationSchema = z.object({
  no_timestamps_token_id: z.number().int(),
  is_multilingual: z.boolean().default(false),
  lang_to_id: z.record(z.string(), z.number().int()).default({}),
  task_to_id: z.record(z.string(), z.number().int()).default({}),
  suppress_tokens: z.array(z.number().int()).nullable().default([]),
  begin_suppress_tokens: z.array(z.number().int()).nullable().default([]),
})
const tokenizerSchema = z.object({ model: z.object({ vocab: z.record(z.string(), z.number().int()) }) })

export interface WhisperFacts {
  readonly bands: number
  readonly start: number
  readonly mostTokens: number
  readonly special: SpecialTokens
  /** The tokens of the languages, where it knows several; none for a model of one language. */
  readonly languages: readonly number[]
  readonly transcribe: number | null
  readonly pieces: ReadonlyMap<number, string>
}

/** @throws AsterismError `corrupt_file` naming the file and what is wrong with it */
export async function readWhisperFacts(folder: string): Promise<WhisperFacts> {
  const config = await readModelText(folder, 'config.json', configSchema)
  const generation = await readModelText(folder, 'generation_config.json', generationSchema)
  const tokenizer = await readModelText(folder, 'tokenizer.json', tokenizerSchema)
  const { is_multilingual: isMultilingual, lang_to_id: languages, task_to_id: tasks } = generation
  return {
    bands: config.num_mel_bins,
    start: config.decoder_start_token_id,
    // Half of what fits is the past in other programs; here the whole belongs to the present.
    mostTokens: config.max_target_positions - 4,
    special: {
      end: config.eos_token_id,
      firstTime: generation.no_timestamps_token_id + 1,
      never: new Set([...(generation.suppress_tokens ?? []), generation.no_timestamps_token_id]),
      notFirst: new Set(generation.begin_suppress_tokens ?? []),
    },
    languages: isMultilingual ? Object.values(languages) : [],
    transcribe: isMultilingual ? (tasks['transcribe'] ?? null) : null,
    pieces: new Map(Object.entries(tokenizer.model.vocab).map(([piece, token]) => [token, piece])),
  }
}
