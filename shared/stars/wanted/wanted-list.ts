/**
 * A wanted list: what a lab looks for, in its own words. A JSON file
 * `{format: "wanted-list", version: 1, id, title, by?, needs: [{id?, text?, examples?, modalities?, seconds?, weight?}]}`,
 * where an example is `{text}`, `{picture: FILE}` beside the list, or `{vector, encoder: {id, sha256}}`. What else stands in
 * it (a budget, a licence, a signature) concerns others and is left alone.
 */
import { z } from 'zod'
import { AsterismError } from '../../errors.ts'
import { say } from '../../sayings/saying.ts'

/** Limits of a list; beyond them it is refused. */
export const WANTED_LIMITS = { bytes: 4_000_000, needs: 100, examples: 32 } as const

/** What can be asked of a recording. */
const WANTED_SENSES = ['picture', 'sound', 'words', 'motion', 'scan'] as const
export type WantedSense = (typeof WANTED_SENSES)[number]

/** Words that labs use for the same. */
const SENSE_OF: Readonly<Record<string, WantedSense>> = {
  picture: 'picture',
  image: 'picture',
  video: 'picture',
  sound: 'sound',
  audio: 'sound',
  speech: 'sound',
  words: 'words',
  text: 'words',
  captions: 'words',
  commentary: 'words',
  transcript: 'words',
  motion: 'motion',
  imu: 'motion',
  pose: 'motion',
  poses: 'motion',
  scan: 'scan',
  depth: 'scan',
  points: 'scan',
  mesh: 'scan',
  splats: 'scan',
}

const text = z.string().trim().min(1).max(2000)

const senseSchema = z.string().transform((name, context): WantedSense => {
  const sense = SENSE_OF[name.toLowerCase()]
  if (sense) return sense
  context.addIssue({ code: 'custom', message: `"${name}" is none of ${Object.keys(SENSE_OF).join(', ')}` })
  return z.NEVER
})

const exampleSchema = z.union([
  z.looseObject({ text }),
  z.looseObject({ picture: text }),
  z.looseObject({
    vector: z.array(z.number()).min(1).max(4096),
    encoder: z.looseObject({ id: text, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  }),
])

const needSchema = z.preprocess(
  (given) => (typeof given === 'string' ? { text: given } : given),
  z
    .looseObject({
      id: text.optional(),
      text: text.optional(),
      examples: z.array(exampleSchema).max(WANTED_LIMITS.examples).default([]),
      modalities: z.array(senseSchema).default([]),
      /** How much of it is wanted. */
      seconds: z.number().positive().max(1e7).optional(),
      weight: z.number().positive().max(1e6).default(1),
    })
    .refine((need) => need.text !== undefined || need.examples.length > 0 || need.modalities.length > 0, {
      message: 'asks for nothing: it has no text, no examples and no modalities',
    }),
)

const listSchema = z.looseObject({
  format: z.literal('wanted-list').optional(),
  version: z.literal(1).optional(),
  id: text.optional(),
  title: text.optional(),
  by: text.optional(),
  needs: z.array(needSchema).min(1).max(WANTED_LIMITS.needs),
})

export interface WantedNeed {
  readonly id: string
  /** What is asked for, as people read it. */
  readonly text: string
  /** Sentences that say it: its text and the texts of its examples. */
  readonly sentences: readonly string[]
  readonly pictures: readonly string[]
  readonly vectors: readonly { readonly vector: readonly number[]; readonly encoder: string }[]
  readonly senses: readonly WantedSense[]
  readonly seconds: number | null
  readonly weight: number
}

export interface WantedList {
  readonly id: string
  readonly title: string
  readonly by: string | null
  readonly needs: readonly WantedNeed[]
}

function needOf(need: z.infer<typeof needSchema>, at: number): WantedNeed {
  const examples = need.examples
  const texts = examples.flatMap((example) => ('text' in example ? [example.text as string] : []))
  const senses = [...new Set(need.modalities)]
  return {
    id: need.id ?? `need-${at + 1}`,
    text: need.text ?? texts[0] ?? (examples.length > 0 ? 'as its examples show' : senses.join(', ')),
    sentences: need.text === undefined ? texts : [need.text, ...texts],
    pictures: examples.flatMap((example) => ('picture' in example ? [example.picture as string] : [])),
    vectors: examples.flatMap((example) =>
      'vector' in example
        ? [{ vector: example.vector as number[], encoder: (example.encoder as { sha256: string }).sha256 }]
        : [],
    ),
    senses,
    seconds: need.seconds ?? null,
    weight: need.weight,
  }
}

const signedNeedSchema = z.looseObject({
  id: text,
  title: text.optional(),
  text: text.optional(),
  note: z.string().default(''),
  sensors: z.array(z.string()).default([]),
  least_seconds: z.number().default(0),
})
/** Of a list with its issuer's signature, as the Ledger takes them in. */
export const SIGNED_LIST_FORMAT = 'asterism-list-1'
const signedSchema = z.looseObject({
  format: z.literal(SIGNED_LIST_FORMAT),
  kind: z.literal('wanted'),
  issuer: text,
  content: z.looseObject({ title: text, needs: z.array(signedNeedSchema) }),
})

/**
 * A list as the Ledger takes it in, signed by the lab's account, in the form that is read here; anything else as it is. The
 * signature was checked by whoever read the file, budget and licences are the Ledger's to hold against: here it is words, senses, length.
 */
function unwrapped(value: unknown): unknown {
  const signed = signedSchema.safeParse(value)
  if (!signed.success) return value
  const { issuer, content } = signed.data
  return {
    id: content.title,
    title: content.title,
    by: issuer,
    // What a need says in the words of this form counts as it stands; the rest is said in them.
    needs: content.needs.map(({ title, note, sensors, least_seconds, examples = [], ...need }) => ({
      ...(title === undefined ? {} : { text: title }),
      modalities: sensors.filter((sensor) => SENSE_OF[sensor.toLowerCase()]),
      ...(least_seconds > 0 ? { seconds: least_seconds } : {}),
      ...need,
      examples:
        note.trim() === '' || !Array.isArray(examples) ? examples : [...(examples as unknown[]), { text: note }],
    })),
  }
}

/** Reads a list that was parsed from JSON. @throws AsterismError `unsupported_format`, `bad_input` with the place. */
export function parseWantedList(given: unknown): WantedList {
  const value = unwrapped(given)
  const head = typeof value === 'object' && value !== null ? (value as { format?: unknown; version?: unknown }) : {}
  if (head.format !== undefined && head.format !== 'wanted-list')
    throw new AsterismError('unsupported_format', say('wanted.none'))
  if (head.version !== undefined && head.version !== 1)
    throw new AsterismError('unsupported_format', say('wanted.otherVersion', { version: JSON.stringify(head.version) }))
  const parsed = listSchema.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const [place, what] = [issue.path.join('.'), issue.message]
    const why = place === '' ? say('wanted.malformed', { what }) : say('wanted.malformedAt', { place, what })
    throw new AsterismError('bad_input', why)
  }
  const { id, title, by, needs } = parsed.data
  const named = needs.map(needOf)
  if (new Set(named.map((need) => need.id)).size < named.length)
    throw new AsterismError('bad_input', say('wanted.sameId'))
  return { id: id ?? title ?? 'wanted-list', title: title ?? id ?? 'Wanted list', by: by ?? null, needs: named }
}
