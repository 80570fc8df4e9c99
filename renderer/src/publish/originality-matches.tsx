import { Copy } from 'lucide-react'
import { originalityMatch, type OriginalityMatch } from '../../../shared/contract/package-answers.ts'
import { t } from '../i18n/text.ts'
import { useDocument } from '../state/document-store.ts'
import { clockTime, percentWords } from '../ui/format.ts'

interface OriginalityMatchesProps {
  readonly originality: { readonly status: string; readonly matches: readonly unknown[] }
}

/** What is alike in works that were known before: the own span beside the other's. */
export function OriginalityMatches({ originality }: OriginalityMatchesProps) {
  const document = useDocument((state) => state.document)
  const matches = originality.matches.flatMap((match) => originalityMatch.safeParse(match).data ?? [])
  if (matches.length === 0) return null
  const titleOf = (assetId: string): string => {
    const asset = document.get(assetId)
    return asset?.kind === 'asset' ? asset.title : assetId
  }
  return (
    <table className="table matches">
      <thead>
        <tr>
          <th>{t('originality.mine')}</th>
          <th>{t('originality.known')}</th>
          <th className="num">{t('originality.alike')}</th>
        </tr>
      </thead>
      <tbody>
        {matches.map((match) => (
          <tr key={`${match.asset}:${match.work}:${match.of}:${match.kind}`}>
            <td>
              {titleOf(match.asset)}
              <Span start={match.start_s} end={match.end_s} />
            </td>
            <td>
              <Copy size={12} aria-hidden /> {match.of}
              <span className="faint matches__work">
                {t(match.minted ? 'originality.minted' : 'originality.packed', { work: match.work_title })}
              </span>
              <Span start={match.of_start_s} end={match.of_end_s} />
            </td>
            <td className="num">
              {percentWords(match.similarity)}
              <span className="faint matches__work">{kindWords(match)}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Span({ start, end }: { start: number | null; end: number | null }) {
  if (start === null || end === null) return null
  return (
    <span className="faint mono matches__work">
      {clockTime(start)}–{clockTime(end)}
    </span>
  )
}

const KINDS = ['exact', 'video', 'audio', 'shape', 'text'] as const

function kindWords({ kind }: OriginalityMatch): string {
  const known = KINDS.find((each) => each === kind)
  return known ? t(`originality.kind.${known}`) : kind
}
