/** The page on which a person agrees, in a real browser: what it leaves behind, and who else gets at it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HDNodeWallet, Mnemonic, Transaction, Wallet } from 'ethers'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PRACTICE_CHAIN_ID } from '../../electron/engine/chain/chain-policies.ts'
import { startPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import { removeHome } from '../fixtures/chain/chain-home.ts'
import { searchFor } from '../fixtures/chain/planted.ts'
import { PLANTED_KEY } from '../fixtures/chain/signing.ts'
import { seriousFindings } from '../fixtures/window/accessibility.ts'
import { closeBrowser } from '../fixtures/electron/browser.ts'
import { openBrowserHost, type BrowserHost } from '../fixtures/window/browser-host.ts'
import { heapOf } from '../fixtures/window/heap.ts'
import { shortened } from '../../renderer/src/ui/format.ts'
import { StudioPage } from './pages/studio.ts'

/** Nobody's. */
const WORDS = Mnemonic.fromEntropy(`0x${PLANTED_KEY.slice(0, 32)}`).phrase
const PASSPHRASE = 'planted heap phrase 0815'
/** Its key lies on another machine, which is the test. */
const ELSEWHERE = Wallet.createRandom()
const WATCHED = ELSEWHERE.address
const WORK = { timeout: 60_000 }

/** What a page does to get at another: shows it in a frame, reads it, takes it in unread. */
const framedAndFetched = (url: string): string => `(async () => {
  const frame = document.createElement('iframe')
  frame.src = ${JSON.stringify(url)}
  const settled = new Promise((resolve) => frame.addEventListener('load', resolve))
  document.body.append(frame)
  await settled
  const ask = (mode) =>
    fetch(frame.src, { mode, credentials: 'include' }).then((response) => response.type, () => 'refused')
  return { read: await ask('cors'), embedded: await ask('no-cors') }
})()`

