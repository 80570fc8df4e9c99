/**
 * Signing in to a server (EIP-4361). The signed text is composed here from its parts (account, server, duration), so a
 * server cannot put words into it.
 */
import { hashMessage } from 'ethers'
import { z } from 'zod'
import type { SigningAccount } from './allowed-call.ts'
import { dateOf, describeSigning, refuse, type SigningDescription } from './description.ts'
import { state, STATEMENTS } from './statements.ts'
import { closing, judgeChain } from './transaction-policy.ts'
import { say } from '../../../../shared/sayings/saying.ts'

export const signInSchema = z.object({
  /** Host and port of the server, as in its address. */
  domain: z.string().max(255),
  /** What is signed in to. */
  uri: z.string().max(2048),
  chainId: z.number().int().positive(),
  /** Of the server, used once. */
  nonce: z.string().max(128),
  /** ISO 8601. */
  issuedAt: z.string().max(40),
  expirationTime: z.string().max(40),
})
export type SignIn = z.infer<typeof signInSchema>

/** Part of the text that is signed, so the same in every language. */
const SIGN_IN_STATEMENT = STATEMENTS.signIn
const LONGEST_SESSION_MILLISECONDS = 24 * 3600_000
/** Tolerated error of the server's clock or ours. */
const CLOCK_SKEW_MILLISECONDS = 10 * 60_000
/** RFC 3339, as `Date.toISOString` writes it. */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/

export interface JudgedSignIn {
  /** What is signed, 32 bytes as hexadecimal. */
  readonly digest: string
  readonly description: SigningDescription
}

/** The text of a sign-in for an account, as servers parse it. */
export function signInMessage(signIn: SignIn, address: string): string {
  return [
    `${signIn.domain} wants you to sign in with your Ethereum account:`,
    address,
    '',
    SIGN_IN_STATEMENT,
    '',
    `URI: ${signIn.uri}`,
    'Version: 1',
    `Chain ID: ${signIn.chainId}`,
    `Nonce: ${signIn.nonce}`,
    `Issued At: ${signIn.issuedAt}`,
    `Expiration Time: ${signIn.expirationTime}`,
  ].join('\n')
}

/** @throws AsterismError `signing_refused` with the reason. */
export function judgeSignIn(signIn: SignIn, account: SigningAccount, now: number = Date.now()): JudgedSignIn {
  const policy = judgeChain(BigInt(signIn.chainId), account)
  requireOwnAddress(signIn)
  if (!/^[A-Za-z0-9]{8,128}$/.test(signIn.nonce)) refuse(say('signing.signInNonce'))
  const [issued, expires] = [timeOf(signIn.issuedAt), timeOf(signIn.expirationTime)]
  if (Math.abs(issued - now) > CLOCK_SKEW_MILLISECONDS) refuse(say('signing.signInNow'))
  if (expires <= now) refuse(say('signing.signInOver'))
  if (expires - issued > LONGEST_SESSION_MILLISECONDS) refuse(say('signing.signInLong'))
  const until = dateOf(BigInt(Math.floor(expires / 1000)))
  return {
    digest: hashMessage(signInMessage(signIn, account.address)),
    description: describeSigning(
      state('signIn.title', { server: signIn.domain }),
      [state('signIn'), state('signIn.until', { date: until, server: signIn.domain })],
      [
        { name: state('field.kind'), value: state('field.signIn') },
        { name: state('field.statement'), value: SIGN_IN_STATEMENT },
        { name: state('field.server'), value: signIn.domain },
        { name: state('field.address'), value: signIn.uri },
        { name: state('field.chainId'), value: String(signIn.chainId) },
        { name: state('field.nonce'), value: signIn.nonce },
        { name: state('field.issued'), value: signIn.issuedAt },
        { name: state('field.expires'), value: signIn.expirationTime },
      ],
      closing(policy, account),
    ),
  }
}

/** The address must be on the named server, over an encrypted connection. */
function requireOwnAddress({ domain, uri }: SignIn): void {
  const address = URL.parse(uri)
  if (!address || address.href !== uri || address.username !== '' || address.password !== '') {
    return refuse(say('signing.signInAddress'))
  }
  if (address.host !== domain) refuse(say('signing.signInHost', { domain, host: address.host }))
  const isLoopback = /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(address.hostname)
  if (address.protocol !== 'https:' && !(address.protocol === 'http:' && isLoopback)) {
    refuse(say('signing.signInOpen'))
  }
}

function timeOf(text: string): number {
  const time = DATE.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(time) ? refuse(say('signing.signInDate')) : time
}
