/**
 * Signs in to an upload server with an account (EIP-4361): `GET <address>/nonce` gives a nonce, `POST <address>/verify`
 * takes message and signature and gives what lets in, a token or a cookie. It is kept in memory for this upload only.
 */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { ChainSigner } from '../../chain/chain-signer.ts'
import { signInMessage, type SignIn } from '../../chain/signer/sign-in-policy.ts'
import { httpCall, type HttpAnswer } from './http-call.ts'

const SESSION_MILLISECONDS = 12 * 3600_000
const LONGEST_ANSWER = 16 << 10
const KEPT = say('kept.nothingSent')

export interface SignInOptions {
  /** Where the package goes: the sign-in is with the same server or not at all. */
  readonly destination: string
  /** Without `/nonce` and `/verify`. */
  readonly address: string
  readonly chainId: number
  readonly signer: ChainSigner
  readonly signal: AbortSignal
}

/** @returns the headers that let in. @throws AsterismError `bad_input`, `signing_refused`, `network_failed`. */
export async function signIn(options: SignInOptions): Promise<Record<string, string>> {
  const base = options.address.replace(/\/+$/, '')
  requireSameServer(base, options.destination)
  const { signer, signal, chainId } = options
  const call = { headers: {}, signal, kept: KEPT }
  const nonce = nonceIn(await bodyOf(await httpCall({ ...call, url: `${base}/nonce`, method: 'GET' })))
  const now = Date.now()
  const asked: SignIn = {
    domain: new URL(base).host,
    uri: new URL(base).href,
    chainId,
    nonce,
    issuedAt: new Date(now).toISOString(),
    expirationTime: new Date(now + SESSION_MILLISECONDS).toISOString(),
  }
  const signature = await signer.signSignIn(asked, signal)
  const answer = await httpCall({
    ...call,
    url: `${base}/verify`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: signInMessage(asked, signer.address), signature }),
  })
  return entryOf(answer, await bodyOf(answer))
}

/** A page that is only named for signing in must not get a signature for the server, nor the other way round. */
function requireSameServer(base: string, destination: string): void {
  const [here, there] = [base, destination.replace(/^(kubo|pin)\+/, '')].map((text) => URL.parse(text))
  if (here && there && here.origin === there.origin && /^https?:$/.test(here.protocol)) return
  throw new AsterismError('bad_input', say('upload.signInElsewhere'), {
    fix: say('upload.fix.signInSame'),
    kept: KEPT,
  })
}

async function bodyOf(response: HttpAnswer): Promise<string> {
  const text = await response.text()
  if (text.length <= LONGEST_ANSWER) return text
  throw new AsterismError('network_failed', say('upload.signInLong'), { kept: KEPT })
}

function nonceIn(text: string): string {
  const nonce = memberOf(text, ['nonce']) ?? text.trim()
  if (/^[A-Za-z0-9]{8,128}$/.test(nonce)) return nonce
  throw new AsterismError('network_failed', say('upload.noNonce'), { kept: KEPT })
}

function entryOf(answer: HttpAnswer, text: string): Record<string, string> {
  const token = memberOf(text, ['token', 'access_token'])
  if (token !== null && /^[\x21-\x7e]+$/.test(token)) return { Authorization: `Bearer ${token}` }
  const cookies = answer.headers.getSetCookie().map((cookie) => cookie.split(';')[0]!.trim())
  if (cookies.length > 0) return { Cookie: cookies.join('; ') }
  throw new AsterismError('network_failed', say('upload.signedInNothing'), {
    kept: KEPT,
  })
}

/** A text of a JSON object under one of these names; null for anything else. */
function memberOf(text: string, names: readonly string[]): string | null {
  try {
    const body: unknown = JSON.parse(text)
    if (typeof body !== 'object' || body === null) return null
    const found = names.map((name) => (body as Record<string, unknown>)[name]).find((each) => typeof each === 'string')
    return found === undefined ? null : String(found)
  } catch {
    return null
  }
}
