/** Keys held by a device or another wallet, and how to reach them. */
import { frameAddress, frameKey, FRAME_URL } from './frame-wallet.ts'
import type { HeldKey } from './held-key.ts'
import { ledgerAddress, ledgerKey, type LedgerTransport } from './ledger-app.ts'
import { openLedger } from './ledger-hid.ts'
import type { Device } from './protocol.ts'

export interface Connections {
  openLedger(): Promise<LedgerTransport>
  readonly frameUrl: string
}

export const connectionsHere: Connections = { openLedger, frameUrl: FRAME_URL }

/** The account of a device, shown on its screen if possible. */
export async function addressOf(connections: Connections, device: Device): Promise<string> {
  if (device.kind === 'frame') return await frameAddress(connections.frameUrl)
  const transport = await connections.openLedger()
  try {
    return await ledgerAddress(transport, device.path, true)
  } finally {
    await transport.close()
  }
}

export function connectedKey(connections: Connections, device: Device, address: string): HeldKey {
  return device.kind === 'frame'
    ? frameKey(connections.frameUrl, address)
    : ledgerKey(() => connections.openLedger(), device.path)
}
