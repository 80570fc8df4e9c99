/** The prediction of stars: what is asked, what is answered. */
import { z } from 'zod'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { fileToken } from './file-token.ts'

const stars = z.number().min(0).max(5)

/** Where a suggestion is to be followed. */
export const suggestionTarget = z.object({
  kind: z.string(),
  asset: z.string().optional(),
  clock: z.string().optional(),
  start_s: z.number().optional(),
  end_s: z.number().optional(),
})
export type SuggestionTarget = z.infer<typeof suggestionTarget>

/** A span of the work beside the span that it is the same as; seconds on the recordings' own clocks. */
export const starsMatch = z
  .object({
    /** `exact`, `video`, `audio`, `shape`, `text`: another work of this machine's library. The others: within the project. */
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

/** A recording held against a wanted list; the need that is met best comes first. */
export const wantedMatch = z.object({
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
      /** What is to be doubted of what it predicts. */
      warnings: z.array(z.object({ reason: z.string(), said: sayingSchema.optional() })).optional(),
    })
    .loose(),
  /** The learned models that looked, by digest: with the pack's the same answer can be had again. */
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
  /** What the stars lose without each recording, and what each is worth alone; the most worth first. */
  assets: z.array(z.object({ asset: z.string(), adds_stars: z.number(), alone_stars: stars })).default([]),
  segments: z.array(z.object({ start_s: z.number(), end_s: z.number(), stars })),
  /** Why a project is useful to the lab whose pack it is, window by window; missing without a task. */
  task_windows: z
    .array(
      z.object({
        start_s: z.number(),
        end_s: z.number(),
        /** The class that its words name. */
        named: z.string().nullable(),
        /** An item of the lab's probe: it counts nothing. */
        of_probe: z.boolean().optional(),
        /** What it teaches, to first order, in points of the score on the probe. */
        influence_points: z.number().nullable(),
        /** The share of the lab's own kind of samples that are less far from what it has. */
        rarity: share.nullable(),
        /** The class of the lab's own sample that is most like it. */
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
    /** Answers of before 2026-11-28 lack what follows. */
    percent_of_score: z.number().nullable().optional().describe('the same, of the score that the lab reaches with all'),
    basis: z.string().optional().describe('simulated_markets: what works with so many stars brought there'),
    creators: z.number().int().optional().describe('how many shared the improvement there'),
  }),
  /** Streams of recordings that could not be looked at: the stars are of the rest. */
  unseen: z
    .array(z.object({ asset: z.string(), stream: z.string(), reason: z.string(), said: sayingSchema.optional() }))
    .optional(),
  /** How far it is what a lab looks for, where a wanted list was given. */
  wanted: wantedMatch.nullable().optional(),
  /** The edit that was judged: the same key for edits that use the same moments. */
  edit: z.object({ key: z.string(), clips: z.number().int(), seconds: z.number() }).optional(),
})
export type StarsAnswer = z.infer<typeof starsAnswer>

/** Under a pack file, an installed pack by its digest, or the pack that ships where both are missing. */
export const starsInput = z.object({
  pack: fileToken.nullable(),
  installed: z.string().nullable().optional(),
  /** A wanted list to hold it against. */
  wanted: fileToken.nullable().optional(),
})
