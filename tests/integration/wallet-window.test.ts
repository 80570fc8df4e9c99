/** Wallets as the window deals with them: through the contract, while a person answers on a page of another origin. */
import { createRouterClient } from '@orpc/server'
import { HDNodeWallet, Mnemonic } from 'ethers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { WalletAnswers, WalletQuestion } from '../../electron/engine/chain/wallet-questions.ts'
import { keystoreFile, watchWallet } from '../../electron/engine/chain/wallet.ts'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { walletPath } from '../../electron/engine/chain/signer/signer-session.ts'
import { openSessionSigner } from '../../electron/engine/work/open-signer.ts'
import { asEngineError, type EngineClient } from '../../shared/contract/client.ts'
import { makeHome, removeHome } from '../fixtures/chain/chain-home.ts'
import { searchFiles, searchFor } from '../fixtures/chain/planted.ts'
import { mintTransaction, PLANTED_KEY } from '../fixtures/chain/signing.ts'
import { signerInThisProcess } from '../fixtures/chain/signer-here.ts'
import { weaken } from '../fixtures/chain/weak-wallet.ts'

const PASSPHRASE = 'planted window phrase 1138'
const BROUGHT = Mnemonic.fromEntropy(`0x${PLANTED_KEY.slice(0, 32)}`).phrase

let home: string
let engine: Engine
let window: EngineClient
/** What the window was told, answers and errors alike. */
const told: string[] = []
/** What was asked of the person, by kind. */
let asked: WalletQuestion[] = []
/** The person: what they answer to each kind of question. */
let person: (question: WalletQuestion) => WalletAnswers | null
let words: readonly string[] = []
let unlocks = 0

beforeAll(async () => {
  home = makeHome()
  engine = await createEngine({
    home,
    resumeJobs: false,
    host: {
      spawnSigner: signerInThisProcess,
      confirmSigning: () => Promise.resolve(true),
      askPassphrase: ({ isWrong }) => Promise.resolve(unlocks++ === 0 && !isWrong ? 'a mistyped phrase' : PASSPHRASE),
      askWallet(question) {
        asked.push(question)
        if (question.kind === 'words') words = question.words
        return Promise.resolve(person(question))
      },
    },
  })
  window = createRouterClient(engine.router) as EngineClient
})
afterAll(async () => {
  await engine.close()
  await removeHome(home)
})

async function does<T>(work: Promise<T>): Promise<T> {
  asked = []
  try {
    const answer = await work
    told.push(JSON.stringify(answer))
    return answer
  } catch (error) {
    told.push(JSON.stringify(asEngineError(error)))
    throw error
  }
}

const newPassphrase = { passphrase: PASSPHRASE, again: PASSPHRASE }
const kinds = (): string[] => asked.map(({ kind, complaint }) => (complaint ? `${kind}: ${complaint}` : kind))
const wordsAt = (places: readonly number[]): WalletAnswers =>
  Object.fromEntries(places.map((place) => [`word-${place}`, ` ${words[place - 1]!.toUpperCase()} `]))

