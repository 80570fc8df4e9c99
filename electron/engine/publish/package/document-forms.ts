/** What the documents of a package must be, beyond being there: each of its kind, so that whoever reads one can. */
import { z } from 'zod'
import { ALIGNMENT_NAME, alignmentSchema } from './alignment-form.ts'
import { CAWG_USES, RIGHTS_FORMAT } from './rights.ts'
import { TIMELINE_NAME } from './timeline-form.ts'
import { linesOf, parseDocument, readStart } from './read-document.ts'
import type { PackageSource } from './package-source.ts'

interface JsonForm {
  readonly path: string
  readonly optional?: true
  readonly schema: z.ZodType
  readonly what: string
}

const rightsSchema = z.looseObject({
  format: z.literal(RIGHTS_FORMAT),
  licence: z.looseObject({ spdx: z.string().min(1), url: z.string().min(1) }).nullable(),
  training_mining: z.looseObject({
    label: z.literal('cawg.training-mining'),
    entries: z.record(z.enum(CAWG_USES), z.looseObject({ use: z.enum(['allowed', 'notAllowed', 'constrained']) })),
  }),
  creator: z.looseObject({ name: z.string(), address: z.string().nullable() }),
  originality: z.looseObject({
    declared: z.boolean(),
    statement: z.string().min(1),
  }),
  consents: z.looseObject({
    complete: z.boolean(),
    statement: z.string().min(1),
    digests_sha256: z
      .array(z.string().regex(/^[0-9a-f]{64}$/))
      .refine((digests) => new Set(digests).size === digests.length),
  }),
  royalty_basis_points: z.number().int().min(0).max(10_000),
  location_data_kept: z.boolean(),
})

/** Held against the document as JSON. */
export const JSON_FORMS: readonly JsonForm[] = [
  {
    path: ALIGNMENT_NAME,
    schema: alignmentSchema,
    what: 'is not an alignment of Asterism (asterism-alignment/1)',
  },
  // Read as what it is in timeline-form.ts; here only that it is there, and JSON.
  {
    path: TIMELINE_NAME,
    schema: z.json(),
    what: 'is not a time line (OpenTimelineIO, Timeline.1)',
  },
  {
    path: 'rights.json',
    schema: rightsSchema,
    what: 'does not state rights (asterism-rights/1)',
  },
  {
    path: 'stars.json',
    optional: true,
    schema: z
      .looseObject({
        stars: z.number(),
        low: z.number(),
        high: z.number(),
        pack: z.looseObject({ id: z.string() }),
      })
      .refine(({ stars, low, high }) => low <= stars && stars <= high),
    what: 'is not a prediction of stars',
  },
]

/** Held against the document as text, piece by piece. */
export const TEXT_FORMS: readonly {
  readonly path: string
  fault(source: PackageSource, path: string): Promise<string | null>
}[] = [
  {
    path: 'transcript.vtt',
    async fault(source, path) {
      const start = (await readStart(source, path, 64)).toString('utf8')
      return /^\uFEFF?WEBVTT(?:[ \t\r\n]|$)/.test(start) ? null : 'is not WebVTT'
    },
  },
  {
    path: 'annotations.jsonl',
    async fault(source, path) {
      let number = 0
      for await (const line of linesOf(source, path)) {
        number += 1
        if (line === null) return `has a line ${number} of more than a megabyte`
        const parsed = parseDocument(line)
        if ('fault' in parsed) return `has a line ${number} that ${parsed.fault}`
        if (!z.looseObject({ kind: z.string() }).safeParse(parsed.value).success) {
          return `has a line ${number} that is not an annotation`
        }
      }
      return null
    },
  },
]
