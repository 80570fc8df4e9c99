/** What a language owes to the English one. */
export type { Translation } from '../../../shared/sayings/saying.ts'
