import { createCipheriv, pbkdf2Sync, randomBytes } from 'node:crypto'
import { encryptKeystoreJson, keccak256, Wallet } from 'ethers'
import { describe, expect, it } from 'vitest'
import {
  keystoreAddress,
  keystoreFromKeystore,
  keystoreFromSecret,
  newKeystore,
  openKeystore,
} from '../../../electron/engine/chain/keystore.ts'
import { PLANTED_ADDRESS, PLANTED_KEY } from '../../fixtures/chain/signing.ts'

const PASSPHRASE = 'correct horse battery staple'
const WEAK = { scrypt: { N: 1024, r: 8, p: 1 } }

/** As older programs write them, by the definition of the format. */
function pbkdf2Keystore(passphrase: string, rounds: number): string {
  const [salt, iv] = [randomBytes(32), randomBytes(16)]
  const derived = pbkdf2Sync(passphrase, salt, rounds, 32, 'sha256')
  const cipher = createCipheriv('aes-128-ctr', derived.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(PLANTED_KEY, 'hex'), cipher.final()])
  return JSON.stringify({
    version: 3,
    id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
    address: PLANTED_ADDRESS.slice(2).toLowerCase(),
    crypto: {
      cipher: 'aes-128-ctr',
      cipherparams: { iv: iv.toString('hex') },
      ciphertext: ciphertext.toString('hex'),
      kdf: 'pbkdf2',
      kdfparams: { c: rounds, dklen: 32, prf: 'hmac-sha256', salt: salt.toString('hex') },
      mac: keccak256(Buffer.concat([derived.subarray(16, 32), ciphertext])).slice(2),
    },
  })
}

describe('keystores', () => {
  it('go round: at our strength, opened only by the pass phrase', async () => {
    const { address, json } = await keystoreFromSecret(`0x${PLANTED_KEY.toUpperCase()}`, PASSPHRASE)
    expect(address).toBe(PLANTED_ADDRESS)
    expect(json.toLowerCase()).not.toContain(PLANTED_KEY)
    const { crypto, Crypto } = JSON.parse(json) as Record<string, { kdf: string; kdfparams: object }>
    expect((crypto ?? Crypto)!).toMatchObject({ kdf: 'scrypt', kdfparams: { n: 262_144, r: 8, p: 1, dklen: 32 } })
    const key = await openKeystore(json, PASSPHRASE)
    expect(key.toString('hex')).toBe(PLANTED_KEY)
    await expect(openKeystore(json, `${PASSPHRASE} `)).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })

  it('of another program are taken over at our strength', async () => {
    const weak = await encryptKeystoreJson(new Wallet(`0x${PLANTED_KEY}`), PASSPHRASE, WEAK)
    const { json } = await keystoreFromKeystore(weak, PASSPHRASE)
    expect(json).toContain('262144')
    expect(keystoreAddress(json)).toBe(PLANTED_ADDRESS)
  })

  it('of older programs too: with PBKDF2, and a pass phrase that nobody brought to one form', async () => {
    // One of its signs is two letters once it is brought to one form.
    const passphrase = 'eine ﬁxe Idee'
    const old = pbkdf2Keystore(passphrase, 1000)
    await expect(keystoreFromKeystore(old, `${passphrase}.`)).rejects.toMatchObject({ code: 'wrong_passphrase' })
    const { json } = await keystoreFromKeystore(old, passphrase)
    expect(json).toContain('262144')
    expect(keystoreAddress(json)).toBe(PLANTED_ADDRESS)
    const greedy = pbkdf2Keystore(PASSPHRASE, 1).replace('"c":1,', '"c":1000000000,')
    await expect(openKeystore(greedy, PASSPHRASE)).rejects.toMatchObject({ code: 'too_large' })
  })

  it('take a phrase as other wallets do', async () => {
    const words = 'test test test test test test test test test test test junk'
    const { address } = await keystoreFromSecret(` ${words.toUpperCase()}\n`, PASSPHRASE)
    expect(address).toBe('0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266')
  })

  it('of a new wallet hold a key of its own', async () => {
    const { address, json } = await newKeystore(PASSPHRASE)
    expect(address).not.toBe(PLANTED_ADDRESS)
    expect(keystoreAddress(json)).toBe(address)
  })

  it('refuse secrets that are none, short pass phrases, and say nothing of them', async () => {
    for (const secret of ['', '0x12', `${PLANTED_KEY}0`, 'f'.repeat(64), 'test test test', `${PLANTED_KEY} x`]) {
      const error = await keystoreFromSecret(secret, PASSPHRASE).catch((caught: unknown) => caught)
      expect(error).toMatchObject({ code: 'bad_input' })
      expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain(PLANTED_KEY)
    }
    await expect(newKeystore('')).rejects.toMatchObject({ code: 'bad_input' })
    await expect(newKeystore('1234567')).rejects.toMatchObject({ code: 'bad_input' })
  })

  it('refuse files that are none, that want all memory, or that name another address', async () => {
    for (const json of ['', 'null', '[]', '{}', '{"version":3}']) {
      await expect(openKeystore(json, PASSPHRASE)).rejects.toMatchObject({ code: 'corrupt_file' })
    }
    const weak = await encryptKeystoreJson(new Wallet(`0x${PLANTED_KEY}`), PASSPHRASE, WEAK)
    await expect(openKeystore(weak.replace('"n":1024', '"n":1073741824'), PASSPHRASE)).rejects.toMatchObject({
      code: 'too_large',
    })
    const other = weak.replace(PLANTED_ADDRESS.slice(2).toLowerCase(), '11'.repeat(20))
    await expect(openKeystore(other, PASSPHRASE)).rejects.toMatchObject({ code: 'corrupt_file' })
  })
})
