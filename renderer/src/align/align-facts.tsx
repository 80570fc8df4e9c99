/** How alignment says what it found, in time and in space alike. */
import type { PictureCheckAnswer } from '../../../shared/contract/space-answers.ts'
import type { Saying } from '../../../shared/sayings/saying.ts'
import { reportId, type Document } from '../../../shared/document/document.ts'
import { percentWords } from '../ui/format.ts'
import { t } from '../i18n/text.ts'
import { reasonWords } from '../ui/saying-words.ts'

export function titleOfAsset(document: Document, assetId: string): string {
  const asset = document.get(assetId)
  return asset?.kind === 'asset' ? asset.title : assetId
}

export function confidenceBadge(confidence: number): string {
  return confidence >= 0.9 ? 'badge badge--good' : confidence >= 0.5 ? 'badge badge--warn' : 'badge badge--bad'
}

/** How sure a result is, and what it rests on. */
export function Belief({ confidence, by }: { confidence: number; by: string }) {
  return (
    <div className="belief">
      <span className={confidenceBadge(confidence)} title={t('align.belief', { percent: percentWords(confidence) })}>
        {percentWords(confidence)}
      </span>
      <span className="faint">{by}</span>
    </div>
  )
}

export interface Unaligned {
  readonly asset: string
  readonly reason: string
  readonly said?: Saying
}

export function unalignedIn(
  document: Document,
  subject: 'sync' | 'register',
  field: 'unsynced' | 'unregistered',
): readonly Unaligned[] {
  const report = document.get(reportId(subject))
  if (report?.kind !== 'report') return []
  const list = (report.data as Record<string, unknown>)[field]
  // What was removed since is named no more.
  return Array.isArray(list) ? (list as Unaligned[]).filter(({ asset }) => document.has(asset)) : []
}

/** What films said of scans when everything was last aligned in space. */
export function pictureChecksIn(document: Document): readonly PictureCheckAnswer[] {
  const report = document.get(reportId('register'))
  if (report?.kind !== 'report') return []
  const list = (report.data as Record<string, unknown>)['picture_checks']
  return Array.isArray(list)
    ? (list as PictureCheckAnswer[]).filter(({ asset, scan }) => document.has(asset) && document.has(scan))
    : []
}

export function UnalignedList({ items, document }: { items: readonly Unaligned[]; document: Document }) {
  if (items.length === 0) return null
  return (
    <div className="card">
      <h3>{t('align.notAligned')}</h3>
      <ul className="unaligned">
        {items.map((item) => (
          <li key={item.asset}>
            <strong>{titleOfAsset(document, item.asset)}</strong>: {reasonWords(item)}
          </li>
        ))}
      </ul>
    </div>
  )
}

const METHODS = [
  'audio',
  'motion',
  'timecode',
  'event',
  'hand',
  'manual',
  'reference',
  'scan-to-scan',
  'path-to-path',
] as const

/** What a recording was placed by, in time or in space, in the language of the window. */
export function methodWords(method: string): string {
  const known = METHODS.find((each) => each === method)
  return known ? t(`align.method.${known}`) : method
}
