/** Acts on a work on a chain other than minting, and their answers. */
import { z } from 'zod'
import { addressText, bytes32, wei } from './chain-basics.ts'
import { fileToken } from './file-token.ts'
import { sayingSchema } from '../sayings/saying-schema.ts'
import { signedVoucher } from './vouchers.ts'

/** A work by its collection and the sha-256 of its metadata. */
export const workReference = z.object({
  /** Null: the collection of the acting account. */
  collection: addressText.nullable(),
  tokenId: bytes32,
})
export type WorkReference = z.infer<typeof workReference>

const attestation = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('stars'),
    issuer: addressText,
    collection: addressText,
    tokenId: bytes32,
    milliStars: z.number().int().min(0).max(5_000),
    lowMilliStars: z.number().int().min(0).max(5_000),
    highMilliStars: z.number().int().min(0).max(5_000),
    /** Sha-256 of the valuation pack. */
    pack: bytes32,
    /** Unix time in seconds. */
    issuedAt: z.number().int().min(0),
  }),
  z.object({
    kind: z.literal('contribution'),
    issuer: addressText,
    collection: addressText,
    tokenId: bytes32,
    partsPerMillion: z.number().int().min(-1_000_000).max(1_000_000),
    model: z.string().min(1).max(128),
    benchmark: z.string().min(1).max(128),
    /** Sha-256 of the report on how it was measured; zero if there is none. */
    evidence: bytes32,
    issuedAt: z.number().int().min(0),
  }),
])
export type Attestation = z.infer<typeof attestation>

/** An attestation with the signature of its issuer: a file that a lab hands to a creator. */
export const signedAttestation = z.object({
  format: z.literal('asterism-attestation-1'),
  network: z.string(),
  chain_id: z.number().int(),
  registry: addressText,
  attestation,
  digest: bytes32,
  signature: z.string().regex(/^0x([0-9a-f]{2})*$/),
})
export type SignedAttestation = z.infer<typeof signedAttestation>

const offerTerms = z.object({
  kind: z.enum(['sale', 'auction', 'lease']),
  priceWei: wei,
  spanSeconds: z.number().int().min(0),
  mostPeriods: z.number().int().min(0).max(65_535),
  only: addressText.nullable(),
})

export const royaltyBasisPoints = z.number().int().min(0).max(1_000)

export const chainAct = z.discriminatedUnion('act', [
  z.object({ act: z.literal('offer'), work: workReference, terms: offerTerms }),
  z.object({ act: z.literal('cancel'), work: workReference }),
  z.object({ act: z.literal('buy'), work: workReference }),
  z.object({ act: z.literal('bid'), work: workReference, amountWei: wei }),
  z.object({ act: z.literal('settle'), work: workReference }),
  z.object({ act: z.literal('withdraw') }),
  z.object({ act: z.literal('grant'), work: workReference, user: addressText, expires: z.number().int().min(1) }),
  z.object({ act: z.literal('rent'), work: workReference, periods: z.number().int().min(1).max(65_535) }),
  z.object({ act: z.literal('collect'), work: workReference }),
  z.object({ act: z.literal('endLease'), work: workReference }),
  z.object({ act: z.literal('transfer'), work: workReference, to: addressText }),
  z.object({ act: z.literal('publish'), signed: signedAttestation }),
  z.object({ act: z.literal('revoke'), digest: bytes32 }),
  z.object({ act: z.literal('deploy') }),
  z.object({ act: z.literal('openCollection'), royaltyBasisPoints }),
  z.object({ act: z.literal('mintBatch'), tokenIds: z.array(bytes32).min(1).max(200), royaltyBasisPoints }),
  z.object({ act: z.literal('redeem'), signed: signedVoucher }),
  z.object({ act: z.literal('withdrawVouchers') }),
  z.object({
    act: z.literal('setRoyalty'),
    /** Null: that of the account. Another account's is refused. */
    collection: addressText.nullable(),
    /** Null: the account itself. */
    receiver: addressText.nullable(),
    royaltyBasisPoints,
  }),
])
export type ChainAct = z.infer<typeof chainAct>
export type ActName = ChainAct['act']

const toldReason = z.object({ reason: z.string(), said: sayingSchema.optional() })

export const actAnswer = z.object({
  act: z.string(),
  network: z.string(),
  account: z.string(),
  contract: z.string().nullable(),
  token_id: z.string().nullable(),
  /** Null in a dry run, and if nothing had to be done. */
  transaction: z.string().nullable(),
  gas_used: z.number(),
  fee_wei: z.string(),
  /** Value sent with the call. */
  value_wei: z.string(),
  already_done: z.boolean(),
  dry_run: z.boolean(),
  /** What a buyer takes over with the work, such as a lease that outlives the sale; empty for other acts. */
  warnings: z.array(toldReason),
  /** The terms for a buyer (price, royalty, leases, licence); for other acts, what else to know before signing. */
  terms: z.array(toldReason),
  owed_wei: z.string().nullable().describe('of a withdrawal: what the market owed before; null for other acts'),
  paid_out_wei: z
    .string()
    .nullable()
    .describe('of a withdrawal: what the market has paid, as its event tells; null in a dry run, and for other acts'),
})
export type ActAnswer = z.infer<typeof actAnswer>

