/** The page on which a person agrees, in a real browser: what it leaves behind, and who else gets at it. */
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HDNodeWallet, Mnemonic } from 'ethers'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startPracticeNetwork } from '../../electron/engine/chain/practice-network.ts'
import { importWallet } from '../../electron/engine/chain/wallet.ts'
import { practiceRpc, removeHome } from '../fixtures/chain/chain-home.ts'
import { searchFor } from '../fixtures/chain/planted.ts'
import { PLANTED_KEY } from '../fixtures/chain/signing.ts'
import { closeBrowser } from '../fixtures/electron/browser.ts'
import { openBrowserHost, type BrowserHost } from '../fixtures/window/browser-host.ts'
import { heapOf } from '../fixtures/window/heap.ts'
import { StudioPage } from './pages/studio.ts'

/** Nobody's. */
const WORDS = Mnemonic.fromEntropy(`0x${PLANTED_KEY.slice(0, 32)}`).phrase
const PASSPHRASE = 'planted heap phrase 0815'
const FUNDS_WEI = '0x3635c9adc5dea00000'
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
  let confirmation: Page
  const wallet = HDNodeWallet.fromPhrase(WORDS)

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'asterism-confirmation-'))
    await startPracticeNetwork({ home })
    await importWallet({ home, passphrase: PASSPHRASE, source: { kind: 'secret', secret: WORDS } })
    await (await practiceRpc(home)).call('anvil_setBalance', [wallet.address, FUNDS_WEI])
    host = await openBrowserHost(home)
  })
  afterAll(async () => {
    await host?.close()
    await closeBrowser()
    await removeHome(home)
  })

  test('leaves nothing of a wallet that was opened on it in the memory of the window, nor in its own', async () => {
    const { page, context } = host
    const studio = new StudioPage(page)
    await studio.create('A secret')
    await studio.show('Ledger')
    await studio.panel('Ledger').getByLabel('Account').selectOption(wallet.address)
    await studio.panel('Ledger').getByRole('button', { name: 'Attest…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Attest' })
    await dialog.getByLabel('Work').fill(`0x${'a5'.repeat(20)}/0x${'5a'.repeat(32)}`)
    await dialog.getByLabel('Contribution').fill('1,409')
    await dialog.getByLabel('Model').fill('a model')
    await dialog.getByLabel('Benchmark').fill('a benchmark')
    const opened = context.waitForEvent('page')
    await dialog.getByRole('button', { name: /^Attest/ }).click()
    confirmation = await opened
    await confirmation.getByLabel(wallet.address).waitFor(WORK)
    // Key by key: filling a field at once would leave the phrase in the heap by the hand of the test.
    await confirmation.keyboard.type(PASSPHRASE)
    await confirmation.keyboard.press('Enter')
    // Each of the two is work of its own and shown; the wallet is open meanwhile.
    for (const title of [/^Attest/, /^Publish/]) {
      await confirmation.getByRole('heading', { name: title }).waitFor(WORK)
      await confirmation.getByRole('button', { name: 'Sign', exact: true }).click(WORK)
    }
    await dialog.waitFor({ state: 'detached', ...WORK })
    await confirmation.getByRole('heading', { name: 'Nothing to confirm now' }).waitFor(WORK)

    const expectNoSecret = searchFor([Buffer.from(wallet.privateKey.slice(2), 'hex'), WORDS, PASSPHRASE])
    const heap = await heapOf(page)
    // What was typed into the window is found, so the search sees what is there.
    expect(heap.includes('a benchmark')).toBe(true)
    expectNoSecret('the heap of the window', heap)
    expectNoSecret('the heap of the confirmation', await heapOf(confirmation))
    const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }])')
    expectNoSecret('what the window keeps', kept + (await page.content()))
    expect(host.problems).toEqual([])
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
