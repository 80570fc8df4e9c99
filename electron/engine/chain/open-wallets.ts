import type { SignerClient } from './signer/signer-client.ts'

/**
 * Unlocked wallets: the processes that hold their keys, which lock themselves after five idle minutes. Every signature
 * is still confirmed; only the pass phrase is not asked for again.
 */
export class OpenWallets {
  readonly #clients = new Map<string, SignerClient>()

  /** Null once it is locked. */
  of(address: string): SignerClient | null {
    const client = this.#clients.get(address)
    return client && !client.ended ? client : null
  }

  keep(address: string, client: SignerClient): void {
    this.#clients.set(address, client)
  }

  /** Wipes all keys. */
  async lock(): Promise<void> {
    const open = [...this.#clients.values()]
    this.#clients.clear()
    await Promise.all(open.map((client) => client.lock()))
  }
}
