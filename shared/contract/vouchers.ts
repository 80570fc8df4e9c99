/** A voucher: a creator hands it to a buyer, who mints with it. */
import { z } from 'zod'
import { addressText, bytes32, wei } from './chain-basics.ts'
import { fileToken } from './file-token.ts'

export const signedVoucher = z.object({
  format: z.literal('asterism-voucher-1'),
  network: z.string(),
  chain_id: z.number().int(),
  collection: addressText,
  voucher: z.object({
    tokenId: bytes32,
    buyer: addressText,
    price: wei,
    validUntil: z.number().int().min(0),
    series: wei,
  }),
  signature: z.string().regex(/^0x([0-9a-f]{2})*$/),
})
export type SignedVoucher = z.infer<typeof signedVoucher>

/** What the network adds to the bytes of a voucher; null throughout if it could not be asked. */
const voucherStanding = z.object({
  withdrawn: z.boolean().nullable().describe('by its creator: it counts no longer'),
  minted: z
    .boolean()
    .nullable()
    .describe('the work has been, with this voucher or without: it can be redeemed no more'),
  unread: z.string().nullable().describe('why neither was looked at; null where both were'),
})
export type VoucherStanding = z.infer<typeof voucherStanding>
export const verifiedVoucher = signedVoucher.extend(voucherStanding.shape)
export type VerifiedVoucher = z.infer<typeof verifiedVoucher>

export const voucherInput = z.object({
  network: z.string(),
  account: addressText.nullable(),
  /** Of the work, looked at before it is offered; null where only its id is known. */
  package: fileToken.nullable().default(null),
  /** Null: of the package, or of the open project's own where none is named. */
  tokenId: bytes32.nullable(),
  priceWei: wei,
  buyer: addressText.nullable(),
  validUntil: z.number().int().min(1),
})