describe('from the window', () => {
  let made = ''

  it('a wallet is made, its pass phrase twice and not too simple, and whoever writes nothing down is not backed up', async () => {
    const given: WalletAnswers[] = [
      { passphrase: 'too short', again: 'too short' },
      { passphrase: 'abcdefghijklmnop', again: 'abcdefghijklmnop' },
      { passphrase: PASSPHRASE, again: `${PASSPHRASE}!` },
      newPassphrase,
    ]
    person = ({ kind }) => (kind === 'newPassphrase' ? given.shift()! : null)
    const answer = await does(window.wallets.create())
    made = answer.address
    expect(kinds()).toEqual([
      'newPassphrase',
      'newPassphrase: short',
      'newPassphrase: simple',
      'newPassphrase: different',
      'words',
    ])
    expect(answer.accounts).toMatchObject([{ address: made, kind: 'keystore', has_words: true, backup: 'unchecked' }])
    expect(HDNodeWallet.fromPhrase(words.join(' ')).address).toBe(made)
    await weaken(walletPath(home, made), PASSPHRASE)
  })

  it('is backed up once some of its words were entered again', async () => {
    person = (question) => {
      if (question.kind === 'passphrase') return { passphrase: PASSPHRASE }
      if (question.kind !== 'wordsAgain') return {}
      const right = wordsAt(question.places)
      const [first] = Object.keys(right)
      return question.complaint ? right : { ...right, [first!]: 'zebra' }
    }
    const { accounts } = await does(window.wallets.backUp({ address: made }))
    expect(accounts[0]!.backup).toBe('checked')
    expect(kinds()).toEqual(['passphrase', 'words', 'wordsAgain', 'wordsAgain: wrongWords'])
    for (const question of asked)
      if (question.kind === 'wordsAgain') expect(new Set(question.places).size, String(question.places)).toBe(4)
  })

  it('further accounts follow from its words, each the next that is not here', async () => {
    person = () => ({ passphrase: PASSPHRASE })
    const { address, accounts } = await does(window.wallets.derive({ address: made }))
    expect(kinds()).toEqual(['passphrase'])
    const path = "m/44'/60'/0'/0/1"
    expect(address).toBe(HDNodeWallet.fromPhrase(words.join(' '), undefined, path).address)
    expect(accounts.find((account) => account.address === address)).toMatchObject({ has_words: true, in_use: false })
  })

  it('words that are none are asked for again, their pass phrase is not', async () => {
    person = ({ kind, complaint }) =>
      kind === 'newPassphrase' ? newPassphrase : { secret: complaint ? BROUGHT : 'twelve words that are no phrase' }
    const { address, accounts } = await does(window.wallets.importSecret())
    expect(address).toBe(HDNodeWallet.fromPhrase(BROUGHT).address)
    expect(accounts.find((account) => account.address === address)).toMatchObject({ has_words: true, backup: null })
    expect(kinds()).toEqual(['secret', 'newPassphrase', 'secret: noKey'])
  })

  it('a key file goes out as it lies here and comes in with its own pass phrase, without passing the window', async () => {
    person = () => ({})
    await does(window.wallets.exportFile({ address: made }))
    const [out] = asked
    const { json } = await keystoreFile(home, made)
    expect(out).toMatchObject({ kind: 'saveFile', json })
    const elsewhere = makeHome()
    const other = await createEngine({
      home: elsewhere,
      resumeJobs: false,
      host: { spawnSigner: signerInThisProcess, askWallet: (question) => Promise.resolve(person(question)) },
    })
    person = ({ kind, complaint }): WalletAnswers =>
      kind === 'keyFile'
        ? { file: complaint ? json : '{"version":3}' }
        : { passphrase: complaint ? PASSPHRASE : 'not this one' }
    asked = []
    const { address, accounts } = await does(other.client.wallets.importFile())
    await other.close()
    await removeHome(elsewhere)
    expect(address).toBe(made)
    expect(accounts).toMatchObject([{ has_words: true, backup: 'checked' }])
    told.forEach((text) => expect(text).not.toContain((JSON.parse(json) as { id: string }).id))
  })

  it('what is opened stays open until it is locked, and a mistyped pass phrase is asked for again', async () => {
    await does(window.wallets.use({ address: made }))
    const sign = async (): Promise<void> => {
      const signer = await openSessionSigner(engine.session, 'practice')
      expect(signer.address).toBe(made)
      await signer.signTransaction(mintTransaction(made))
      await signer.close()
    }
    const isOpen = async (): Promise<boolean> =>
      (await does(window.wallets.list())).accounts.find(({ address }) => address === made)!.open
    await sign()
    expect(unlocks).toBe(2)
    expect(await isOpen()).toBe(true)
    await sign()
    expect(unlocks).toBe(2)
    expect((await does(window.wallets.lock())).accounts.some(({ open }) => open)).toBe(false)
    expect(engine.session.openWallets.of(made)).toBeNull()
  })

  it('an address is watched, used, and refuses to sign with the reason', async () => {
    const address = '0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359'
    await expect(does(window.wallets.watch({ address: address.replace('fB', 'fA') }))).rejects.toThrow()
    const { accounts } = await does(window.wallets.watch({ address: ` ${address.toLowerCase()} ` }))
    expect(accounts.find((account) => account.address === address)).toMatchObject({ kind: 'watch', open: false })
    await does(window.wallets.use({ address }))
    const signer = await openSessionSigner(engine.session, 'practice')
    await expect(signer.signTransaction(mintTransaction(address))).rejects.toThrow(/only watched here/)
    await expect(watchWallet(home, address)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('a no changes nothing and is no failure, nor is a host without such a page a yes', async () => {
    const before = (await does(window.wallets.list())).accounts.length
    person = () => null
    for (const work of [window.wallets.create, window.wallets.importSecret, window.wallets.importFile])
      await expect(does(work())).rejects.toMatchObject({ data: { code: 'cancelled' } })
    await expect(does(window.wallets.exportFile({ address: made }))).rejects.toMatchObject({
      data: { code: 'cancelled' },
    })
    expect((await does(window.wallets.list())).accounts).toHaveLength(before)
    const mute = await createEngine({ home, resumeJobs: false, host: {} })
    await expect(mute.client.wallets.create()).rejects.toMatchObject({ data: { code: 'wallet_locked' } })
    await mute.close()
  })

  it('neither pass phrases nor words nor keys reach the window, and no file of the home but those that hold keys', () => {
    const key = HDNodeWallet.fromPhrase(words.join(' ')).privateKey
    const expectNoSecret = searchFor([PASSPHRASE, words.join(' '), BROUGHT, Buffer.from(key.slice(2), 'hex'), home])
    expect(told.length).toBeGreaterThan(10)
    told.forEach((text) => expectNoSecret('what the window is told', text))
    expect(searchFiles(searchFor([PASSPHRASE, words.join(' '), BROUGHT]), home).length).toBeGreaterThan(3)
  })
})
