/** Amounts of ether as people write them. Wei do not fit into a number. */
import { currencyWords, figureWords } from '../i18n/text.ts'
import type { EtherRate } from '../state/preferences.ts'

const WEI_DIGITS = 18

/** `0.05 ETH`, in full. */
export const etherWords = (wei: string): string => `${figureWords(etherFigure(wei))} ETH`

function etherFigure(wei: string): string {
  const digits = wei.padStart(WEI_DIGITS + 1, '0')
  const whole = digits.slice(0, -WEI_DIGITS).replace(/^0+(?=\d)/, '')
  const fraction = digits.slice(-WEI_DIGITS).replace(/0+$/, '')
  return `${whole}${fraction ? `.${fraction}` : ''}`
}

const BALANCE_DIGITS = 6

/** What an account holds, to the last millionth that it has in full: `9999.999580 ETH`. */
export function balanceWords(wei: string): string {
  const [whole, fraction] = etherFigure(wei).split('.')
  return `${figureWords(`${whole}${fraction ? `.${fraction.slice(0, BALANCE_DIGITS)}` : ''}`)} ETH`
}

/** A fee, to three figures: nobody compares the last wei of one. */
export function feeWords(wei: string): string {
  const ether = Number(wei) / 10 ** WEI_DIGITS
  return `${figureWords(ether === 0 ? '0' : Number(ether.toPrecision(3)).toString())} ETH`
}

/** The same in the person's own currency, by the rate that they gave; empty where they gave none. */
export function moneyWords(wei: string, rate: EtherRate | null): string {
  if (rate === null) return ''
  const amount = (Number(wei) / 10 ** WEI_DIGITS) * rate.perEther
  return ` (≈ ${currencyWords(amount, rate.currency)})`
}

/** Wei of an amount as typed, with a point or a comma; null when it is none. */
export function weiOf(text: string): string | null {
  const found = /^(\d{1,9})(?:[.,](\d{1,18}))?$/.exec(text.trim())
  if (!found) return null
  const wei = `${found[1]}${(found[2] ?? '').padEnd(WEI_DIGITS, '0')}`.replace(/^0+(?=\d)/, '')
  return wei === '0' ? null : wei
}

/** What a unit of gas costs, in billionths of an ether, to three figures. */
export function gweiWords(wei: string): string {
  return `${figureWords(String(Number((Number(wei) / 1e9).toPrecision(3))))} gwei`
}
