/** Commands to a Ledger device over USB: packets of 64 bytes, numbered, on one channel. */
import { AsterismError } from '../../../../shared/errors.ts'
import type { LedgerTransport } from './ledger-app.ts'
import { say } from '../../../../shared/sayings/saying.ts'

const VENDOR = 0x2c97
const USAGE_PAGE = 0xffa0
const PACKET_BYTES = 64
const CHANNEL = 0x0101
const TAG = 0x05
/** Channel, tag, number. */
const HEAD_BYTES = 5
/** A person reads the screen of the device meanwhile. */
const ANSWER_MILLISECONDS = 180_000

/** Packets in and out of a device. */
export interface PacketDevice {
  write(packet: Buffer): Promise<unknown>
  /** Undefined when nothing came in time. */
  read(timeoutMilliseconds: number): Promise<Uint8Array | undefined>
  close(): Promise<void>
}

export function packetsOf(command: Uint8Array): Buffer[] {
  const data = Buffer.alloc(2 + command.length)
  data.writeUInt16BE(command.length)
  data.set(command, 2)
  const packets: Buffer[] = []
  for (let at = 0; at < data.length; at += PACKET_BYTES - HEAD_BYTES) {
    const packet = Buffer.alloc(PACKET_BYTES)
    packet.writeUInt16BE(CHANNEL)
    packet[2] = TAG
    packet.writeUInt16BE(packets.length, 3)
    data.copy(packet, HEAD_BYTES, at)
    packets.push(packet)
  }
  return packets
}

/** Commands over packets. */
export function ledgerOver(device: PacketDevice): LedgerTransport {
  return {
    async exchange(command) {
      // Zero is the number of the report, which devices with one kind of report leave out.
      for (const packet of packetsOf(command)) await device.write(Buffer.concat([Buffer.of(0), packet]))
      return await answerOf(device)
    },
    close: () => device.close(),
  }
}

async function answerOf(device: PacketDevice): Promise<Buffer> {
  const parts: Buffer[] = []
  let wanted = Number.POSITIVE_INFINITY
  for (let number = 0, have = 0; have < wanted; number++) {
    const came = await device.read(ANSWER_MILLISECONDS)
    if (came === undefined) throw new AsterismError('timeout', say('signing.deviceLate'))
    const packet = Buffer.from(came)
    const isNext = packet.length > 7 && packet.readUInt16BE(0) === CHANNEL && packet[2] === TAG
    if (!isNext || packet.readUInt16BE(3) !== number) {
      throw new AsterismError('tool_failed', say('signing.deviceGarbled'), { fix: say('signing.fix.plugAgain') })
    }
    if (number === 0) wanted = packet.readUInt16BE(5)
    const part = packet.subarray(number === 0 ? HEAD_BYTES + 2 : HEAD_BYTES)
    parts.push(part)
    have += part.length
  }
  return Buffer.concat(parts).subarray(0, wanted)
}

/** The one device that is plugged in. @throws AsterismError `not_found`, `tool_missing`. */
export async function openLedger(): Promise<LedgerTransport> {
  const hid = await import('node-hid').catch((cause: unknown) => {
    throw new AsterismError('tool_missing', say('signing.usbUnreachable'), {
      fix: say('signing.fix.installAgain'),
      cause,
    })
  })
  const devices = (await hid.devicesAsync(VENDOR, 0)).filter(
    ({ path, usagePage, interface: number }) => path !== undefined && (usagePage === USAGE_PAGE || number === 0),
  )
  const path = devices[0]?.path
  if (path === undefined) {
    throw new AsterismError('not_found', say('signing.noLedger'), {
      fix: say('signing.fix.plugIn'),
    })
  }
  if (new Set(devices.map((each) => each.path)).size > 1) {
    throw new AsterismError('bad_input', say('signing.severalLedgers'), { fix: say('signing.fix.leaveOne') })
  }
  const device = await hid.HIDAsync.open(path).catch((cause: unknown) => {
    throw new AsterismError('tool_failed', say('signing.ledgerBusy'), {
      fix: say('signing.fix.closeOthers'),
      cause,
    })
  })
  return ledgerOver(device)
}
