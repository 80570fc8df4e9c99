/**
 * `metadata.json`: what a token says of itself (ERC-721, in the members that markets read). The token's id is the
 * sha-256 of these bytes, so they are canonical (RFC 8785), name the creator, and never change.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ContentAddress } from '../content/unixfs.ts'
import { SEALED_SCHEME } from '../sealed/scheme.ts'
import { canonicalJson, type Json } from './canonical-json.ts'

/** Above one chunk the file's CID is no longer the plain digest that `tokenURI` is made of. */
export const MAX_METADATA_BYTES = 1 << 20

export interface MetadataLink {
  readonly path: string
  readonly address: ContentAddress
  readonly mediaType: string
  readonly bytes: number
}

export interface MetadataInput {
  readonly name: string
  readonly description: string
  readonly creatorName: string
  readonly creatorAddress: string | null
  readonly supersedes: string | null
  readonly licence: string | null
  readonly trainingUse: string
  readonly sensors: readonly string[]
  readonly durationSeconds: number | null
  readonly poster: MetadataLink | null
  readonly preview: MetadataLink | null
  /** The key that opens the recordings, as an age recipient; null where they lie open. */
  readonly sealedFor: string | null
  /** Recordings (a capture folder counts as one) and the files that describe them. */
  readonly files: readonly MetadataLink[]
}

function uri(link: MetadataLink): string {
  return `ipfs://${link.address.cid.toString()}`
}

function attributes(input: MetadataInput): Json[] {
  return [
    { trait_type: 'Senses', value: input.sensors.join(', ') },
    ...(input.durationSeconds === null
      ? []
      : [
          {
            trait_type: 'Duration',
            display_type: 'number',
            value: Math.round(input.durationSeconds * 1000) / 1000,
          },
        ]),
    { trait_type: 'Licence', value: input.licence ?? 'none' },
    { trait_type: 'AI training', value: input.trainingUse },
  ]
}

/** The bytes of metadata.json. @throws AsterismError `too_large` when a token could not name it by its digest. */
export function metadataBytes(input: MetadataInput): Buffer {
  const text = canonicalJson({
    name: input.name,
    description: input.description,
    image: input.poster === null ? undefined : uri(input.poster),
    animation_url: input.preview === null ? undefined : uri(input.preview),
    attributes: attributes(input),
    properties: {
      creator: { name: input.creatorName, address: input.creatorAddress },
      licence: input.licence,
      training_use: input.trainingUse,
      supersedes: input.supersedes,
      sealed: input.sealedFor === null ? undefined : { scheme: SEALED_SCHEME, recipient: input.sealedFor },
      files: input.files.map((link) => ({
        path: link.path,
        uri: uri(link),
        type: link.mediaType,
        bytes: link.bytes,
      })),
    },
  })
  const bytes = Buffer.from(text)
  if (bytes.length > MAX_METADATA_BYTES) {
    throw new AsterismError('too_large', say('package.longDescription', { bytes: String(bytes.length) }), {
      fix: say('package.fix.longDescription'),
    })
  }
  return bytes
}

/** What croissant.json, where a creator is required, says of one who is not named. */
export const CREATOR_NOT_NAMED = 'not named'

const party = z.looseObject({
  name: z.string(),
  address: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .nullable(),
})

/** What it must be for whoever reads it. */
export const metadataSchema = z.looseObject({
  name: z.string(),
  description: z.string(),
  image: z.string().optional(),
  animation_url: z.string().optional(),
  attributes: z.array(
    z.looseObject({
      trait_type: z.string(),
      value: z.union([z.string(), z.number()]),
    }),
  ),
  properties: z.looseObject({
    creator: party,
    licence: z.string().nullable(),
    training_use: z.string(),
    supersedes: z.string().nullable(),
    sealed: z.looseObject({ scheme: z.literal(SEALED_SCHEME), recipient: z.string() }).optional(),
    files: z.array(
      z.looseObject({
        path: z.string(),
        uri: z.string(),
        bytes: z.number(),
        type: z.string(),
      }),
    ),
  }),
})

/** The token's id: the sha-256 of metadata.json, `0x` and 64 hexadecimal digits. */
export function tokenIdOf(metadata: Uint8Array): string {
  return `0x${createHash('sha256').update(metadata).digest('hex')}`
}
