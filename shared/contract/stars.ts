/** The prediction of stars: request and answer. */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { fileToken } from './file-token.ts'

const stars = z.number().min(0).max(5)

/** Where in the window to follow a suggestion. */
const suggestionTarget = z.object({
  kind: z.string(),
  asset: z.string().optional(),
  clock: z.string().optional(),
  start_s: z.number().optional(),
  end_s: z.number().optional(),
})
export type SuggestionTarget = z.infer<typeof suggestionTarget>

/** A span of the work and the span that it matches; seconds on the recordings' own clocks. */
export const starsMatch = z
  .object({
    /**
     * `exact`, `video`, `audio`, `shape`, `text`: another work of this machine's library. The others: within the
     * project.
     */
    kind: z.string(),
    asset: z.string(),
    of: z.string(),
    work: z.string().optional(),
    work_title: z.string().optional(),
    minted: z.boolean().optional(),
    similarity: z.number().optional(),
    start_s: z.number().nullable(),
    end_s: z.number().nullable(),
    of_start_s: z.number().nullable().optional(),
    of_end_s: z.number().nullable().optional(),
  })
  .loose()
export type StarsMatch = z.infer<typeof starsMatch>

const share = z.number().min(0).max(1)

/** A recording compared with a wanted list; the need that is met best comes first. */
const wantedMatch = z.object({
  id: z.string(),
  title: z.string(),
  by: z.string().nullable(),
  match: share,
  needs: z.array(
    z.object({
      id: z.string(),
      text: z.string(),
      match: share,
      missing: z.array(z.string()),
      best: z.array(z.object({ start_s: z.number(), end_s: z.number(), match: share })),
      why: z.string(),
      said: sayingSchema.optional(),
    }),
  ),
})

export const starsAnswer = z.object({
  stars,
  low: stars,
  high: stars,
  pack: z
    .object({
      id: z.string(),
      digest: z.string(),
      kind: z.string(),
      note: z.string(),
      title: z.string().optional(),
      created: z.string().optional(),
      base_size: z.number().nullable().optional(),
      /** Caveats on its predictions. */
      warnings: z.array(z.object({ reason: z.string(), said: sayingSchema.optional() })).optional(),
    })
    .loose(),
  /** Digests of the learned models used; with the pack's they make the answer reproducible. */
  encoders: z.array(z.object({ id: z.string(), sha256: z.string() })).optional(),
  signals: z.array(
    z.object({
      id: z.string(),
      value: z.number().nullable(),
      contribution_stars: z.number(),
      why: z.string(),
      said: sayingSchema.optional(),
    }),
  ),
  /** What the stars lose without each recording, and what each is worth alone; the most valuable first. */
  assets: z.array(z.object({ asset: z.string(), adds_stars: z.number(), alone_stars: stars })).default([]),
  segments: z.array(z.object({ start_s: z.number(), end_s: z.number(), stars })),
  /** Why a project is useful to the pack's lab, window by window; absent if the pack has no task. */
  task_windows: z
    .array(
      z.object({
        start_s: z.number(),
        end_s: z.number(),
        /** The class named in its words. */
        named: z.string().nullable(),
        /** An item of the lab's own probe: it counts nothing. */
        of_probe: z.boolean().optional(),
        /** Its first-order effect on the score on the probe, in points. */
        influence_points: z.number().nullable(),
        /** The share of the lab's own samples that are closer to what it already has. */
        rarity: share.nullable(),
        /** The class of the lab's most similar sample. */
        nearest: z.string().nullable(),
      }),
    )
    .optional(),
  suggestions: z.array(
    z
      .object({
        action: z.string(),
        delta_stars: z.number(),
        why: z.string(),
        said: z.object({ action: sayingSchema, why: sayingSchema }).optional(),
        target: suggestionTarget.optional(),
      })
      .loose(),
  ),
  originality: z.object({ status: z.string(), matches: z.array(starsMatch) }),
  contribution: z.object({
    benchmark: z.string(),
    percent: z.number().describe('predicted, of the improvement that all works together bring'),
    low: z.number(),
    high: z.number(),
    /** Answers from before 2026-11-28 lack the following fields. */
    percent_of_score: z.number().nullable().optional().describe('the same, of the score that the lab reaches with all'),
    basis: z.string().optional().describe('simulated_markets: what works with so many stars brought there'),
    creators: z.number().int().optional().describe('how many shared the improvement there'),
  }),
  /** Streams that could not be measured; the stars describe the rest. */
  unseen: z
    .array(z.object({ asset: z.string(), stream: z.string(), reason: z.string(), said: sayingSchema.optional() }))
    .optional(),
  /** How well it meets the wanted list, if one was given. */
  wanted: wantedMatch.nullable().optional(),
  /** Identifies the valued edit: edits that use the same moments have the same key. */
  edit: z.object({ key: z.string(), clips: z.number().int(), seconds: z.number() }).optional(),
})
export type StarsAnswer = z.infer<typeof starsAnswer>

/** With a pack file, an installed pack by its digest, or by default the pack that ships. */
export const starsInput = z.object({
  pack: fileToken.nullable(),
  installed: z.string().nullable().optional(),
  /** A wanted list to compare it with. */
  wanted: fileToken.nullable().optional(),
})
