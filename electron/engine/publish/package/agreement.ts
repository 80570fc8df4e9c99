/**
 * What the documents of a package say of the same thing must be the same: a manifest that was made anew over one that
 * was changed fits its bytes, and only the others still tell.
 */
import { z } from 'zod'
import { SEALED_NAME } from '../sealed/seal.ts'
import { CROISSANT_NAME } from './croissant-files.ts'
import { CREATOR_NOT_NAMED, metadataSchema } from './metadata.ts'

/** Documents as JSON; undefined for one that is missing or none, which is named elsewhere. */
export interface SpokenDocuments {
  readonly metadata: unknown
  readonly rights: unknown
  readonly croissant: unknown
  readonly sealed: unknown
  readonly manifest: unknown
}

interface Disagreement {
  readonly path: string
  readonly what: string
}

const party = z.looseObject({
  name: z.string(),
  address: z.string().nullable(),
})
const rightsSchema = z.looseObject({
  licence: z.looseObject({ spdx: z.string(), url: z.string() }).nullable(),
  training_mining: z.looseObject({
    entries: z.record(z.string(), z.looseObject({ use: z.string() })),
  }),
  creator: party,
  originality: z.looseObject({ declared: z.boolean() }),
  consents: z.looseObject({ complete: z.boolean() }),
})
export const croissantSchema = z.looseObject({
  name: z.string(),
  description: z.string(),
  license: z.string(),
  url: z.string(),
  datePublished: z.string(),
  creator: z.looseObject({ name: z.string() }),
})
const manifestSchema = z.looseObject({
  checks: z.array(z.looseObject({ id: z.string(), ok: z.boolean() })),
})
const sealedSchema = z.looseObject({ recipient: z.string() })

export const RIGHTS_NAME = 'rights.json'
const quoted = (value: string | null): string => (value === null ? 'none' : `"${value}"`)

/** Metadata.json is what a token is named by, so the others are held against it. */
export function disagreements(documents: SpokenDocuments): Disagreement[] {
  const metadata = metadataSchema.safeParse(documents.metadata)
  if (!metadata.success) return []
  const { creator, licence, training_use: use, sealed } = metadata.data.properties
  const found: Disagreement[] = []
  const croissant = croissantSchema.safeParse(documents.croissant)
  const compare = (path: string, subject: string, said: string | null, expected: string | null): void => {
    if (said === expected) return
    found.push({
      path,
      what: `names ${quoted(said)} as ${subject}, and metadata.json ${quoted(expected)}`,
    })
  }
  const rights = rightsSchema.safeParse(documents.rights)
  if (rights.success) {
    const { licence: granted, training_mining: training, creator: maker } = rights.data
    compare(RIGHTS_NAME, 'the licence', granted?.spdx ?? null, licence)
    compare(RIGHTS_NAME, 'the creator', maker.name, creator.name)
    compare(RIGHTS_NAME, 'the creator’s account', maker.address, creator.address)
    for (const [purpose, entry] of Object.entries(training.entries))
      compare(RIGHTS_NAME, `what ${purpose} may`, entry.use, use)
    if (croissant.success && granted !== null && croissant.data.license !== granted.url) {
      found.push({
        path: CROISSANT_NAME,
        what: `names ${quoted(croissant.data.license)} as the licence, and ${RIGHTS_NAME} ${quoted(granted.url)}`,
      })
    }
    found.push(...undeclared(rights.data, documents.manifest))
  }
  if (croissant.success) {
    compare(CROISSANT_NAME, 'the title', croissant.data.name, metadata.data.name)
    compare(CROISSANT_NAME, 'the description', croissant.data.description, metadata.data.description)
    compare(CROISSANT_NAME, 'the creator', croissant.data.creator.name, creator.name || CREATOR_NOT_NAMED)
  }
  // What a market shows of a token must be what its properties say.
  const shown = new Map(metadata.data.attributes.map(({ trait_type: trait, value }) => [trait, value]))
  const stated = { Licence: licence ?? 'none', 'AI training': use }
  for (const [trait, value] of Object.entries(stated)) {
    if (shown.get(trait) === value) continue
    found.push({
      path: 'metadata.json',
      what: `shows another ${trait} than its properties state`,
    })
  }
  const seal = sealedSchema.safeParse(documents.sealed)
  const recipient = seal.success ? seal.data.recipient : null
  compare(SEALED_NAME, 'the key of the recordings', recipient, sealed?.recipient ?? null)
  return found
}

/** Checks that the manifest says have passed, and that what was declared could not pass. */
function undeclared(rights: z.infer<typeof rightsSchema>, manifest: unknown): Disagreement[] {
  const held = manifestSchema.safeParse(manifest)
  const passed = new Set(held.data?.checks.filter(({ ok }) => ok).map(({ id }) => id))
  const declared = {
    original: rights.originality.declared,
    consent: rights.consents.complete,
  }
  const what = (id: string): string => `does not declare what the check "${id}" of manifest.json says it does`
  return Object.entries(declared)
    .filter(([id, isDeclared]) => passed.has(id) && !isDeclared)
    .map(([id]) => ({ path: RIGHTS_NAME, what: what(id) }))
}

/** The account that the package names as its creator; null where it names none. */
export function creatorAccount(metadata: unknown): string | null {
  const parsed = metadataSchema.safeParse(metadata)
  return parsed.success ? parsed.data.properties.creator.address : null
}
