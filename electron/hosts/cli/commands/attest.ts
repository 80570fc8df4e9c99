import { z } from 'zod'
import {
  actAnswer,
  signedAttestation,
  type ActAnswer,
  type Attestation,
  type SignedAttestation,
} from '../../../../shared/contract/chain-acts.ts'
import { verifyAttestation } from '../../../engine/chain/attest.ts'
import { collectionAddress } from '../../../engine/chain/contracts.ts'
import {
  act,
  actReport,
  CHAIN_OPTIONS,
  CHAIN_USAGE,
  decimal,
  dispatch,
  keepSigned,
  networkOf,
  optional,
  optionalAddress,
  readSignedFile,
  text,
} from '../chain-command.ts'
import { defineCommand, UsageError, type CommandContext } from '../command.ts'
import { WORK_MEANS, workNamed } from '../work-argument.ts'

type Answer = ActAnswer | SignedAttestation
const ZERO = `0x${'00'.repeat(32)}`
const ZERO_ADDRESS = `0x${'00'.repeat(20)}`

function digestOption(context: CommandContext, name: string): string {
  const value = optional(context, name)
  if (value === null) return ZERO
  const digits = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(value)?.[1]
  if (!digits) throw new UsageError(`--${name} is not a sha-256 (64 hexadecimal digits)`)
  return `0x${digits.toLowerCase()}`
}

/** The work that is attested: in its creator's collection. */
async function subject(context: CommandContext) {
  const { collection, tokenId } = await workNamed(context.positionals[1])
  const creator = optionalAddress(context, 'creator')
  const named = collection ?? (creator === null ? null : collectionAddress(creator))
  if (named === null) throw new UsageError('--creator ADDRESS is missing, or name the work as COLLECTION/TOKEN_ID')
  return { collection: named, tokenId, issuer: ZERO_ADDRESS, issuedAt: Math.floor(Date.now() / 1000) }
}

async function sign(context: CommandContext, attestation: Attestation): Promise<SignedAttestation> {
  const input = { network: networkOf(context), account: optionalAddress(context, 'account'), attestation }
  const signed = await context.run('attest', input)
  keepSigned(context, signed)
  return signed
}

async function readAttestation(context: CommandContext): Promise<SignedAttestation> {
  const path = context.positionals[1]
  if (path === undefined) throw new UsageError('attest publish FILE, attest verify FILE')
  return verifyAttestation(await readSignedFile(path, 'an attestation'))
}

const milli = (stars: number): number => Math.round(stars * 1000)

const ACTIONS: Readonly<Record<string, (context: CommandContext) => Promise<Answer>>> = {
  async stars(context) {
    const stars = decimal(context, 'stars', 'from 0 to 5')
    const [low, high] = ['low', 'high'].map((name) =>
      context.options[name] === undefined ? stars : decimal(context, name, 'an end of the interval'),
    )
    if (!(low! >= 0 && low! <= stars && stars <= high! && high! <= 5)) {
      throw new UsageError('stars lie from 0 to 5, within --low and --high')
    }
    return await sign(context, {
      kind: 'stars',
      ...(await subject(context)),
      milliStars: milli(stars),
      lowMilliStars: milli(low!),
      highMilliStars: milli(high!),
      pack: digestOption(context, 'pack'),
    })
  },
  async contribution(context) {
    const percent = decimal(context, 'percent', 'share of the score, as in 1.409')
    if (Math.abs(percent) > 100) throw new UsageError('--percent is at most 100')
    return await sign(context, {
      kind: 'contribution',
      ...(await subject(context)),
      partsPerMillion: Math.round(percent * 10_000),
      model: text(context, 'model', 'name and version of the model'),
      benchmark: text(context, 'benchmark', 'name and version of the benchmark'),
      evidence: digestOption(context, 'evidence'),
    })
  },
  verify: readAttestation,
  publish: async (context) => await act(context, { act: 'publish', signed: await readAttestation(context) }),
  async revoke(context) {
    const named = context.positionals[1] ?? ''
    const digest = /^0x[0-9a-fA-F]{64}$/.test(named) ? named.toLowerCase() : (await readAttestation(context)).digest
    return await act(context, { act: 'revoke', digest })
  },
}

export const attestCommand = defineCommand<Answer>({
  usage: [
    'stars WORK --stars N [--low N --high N] [--pack SHA256] [--creator ADDRESS] [--out FILE]',
    'contribution WORK --percent N --model NAME --benchmark NAME [--evidence SHA256] [--creator ADDRESS] [--out FILE]',
    'verify|publish FILE',
    'revoke FILE|DIGEST',
  ],
  everyForm: CHAIN_USAGE,
  detail: `${WORK_MEANS} A lab signs stars or a contribution; the creator of the work publishes the attestation.`,
  positionals: [2, 2],
  options: {
    ...CHAIN_OPTIONS,
    creator: { type: 'string' },
    stars: { type: 'string' },
    low: { type: 'string' },
    high: { type: 'string' },
    pack: { type: 'string' },
    percent: { type: 'string' },
    model: { type: 'string' },
    benchmark: { type: 'string' },
    evidence: { type: 'string' },
    out: { type: 'string' },
  },
  answer: z.union([signedAttestation, actAnswer]),
  run: async (context) => ({ answer: await dispatch('attest', ACTIONS, context) }),
  report: (answer) =>
    'act' in answer
      ? actReport(answer)
      : [
          answer.attestation.kind === 'stars'
            ? `${answer.attestation.milliStars / 1000} stars`
            : `contributed ${answer.attestation.partsPerMillion / 10_000} % to ${answer.attestation.model}'s score on ${answer.attestation.benchmark}`,
          `work      ${answer.attestation.collection}/${answer.attestation.tokenId}`,
          `issuer    ${answer.attestation.issuer}`,
          `digest    ${answer.digest}`,
          `signature ${answer.signature}`,
        ],
})
