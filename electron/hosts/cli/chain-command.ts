/** What commands that act on a chain share: options, amounts, and the report. */
import { parseEther, formatEther } from 'ethers'
import type { ActAnswer, ChainAct } from '../../../shared/contract/chain-acts.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { UsageError, type CommandContext } from './command.ts'
import { readNamedText, writeNewFile } from './named-files.ts'

export const CHAIN_OPTIONS = {
  network: { type: 'string' },
  account: { type: 'string' },
  'dry-run': { type: 'boolean' },
} as const
export const CHAIN_USAGE = '--network practice|NAME [--account ADDRESS] [--dry-run]'

export function text({ options }: CommandContext, name: string, what: string): string {
  const value = options[name]
  if (typeof value !== 'string') throw new UsageError(`--${name} is missing: ${what}`)
  return value
}

export const optional = ({ options }: CommandContext, name: string): string | null => {
  const value = options[name]
  return typeof value === 'string' ? value : null
}

function address(value: string, name: string): string {
  if (!/^0x[0-9a-fA-F]{40}$/.test(value)) throw new UsageError(`--${name} is not an address (0x and 40 digits)`)
  return value
}

export function addressOption(context: CommandContext, name: string, what: string): string {
  return address(text(context, name, what), name)
}

export function optionalAddress(context: CommandContext, name: string): string | null {
  const value = optional(context, name)
  return value === null ? null : address(value, name)
}

/** Ether as typed, in wei. */
export function ether(context: CommandContext, name: string): string {
  const value = text(context, name, 'an amount in ether, as in 0.05')
  if (!/^\d{1,9}(\.\d{1,18})?$/.test(value)) throw new UsageError(`--${name} is not an amount in ether, as in 0.05`)
  return parseEther(value).toString()
}

/** A number in decimal digits; an empty string, as from an unset shell variable, is none. */
export function decimal(context: CommandContext, name: string, what: string): number {
  const given = text(context, name, what)
  const value = Number(given)
  if (!/\d/.test(given) || /x/i.test(given) || !Number.isFinite(value))
    throw new UsageError(`--${name} is not a number`)
  return value
}

/** A positive number. */
export function number(context: CommandContext, name: string, what: string): number {
  const value = decimal(context, name, what)
  if (value <= 0) throw new UsageError(`--${name} is not a number above 0`)
  return value
}

/** In hundredths of a percent, as a collection keeps it. */
export function royalty(context: CommandContext): number | undefined {
  if (context.options['royalty'] === undefined) return undefined
  const percent = decimal(context, 'royalty', 'percent')
  if (percent < 0 || percent > 10) throw new UsageError('--royalty is a percentage from 0 to 10')
  const points = Math.round(percent * 100)
  if (Math.abs(points - percent * 100) > 1e-6)
    throw new UsageError('--royalty has two decimal places at most, as in 7.25')
  return points
}

export function networkOf(context: CommandContext): string {
  return text(context, 'network', 'practice, or the name of a network')
}

/** The package of the work to be bought; its metadata name the licence. */
function packageOf(context: CommandContext): string | null {
  const path = optional(context, 'package')
  return path === null ? null : context.file(path)
}

export async function act(context: CommandContext, what: ChainAct): Promise<ActAnswer> {
  let told = 0
  const input = {
    network: networkOf(context),
    account: optionalAddress(context, 'account'),
    act: what,
    dryRun: context.options['dry-run'] === true,
    metadata: packageOf(context),
  }
  return await context.run('chainAct', input, {
    // Shown before the question whether to sign.
    onProgress({ log }) {
      for (const line of log.slice(told)) context.say(`warning: ${line}`)
      told = log.length
    },
  })
}

const WORDS: Readonly<Record<string, string>> = {
  offer: 'offered in the market',
  cancel: 'taken back from the market',
  buy: 'bought',
  bid: 'bid',
  settle: 'settled',
  withdraw: 'withdrawn',
  grant: 'leased',
  rent: 'rented',
  collect: 'rent credited',
  endLease: 'given back',
  transfer: 'given away',
  publish: 'attestation published',
  revoke: 'attestation revoked',
  deploy: 'contracts deployed',
  openCollection: 'collection made',
  mintBatch: 'minted',
  redeem: 'minted with a voucher',
  withdrawVouchers: 'vouchers withdrawn',
  setRoyalty: 'royalty changed',
}

