/** The stations at which the work is published: by keys alone to its receipt, then into the market. */
import { readFile } from 'node:fs/promises'
import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { verifyVoucher } from '../../../electron/engine/chain/voucher.ts'
import type { SignedVoucher } from '../../../shared/contract/vouchers.ts'
import { pressByKeys, tabTo, writeByKeys } from '../pages/keyboard.ts'
import type { Way } from './way.ts'

/** The window of the confirmation that an act opens. */
async function opensBy({ context }: Way, act: () => Promise<void>): Promise<Page> {
  const opened = context.waitForEvent('page')
  await act()
  return await opened
}

const signIn = (confirmation: Page): Locator => confirmation.getByRole('button', { name: 'Sign', exact: true })

export function publishingStations(way: () => Way): void {
  test('rights, package, price, signature, receipt, by keys alone', async () => {
    const { page, studio, eventually, work } = way()
    await page.keyboard.press('Alt+4')
    const panel = studio.panel('Publish')
    const press = async (name: string): Promise<void> => await pressByKeys(page, panel.getByRole('button', { name }))
    await tabTo(page, panel.getByLabel('Licence', { exact: true }))
    await page.keyboard.press('ArrowDown')
    await eventually(() => panel.getByLabel('Licence', { exact: true }).inputValue()).toBe('CC-BY-4.0')
    await writeByKeys(page, panel.getByLabel('Your name'), 'Ada Example')
    await writeByKeys(
      page,
      panel.getByLabel('What the recording shows'),
      'A person walks through a living room and comments.',
    )
    // Leaving the field and pressing the box are two gestures within a moment; both must count.
    for (const box of [/I made these recordings/, /Everyone who can be recognised/]) {
      await pressByKeys(page, panel.getByLabel(box), 'Space')
      await eventually(() => panel.getByLabel(box).isChecked()).toBe(true)
    }
    expect(await panel.getByLabel('What the recording shows').inputValue()).toContain('living room')
    await writeByKeys(page, panel.getByLabel('Name', { exact: true }), 'Grace Example')
    await press('Add a consent')
    await panel.getByText('no form on file').waitFor()
    await press('Next: package')
    await press('Make the package')
    await panel.locator('.checks li').first().waitFor(work)
    expect(await panel.locator('.checks .bad').count()).toBe(0)
    expect(await panel.getByText(/^baf/).count()).toBe(1)
    await press('Next: send it')
    await press('To the practice server')
    await panel.getByText('Sent, and read back').waitFor(work)
    await press('Next: mint it')
    await press('What would it cost?')
    await panel
      .getByText(/gas, a fee of about .* ETH/)
      .first()
      .waitFor(work)

    // Somebody else may mint it: a voucher is signed and saved as a file. The first one makes the collection before.
    await press('Make a voucher…')
    const offer = page.getByRole('dialog', { name: 'Make a voucher' })
    await writeByKeys(page, offer.getByLabel('Price, ETH'), '0,5')
    let confirmation = await opensBy(way(), () => pressByKeys(page, offer.getByRole('button', { name: /^Sign/ })))
    let sign = signIn(confirmation)
    await sign.waitFor(work)
    expect(new URL(confirmation.url()).origin).not.toBe(new URL(page.url()).origin)
    expect(await confirmation.textContent('body')).toContain('Practice network')
    await pressByKeys(confirmation, sign)
    await confirmation.getByRole('heading', { name: 'Offer a work for minting by its buyer' }).waitFor(work)
    expect(await confirmation.textContent('body')).toContain('0.5 ETH')
    await pressByKeys(confirmation, sign)
    const saved = page.waitForEvent('download', work)
    await pressByKeys(page, offer.getByRole('link', { name: 'Save as a file' }))
    const voucher = JSON.parse(await readFile(await (await saved).path(), 'utf8')) as SignedVoucher
    expect(verifyVoucher(voucher).voucher).toMatchObject({ price: '500000000000000000', series: '0' })
    await page.keyboard.press('Escape')

    confirmation = await opensBy(way(), () => press('Mint on the practice network'))
    sign = signIn(confirmation)
    await confirmation.getByRole('heading', { name: /mint/i }).waitFor(work)
    await pressByKeys(confirmation, sign)
    await panel.locator('.card', { hasText: 'Transaction' }).waitFor(work)
    const token = await panel.locator('.card dd').nth(1).getAttribute('title')
    expect(token).toBe(voucher.voucher.tokenId)

    await page.bringToFront()
    await press('Look it up again')
    await panel.getByText('Found: it had been minted before').waitFor(work)
    expect(await panel.locator('.card dd').nth(1).getAttribute('title')).toBe(token)
  })

  test('the ledger knows the work, offers it in the market by keys, and signs in the window of the confirmation', async () => {
    const { page, studio, work } = way()
    await page.keyboard.press('Alt+5')
    const card = studio.panel('Ledger').getByRole('article', { name: 'A walk through the room' })
    await card.waitFor(work)
    await pressByKeys(page, card.getByRole('button', { name: 'Auction…' }))
    const dialog = page.getByRole('dialog', { name: 'Auction' })
    await writeByKeys(page, dialog.getByLabel('Reserve, ETH'), 'much')
    expect(await dialog.getByRole('button', { name: /^Go on/ }).isDisabled()).toBe(true)
    await writeByKeys(page, dialog.getByLabel('Reserve, ETH'), '0,25')
    await pressByKeys(page, dialog.getByRole('button', { name: 'What would it cost?' }))
    await dialog.getByText(/gas, a fee of about/).waitFor(work)
    const goOn = dialog.getByRole('button', { name: /^Go on/ })
    const confirmation = await opensBy(way(), () => pressByKeys(page, goOn))
    await confirmation.getByText('0.25 ETH').first().waitFor(work)
    await pressByKeys(confirmation, signIn(confirmation))
    await card.getByText('Auction from 0.25 ETH').waitFor(work)
  })
}
