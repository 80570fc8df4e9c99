/** What an explorer of a chain can show. */
export type Shown =
  | { readonly kind: 'transaction'; readonly hash: string }
  | { readonly kind: 'work'; readonly contract: string; readonly tokenId: string }

/** The address of a transaction or a work on the explorer of its network; null for what is none, or not over https. */
export function explorerAddress(explorer: string | null, shown: Shown): string | null {
  if (explorer === null || URL.parse(explorer)?.protocol !== 'https:') return null
  if (shown.kind === 'transaction') return isHex(shown.hash, 64) ? `${explorer}/tx/${shown.hash}` : null
  if (!isHex(shown.contract, 40) || !isHex(shown.tokenId, 64)) return null
  return `${explorer}/nft/${shown.contract}/${BigInt(shown.tokenId)}`
}

const isHex = (text: string, digits: number): boolean => new RegExp(`^0x[0-9a-fA-F]{${digits}}$`).test(text)