export const chainActInput = z.object({
  network: z.string(),
  /** Which wallet; null: the only one, or the practice account. */
  account: addressText.nullable(),
  act: chainAct,
  dryRun: z.boolean(),
  /** metadata.json of the work or the folder of its package, if the caller has it: it names the licence. */
  metadata: fileToken.nullable().optional(),
})
export const attestInput = z.object({ network: z.string(), account: addressText.nullable(), attestation })

export const ledgerInput = z.object({ network: z.string(), account: addressText.nullable() })

export const networksAnswer = z.object({
  networks: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      /** A network on which nothing of value can be lost. */
      practice: z.boolean(),
      /** An RPC address is known, or none is needed. */
      ready: z.boolean(),
      main: z.boolean().describe('money of value moves there'),
      explorer: z.string().nullable().describe('where its transactions are looked at in a browser'),
      nodes: z.array(z.string()).describe('scheme and host of what is asked there'),
      quorum: z.number().int().describe('how many of them must say the same'),
    }),
  ),
})
/** Empty: the network is forgotten. */
export const nameNodesInput = z.object({
  network: z.string(),
  urls: z.array(z.string().max(2_000)).max(16),
  quorum: z.number().int().min(1).max(16).nullable(),
})
export type NetworksAnswer = z.infer<typeof networksAnswer>

/** Also stands for every later time, since contracts accept times beyond what dates can express. */
export const ENDLESS = '9999-12-31T23:59:59.000Z'
const leaseState = z.object({ user: z.string(), expires: z.string().describe(`${ENDLESS}: without end`) })
const offerState = z.object({
  kind: z.enum(['sale', 'auction', 'lease']),
  seller: z.string(),
  price_wei: z.string(),
  span_s: z.number(),
  most_periods: z.number(),
  only: z.string().nullable(),
  highest_bid_wei: z.string().nullable(),
  highest_bidder: z.string().nullable(),
  ends: z.string().nullable(),
})

/** What became of works: a report over events that are kept in the project file. */
export const ledgerAnswer = z.object({
  network: z.string(),
  account: z.string().nullable(),
  indexed_to_block: z.number().int(),
  others_unread: z.boolean().describe('the node does not tell of events by account: works of others are missing'),
  unproven_start_block: z
    .number()
    .int()
    .nullable()
    .describe(
      'where reading began on the word of networks.json alone, if the node could not show that nothing was before',
    ),
  works: z.array(
    z.object({
      contract: z.string(),
      token_id: z.string(),
      /** Its title on this machine; null if it was not packed here. */
      title: z.string().nullable(),
      replaced_by: z
        .string()
        .nullable()
        .describe('the work of this ledger that replaces it, where that was packed on this machine'),
      came: z
        .enum(['minted', 'bought', 'given', 'bid', 'leased'])
        .describe(
          'how it came into this ledger: own collections; a sale or a voucher; sent by others, asked for or not',
        ),
      owner: z.string(),
      minted_transaction: z.string(),
      stars: z.array(
        z.object({
          issuer: z.string(),
          stars: z.number(),
          low: z.number(),
          high: z.number(),
          pack: z.string(),
          digest: z.string(),
          revoked: z.boolean(),
        }),
      ),
      contributions: z.array(
        z.object({
          issuer: z.string(),
          percent: z.number(),
          parts_per_million: z.number(),
          model: z.string(),
          benchmark: z.string(),
          evidence: z.string().nullable(),
          digest: z.string(),
          revoked: z.boolean(),
          sentence: z.string(),
        }),
      ),
      royalty: z
        .object({ percent: z.number(), receiver: z.string() })
        .nullable()
        .describe('what its collection asks for of later sales'),
      collection_owner: z.string().nullable().describe('who may change what its collection asks for'),
      lease: leaseState.nullable(),
      rent: z
        .object({ lessor: z.string(), held_wei: z.string() })
        .nullable()
        .describe('what the market holds of a lease, until somebody has it handed on'),
      offer: offerState.nullable(),
      bids: z.array(z.object({ bidder: z.string(), amount_wei: z.string(), transaction: z.string() })),
      sales: z.array(
        z.object({
          seller: z.string(),
          buyer: z.string(),
          price_wei: z.string(),
          royalty_wei: z.string(),
          transaction: z.string(),
        }),
      ),
    }),
  ),
  /** What the market has credited the account with for these works, in total. */
  income: z.object({
    sales_wei: z.string(),
    royalties_wei: z.string(),
    rent_wei: z.string(),
    total_wei: z.string(),
    /** What it can withdraw now. */
    owed_wei: z.string(),
  }),
})
export type LedgerAnswer = z.infer<typeof ledgerAnswer>