/** An account that was never owed anything has withdrawn nothing either. */
const NOTHING_TO_DO: Readonly<Record<string, string>> = { withdraw: 'The market owes this account nothing' }

export function actReport(answer: ActAnswer): string[] {
  const done = answer.already_done
    ? `${NOTHING_TO_DO[answer.act] ?? `${WORDS[answer.act]} already`}; nothing was done.`
    : `${answer.dry_run ? 'would be: ' : ''}${WORDS[answer.act]} on ${answer.network}`
  return [
    done,
    ...(answer.token_id ? [`token       ${answer.token_id}`] : []),
    ...(answer.contract ? [`collection  ${answer.contract}`] : []),
    `account     ${answer.account}`,
    ...(answer.value_wei === '0' ? [] : [`pays        ${formatEther(answer.value_wei)} ETH`]),
    ...(answer.paid_out_wei === null || answer.already_done
      ? []
      : [`paid out    ${formatEther(answer.paid_out_wei)} ETH to ${answer.account}`]),
    ...(answer.transaction ? [`transaction ${answer.transaction}`] : []),
    `gas         ${answer.gas_used} (fee ${formatEther(answer.fee_wei)} ETH)`,
    ...answer.terms.map(({ reason }) => `terms       ${reason}`),
    ...answer.warnings.map(({ reason }) => `warning     ${reason}`),
  ]
}

/** Runs the action that the first word names. */
export async function dispatch<A>(
  name: string,
  actions: Readonly<Record<string, (context: CommandContext) => Promise<A>>>,
  context: CommandContext,
): Promise<A> {
  const action = context.positionals[0]!
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (!run) throw new UsageError(`${name} ${Object.keys(actions).join(', ')}: one of these`)
  return await run(context)
}

export const DAY_SECONDS = 86_400

/** A span as typed in hours or days, in whole seconds. */
export function seconds(context: CommandContext, name: string, what: string, unitSeconds: number): number {
  const span = Math.round(number(context, name, what) * unitSeconds)
  if (span < 1 || !Number.isSafeInteger(span)) throw new UsageError(`--${name} is no span of seconds`)
  return span
}

/** A count that fits 16 bits, as in the contract. */
export function whole(context: CommandContext, name: string, what: string): number {
  const value = number(context, name, what)
  if (!Number.isInteger(value) || value > 65_535) throw new UsageError(`--${name} is not a whole number up to 65535`)
  return value
}

function bounded(time: number, name: string): number {
  if (Number.isSafeInteger(time) && time > 0) return time
  throw new UsageError(`--${name} is not a time that a chain knows`)
}

/** A date, or days from now, as a Unix time. Run again within a minute, it gives the same call. */
export function until(context: CommandContext): number {
  const date = context.options['until']
  if (typeof date !== 'string') {
    const now = Math.floor(Date.now() / 60_000) * 60
    return bounded(now + seconds(context, 'days', 'how long, or --until DATE', DAY_SECONDS), 'days')
  }
  const instant = Date.parse(date) / 1000
  if (!Number.isFinite(instant)) throw new UsageError('--until is not a date, as in 2027-03-31')
  return bounded(Math.floor(instant), 'until')
}

/** No signed file that is handed over is longer. */
const MOST_SIGNED_CHARACTERS = 65_536

/** A signed file as JSON. @param what it is, as in `an attestation` */
export async function readSignedFile(path: string, what: string): Promise<unknown> {
  const content = await readNamedText(path)
  if (content.length > MOST_SIGNED_CHARACTERS)
    throw new AsterismError('too_large', `This is too long for ${what}.`, { path })
  try {
    return JSON.parse(content) as unknown
  } catch (cause) {
    throw new AsterismError('corrupt_file', `This is not ${what} of Asterism.`, { path, cause })
  }
}

/** Writes a signed file where the user asked for it; an existing file is not overwritten. */
export function keepSigned(context: CommandContext, signed: unknown): void {
  const out = optional(context, 'out')
  if (out !== null) writeNewFile(out, `${JSON.stringify(signed, null, 2)}\n`)
}
