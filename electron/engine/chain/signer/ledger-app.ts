/**
 * The Ethereum application of a Ledger device, by its published commands (APDU): it returns an address, and signs what
 * the user confirms on its own screen. Its key never leaves it.
 */
import { Signature, TypedDataEncoder, getAddress } from 'ethers'
import { AsterismError } from '../../../../shared/errors.ts'
import { refuse } from './description.ts'
import type { HeldKey, ToSign } from './held-key.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'

export interface LedgerTransport {
  /** One command, one answer with its status of two bytes at the end. */
  exchange(command: Uint8Array): Promise<Uint8Array>
  close(): Promise<void>
}

const CLASS = 0xe0
const [GET_ADDRESS, SIGN_TRANSACTION, SIGN_MESSAGE, SIGN_TYPED_DATA] = [0x02, 0x04, 0x08, 0x0c]
const [FIRST, MORE] = [0x00, 0x80]
/** Chunk size of the maker's own library, below the 255 that a command can hold. */
const CHUNK_BYTES = 150
const HARDENED = 0x8000_0000
const SIGNATURE_BYTES = 65

const REFUSALS: Readonly<Record<number, readonly [what: Saying, fix: Saying]>> = {
  0x6985: [say('signing.deviceDeclined'), say('signing.fix.agreeThere')],
  0x6982: [say('signing.deviceLocked'), say('signing.fix.pin')],
  0x5515: [say('signing.deviceLocked'), say('signing.fix.pin')],
  0x6a80: [say('signing.deviceBlind'), say('signing.fix.blind')],
  0x6d00: [say('signing.deviceOther'), say('signing.fix.openThere')],
  0x6e00: [say('signing.deviceOther'), say('signing.fix.openThere')],
  0x6511: [say('signing.deviceNone'), say('signing.fix.openThere')],
}

/** The path of the n-th account, as the maker's programs count them. */
export const ledgerPath = (index: number): string => `44'/60'/${index}'/0/0`

function pathBytes(path: string): Buffer {
  const steps = path.split('/').map((step) => {
    const found = /^(\d{1,10})('?)$/.exec(step)
    const value = Number(found?.[1]) + (found?.[2] ? HARDENED : 0)
    if (!found || value > 0xffff_ffff) throw new AsterismError('bad_input', say('signing.noPath', { path }))
    return value
  })
  const bytes = Buffer.alloc(1 + 4 * steps.length)
  bytes[0] = steps.length
  steps.forEach((step, n) => bytes.writeUInt32BE(step, 1 + 4 * n))
  return bytes
}

async function ask(transport: LedgerTransport, instruction: number, first: number, data: Buffer): Promise<Buffer> {
  const head = Buffer.of(CLASS, instruction, first, 0, data.length)
  const answer = Buffer.from(await transport.exchange(Buffer.concat([head, data])))
  if (answer.length < 2) throw new AsterismError('tool_failed', say('signing.deviceGarbled'))
  const status = answer.readUInt16BE(answer.length - 2)
  if (status === 0x9000) return answer.subarray(0, -2)
  const known = REFUSALS[status]
  return refuse(known?.[0] ?? say('signing.deviceStatus', { status: status.toString(16).padStart(4, '0') }), known?.[1])
}

/** Sends what is longer than one command in pieces; the answer to the last counts. */
async function askInPieces(transport: LedgerTransport, instruction: number, data: Buffer): Promise<Buffer> {
  let answer = await ask(transport, instruction, FIRST, data.subarray(0, CHUNK_BYTES))
  for (let at = CHUNK_BYTES; at < data.length; at += CHUNK_BYTES) {
    answer = await ask(transport, instruction, MORE, data.subarray(at, at + CHUNK_BYTES))
  }
  return answer
}

/** The account of a path; with `shown` the device shows it and waits for the person. */
export async function ledgerAddress(transport: LedgerTransport, path: string, shown = false): Promise<string> {
  const answer = await ask(transport, GET_ADDRESS, shown ? 1 : 0, pathBytes(path))
  // Length and public key, length and address in letters.
  const at = 1 + (answer[0] ?? 0)
  const text = answer.subarray(at + 1, at + 1 + (answer[at] ?? 0)).toString('latin1')
  if (!/^[0-9a-fA-F]{40}$/.test(text)) throw new AsterismError('tool_failed', say('signing.deviceNoAddress'))
  return getAddress(`0x${text}`)
}

/** v, r and s as the device orders them. */
function signatureOf(answer: Buffer): string {
  if (answer.length < SIGNATURE_BYTES) throw new AsterismError('tool_failed', say('signing.deviceUnsigned'))
  const hex = (from: number): string => `0x${answer.subarray(from, from + 32).toString('hex')}`
  const yParity = answer[0]! < 27 ? answer[0]! & 1 : (answer[0]! - 27) & 1
  return Signature.from({ r: hex(1), s: hex(33), yParity: yParity === 0 ? 0 : 1 }).serialized
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex.slice(2), 'hex')

/** @param open a fresh connection for each signature: devices are pulled out and plugged in between. */
export function ledgerKey(open: () => Promise<LedgerTransport>, path: string): HeldKey {
  return {
    async sign(what) {
      const transport = await open()
      try {
        return signatureOf(await signWith(transport, pathBytes(path), what))
      } finally {
        await transport.close()
      }
    },
    wipe: () => undefined,
  }
}

async function signWith(transport: LedgerTransport, path: Buffer, what: ToSign): Promise<Buffer> {
  switch (what.kind) {
    case 'transaction': {
      const unsigned = bytesOf(what.transaction.unsignedSerialized)
      return await askInPieces(transport, SIGN_TRANSACTION, Buffer.concat([path, unsigned]))
    }
    case 'typed-data': {
      const domain = bytesOf(TypedDataEncoder.hashDomain(what.data.domain))
      const message = bytesOf(TypedDataEncoder.from(what.types).hash(what.data.message))
      return await ask(transport, SIGN_TYPED_DATA, FIRST, Buffer.concat([path, domain, message]))
    }
    case 'message': {
      const text = Buffer.from(what.text, 'utf8')
      const length = Buffer.alloc(4)
      length.writeUInt32BE(text.length)
      return await askInPieces(transport, SIGN_MESSAGE, Buffer.concat([path, length, text]))
    }
  }
}
