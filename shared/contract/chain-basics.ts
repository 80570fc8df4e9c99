/** Values of a chain as text. */
import { z } from 'zod'

export const addressText = z.string().regex(/^0x[0-9a-fA-F]{40}$/)
export const bytes32 = z.string().regex(/^0x[0-9a-fA-F]{64}$/)
/** Decimal digits: wei do not fit into a JSON number. */
export const wei = z.string().regex(/^\d{1,40}$/)