describe('the page of the confirmation', () => {
  let home: string
  let host: BrowserHost
  /** The newest of its windows: each act opens one, and the older ones lead there. */
  let confirmation: Page
  const confirmations: Page[] = []
  let made: HDNodeWallet

  const opensBy = async (act: () => Promise<void>): Promise<void> => {
    const opened = host.context.waitForEvent('page')
    await act()
    confirmation = await opened
    confirmations.push(confirmation)
  }
  /** Key by key: filling a field at once would leave the secret in the heap by the hand of the test. */
  const type = async (...fields: readonly string[]): Promise<void> => {
    await confirmation.locator('[autofocus]:focus').waitFor(WORK)
    for (const [n, text] of fields.entries()) {
      if (n > 0) await confirmation.keyboard.press('Tab')
      await confirmation.keyboard.type(text)
    }
  }
  const step = async (title: string | RegExp): Promise<void> =>
    await confirmation.getByRole('heading', { name: title }).waitFor(WORK)
  const answer = async (name: string): Promise<void> =>
    await confirmation.getByRole('button', { name, exact: true }).click(WORK)

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-confirmation-'))
    await startPracticeNetwork({ home })
    host = await openBrowserHost(home)
  })
  afterAll(async () => {
    await host?.close()
    await closeBrowser()
    await removeHome(home)
  })

  test('leaves nothing of wallets that were made, opened, brought and taken away on it in the memory of the window, nor in its own', async () => {
    const { page } = host
    const studio = new StudioPage(page)
    await studio.create('A secret')
    await page.keyboard.press('Alt+a')
    const wallets = page.getByRole('dialog', { name: 'Wallets' })
    const card = (address: string) => wallets.getByRole('listitem').filter({ hasText: address })
    await wallets.getByRole('button', { name: 'New wallet' }).focus()
    await opensBy(() => page.keyboard.press('Enter'))
    await step('A new wallet')
    await type('short', 'short')
    await confirmation.keyboard.press('Enter')
    await confirmation.getByRole('alert').waitFor(WORK)
    await type(PASSPHRASE, PASSPHRASE)
    await confirmation.keyboard.press('Enter')
    await step('The words of your wallet')
    expect(await seriousFindings(confirmation)).toEqual([])
    const words = await confirmation.locator('.words li').allTextContents()
    made = HDNodeWallet.fromPhrase(words.join(' '))
    await answer('I have written them down')
    await step('Some of the words again')
    const asked = await confirmation
      .locator('.grid input')
      .evaluateAll((all) => all.map((each) => Number((each as unknown as { name: string }).name.slice('word-'.length))))
    await type(...asked.map((place) => words[place - 1]!))
    await answer('Check')
    await card(made.address).getByText('Backed up', { exact: true }).waitFor(WORK)

    // The hardest order: the question is there before its window, and so is shown in the one that is.
    const [older] = confirmations
    const isOpening = (url: URL): boolean => url.origin === new URL(older!.url()).origin && url.pathname === '/'
    await host.context.route(isOpening, async (route) => {
      await older!.getByRole('heading', { name: 'Bring a wallet by its words' }).waitFor(WORK)
      await route.continue()
    })
    await opensBy(() => wallets.getByRole('button', { name: 'By its words' }).click())
    await host.context.unroute(isOpening)
    await older!.getByRole('heading', { name: 'This goes on in a newer window' }).waitFor(WORK)
    await step('Bring a wallet by its words')
    await type(WORDS)
    await answer('Go on')
    await step('A pass phrase for the wallet')
    await type(PASSPHRASE, PASSPHRASE)
    await answer('Import')
    await card(HDNodeWallet.fromPhrase(WORDS).address).getByText('Imported', { exact: true }).waitFor(WORK)

    await card(made.address).getByRole('radio').click()
    await card(made.address).getByRole('button', { name: 'Get practice ether' }).click()
    await card(made.address).getByText('100 ETH').waitFor(WORK)
    await opensBy(() => card(made.address).getByRole('button', { name: 'Take the key file' }).click())
    await step('Take the key file with you')
    const [download] = await Promise.all([
      confirmation.waitForEvent('download'),
      confirmation.getByRole('link', { name: 'Save the key file' }).click(),
    ])
    const keyFile = JSON.parse(readFileSync(await download.path(), 'utf8')) as { id: string; address: string }
    expect(`0x${keyFile.address}`).toBe(made.address.toLowerCase())
    await answer('Done')
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')

    const attest = async (): Promise<void> => {
      await studio.panel('Ledger').getByRole('button', { name: 'Attest…' }).click()
      await dialog.getByLabel('Work').fill(`0x${'a5'.repeat(20)}/0x${'5a'.repeat(32)}`)
      await dialog.getByLabel('Contribution').fill('1,409')
      await dialog.getByLabel('Model').fill('a model')
      await dialog.getByLabel('Benchmark').fill('a benchmark')
      await opensBy(() => dialog.getByRole('button', { name: 'Sign and publish' }).click())
    }
    const dialog = page.getByRole('dialog', { name: 'Attest' })
    await studio.show('Ledger')
    await attest()
    await confirmation.getByLabel(made.address).waitFor(WORK)
    await type(PASSPHRASE)
    await confirmation.keyboard.press('Enter')
    // Each of the two is work of its own and shown; the wallet is open meanwhile.
    for (const title of [/^Attest/, /^Publish/]) {
      await step(title)
      await answer('Sign')
    }
    await dialog.waitFor({ state: 'detached', ...WORK })
    await step('Nothing to confirm now')
    await page.getByRole('button', { name: /Practice .*Open/ }).click()
    await card(made.address).getByText('Open', { exact: true }).waitFor(WORK)
    await wallets.getByRole('button', { name: 'Lock now' }).click()
    await card(made.address).getByText('Locked', { exact: true }).waitFor(WORK)

    await wallets.getByRole('button', { name: 'Watch an address' }).click()
    await wallets.getByRole('textbox', { name: 'Address' }).fill(WATCHED)
    await wallets.getByRole('button', { name: 'Watch it' }).click()
    await card(WATCHED).getByRole('radio').click()
    await card(WATCHED).getByText('In use', { exact: true }).waitFor(WORK)
    await card(WATCHED).getByRole('button', { name: 'Get practice ether' }).click()
    await card(WATCHED).getByText('100 ETH').waitFor(WORK)
    await page.keyboard.press('Escape')
    await attest()
    // In front, where it can be read and closed: what is behind an open dialog is out of reach.
    const notice = dialog.getByRole('alert').filter({ hasText: /only watched here/ })
    await notice.waitFor(WORK)
    await notice.getByRole('button', { name: 'Close' }).click()
    await notice.waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')

    const key = Buffer.from(made.privateKey.slice(2), 'hex')
    const expectNoSecret = searchFor([key, made.mnemonic!.phrase, WORDS, PASSPHRASE, keyFile.id])
    const heap = await heapOf(page)
    // What was typed into the window is found, so the search sees what is there.
    expect(heap.includes('a benchmark')).toBe(true)
    expectNoSecret('the heap of the window', heap)
    // One of them may be a name in some script; all of them are there only if they were told.
    expect(words.every((word) => heap.includes(`"${word}"`))).toBe(false)
    for (const each of confirmations) expectNoSecret('the heap of the confirmation', await heapOf(each))
    const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')
    expectNoSecret('what the window keeps', kept + (await page.content()))
    expect(host.problems).toEqual([])
  })

  test('is not asked for a watched account: what waits is made dearer and cancelled by files that are signed elsewhere', async () => {
    const { page } = host
    const folder = join(home, 'offline')
    const waiting = page.getByRole('region', { name: 'Waiting transactions' })
    /** As it comes back from the machine that has the key. */
    const take = async (file: { readonly unsigned: string }): Promise<void> => {
      const signed = await ELSEWHERE.signTransaction(Transaction.from(file.unsigned))
      const back = join(home, 'signed.json')
      writeFileSync(back, JSON.stringify({ ...file, format: 'asterism-signed-1', signed }))
      await waiting.locator('input[type=file]').setInputFiles(back)
      await waiting.getByRole('article', { name: shortened(Transaction.from(signed).hash!) }).waitFor(WORK)
    }
    const signElsewhere = async (): Promise<void> => {
      // Under a name of its own it is written to the end; before that it has another.
      const written = (): string[] =>
        existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.unsigned.json')) : []
      await expect.poll(() => written().length, WORK).toBe(1)
      const path = join(folder, written()[0]!)
      const file = JSON.parse(readFileSync(path, 'utf8')) as { unsigned: string }
      rmSync(path)
      await take(file)
    }
    const contract = Wallet.createRandom().address
    const fees = { gasLimit: 30_000, maxFeePerGas: 10n ** 10n, maxPriorityFeePerGas: 10n ** 9n }
    const unsigned = Transaction.from({ type: 2, chainId: PRACTICE_CHAIN_ID, nonce: 0, to: contract, ...fees })
    const about = { network: 'practice', account: WATCHED, creator: null, key: 'elsewhere', contract, token_id: null }
    await take({ ...about, unsigned: unsigned.unsignedSerialized } as { readonly unsigned: string })
    for (const change of ['Pay more', 'Cancel it']) {
      await waiting.getByRole('button', { name: change === 'Pay more' ? /^Pay more for/ : /^Cancel 0x/ }).click()
      await signElsewhere()
    }
    await waiting.getByText('a cancellation').waitFor(WORK)
    await waiting.getByRole('button', { name: /^Send/ }).click()
    await page.getByText('It is cancelled: nothing was done.').waitFor(WORK)
    await waiting.getByText('Nothing waits.').waitFor(WORK)
  })

  test('is neither shown nor read by the window or another page of this machine', async () => {
    const { page, context } = host
    const target = new URL('/', confirmation.url()).href
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' })
      response.end('<!doctype html><title>stranger</title>')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const stranger = await context.newPage()
    try {
      await stranger.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
      for (const from of [page, stranger]) {
        const got = await from.evaluate(framedAndFetched(target))
        expect(got, from.url()).toEqual({ read: 'refused', embedded: 'refused' })
        // A frame that may not show the page shows the browser's own error in its place.
        expect(from.frames().map((frame) => frame.url())).not.toContain(target)
      }
    } finally {
      await stranger.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})
