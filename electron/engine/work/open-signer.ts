import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { openSigner } from '../chain/wallet.ts'
import type { ChainSigner } from '../chain/chain-signer.ts'
import type { Session } from '../session.ts'

/** An account for a network, asked for through the host that carries this session. */
export async function openSessionSigner(
  { options: { home, host }, openWallets }: Session,
  networkId: string,
  address: string | null | undefined = null,
): Promise<ChainSigner> {
  return await openSigner({
    home,
    networkId,
    ...(address ? { address } : {}),
    spawn: host.spawnSigner,
    openWallets,
    confirmSigning: async (description, cancelled) => (await host.confirmSigning?.(description, cancelled)) ?? false,
    askPassphrase: async (account, cancelled) => {
      if (host.askPassphrase) return await host.askPassphrase(account, cancelled)
      throw new AsterismError('wallet_locked', say('signing.windowCannot'), {
        fix: say('signing.fix.commandLine'),
      })
    },
  })
}
