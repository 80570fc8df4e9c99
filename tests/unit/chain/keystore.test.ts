import { encryptKeystoreJson, Wallet } from 'ethers'
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
