import { hashMessage, recoverAddress, SigningKey } from 'ethers'
import { describe, expect, it } from 'vitest'
import { judgeSignIn, signInMessage, type SignIn } from '../../../electron/engine/chain/signer/sign-in-policy.ts'
import { PLANTED_ADDRESS, PLANTED_KEY } from '../../fixtures/chain/signing.ts'

const NOW = Date.parse('2026-11-26T04:00:00.000Z')
const account = { address: PLANTED_ADDRESS, practiceOnly: false }
const honest: SignIn = {
  domain: 'up.example.org',
  uri: 'https://up.example.org/auth',
  chainId: 11_155_111,
  nonce: '32891756',
  issuedAt: '2026-11-26T04:00:00.000Z',
  expirationTime: '2026-11-26T16:00:00.000Z',
}

describe('signing in to a server', () => {
  it('signs the text that the standard gives, and says to whom and until when', () => {
    const { digest, description } = judgeSignIn(honest, account, NOW)
    const text = signInMessage(honest, PLANTED_ADDRESS)
    expect(text.split('\n')).toEqual([
      'up.example.org wants you to sign in with your Ethereum account:',
      PLANTED_ADDRESS,
      '',
      'Sign in to send works packed with Asterism. This moves nothing and costs nothing.',
      '',
      'URI: https://up.example.org/auth',
      'Version: 1',
      'Chain ID: 11155111',
      'Nonce: 32891756',
      'Issued At: 2026-11-26T04:00:00.000Z',
      'Expiration Time: 2026-11-26T16:00:00.000Z',
    ])
    expect(digest).toBe(hashMessage(text))
    expect(recoverAddress(digest, new SigningKey(`0x${PLANTED_KEY}`).sign(digest))).toBe(PLANTED_ADDRESS)
    expect(description.words.join(' ')).toContain('Until 2026-11-26 16:00:00 UTC')
    expect(description.title).toBe('Sign in to up.example.org')
  })

  it.each<[string, Partial<SignIn>, string]>([
    ['another server than it names', { uri: 'https://elsewhere.example/auth' }, 'is for elsewhere.example'],
    ['a server over a line that others hear', { uri: 'http://up.example.org/auth' }, 'https:// only'],
    ['a user in the address', { domain: 'x@up.example.org', uri: 'https://x@up.example.org/auth' }, 'is none'],
    ['lines hidden in the address', { uri: 'https://up.example.org/auth\nChain ID: 1' }, 'is none'],
    ['a nonce that is too short', { nonce: '1234' }, 'nonce'],
    ['a nonce with words in it', { nonce: 'abcdefgh\nResources:' }, 'nonce'],
    ['yesterday', { issuedAt: '2026-11-25T04:00:00.000Z' }, 'not of now'],
    ['a session that is over', { expirationTime: '2026-11-26T03:59:00.000Z' }, 'over already'],
    ['a session without end', { expirationTime: '2027-11-26T04:00:00.000Z' }, 'more than a day'],
    ['a date that is none', { issuedAt: 'now' }, 'date'],
    ['a chain that is not on the list', { chainId: 137 }, 'not one that this program signs for'],
  ])('refuses %s', (_what, different, reason) => {
    expect(() => judgeSignIn({ ...honest, ...different }, account, NOW)).toThrow(reason)
  })

  it('does not sign elsewhere with the practice account', () => {
    expect(() => judgeSignIn(honest, { ...account, practiceOnly: true }, NOW)).toThrow('practice chain only')
  })
})
