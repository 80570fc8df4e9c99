import { ArrowLeftRight, Fingerprint } from 'lucide-react'
import type { StarsMatch } from '../../../shared/contract/stars.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { seek } from '../state/transport.ts'
import { percentWords } from '../ui/format.ts'
import { t, type PlainKey } from '../i18n/text.ts'
import { shortTime } from './moments.tsx'
import { assetIn, MomentPicture, secondsOnAsset } from './moment-picture.tsx'
import './original-matches.css'

const KINDS: Readonly<Record<string, PlainKey>> = {
  exact: 'stars.match.exact',
  video: 'stars.match.video',
  audio: 'stars.match.audio',
  shape: 'stars.match.shape',
  text: 'stars.match.text',
  'duplicate-asset': 'stars.match.twice',
  library: 'stars.match.exact',
  repeat: 'stars.match.repeat',
}

/** What was seen before, side by side: its span beside the span that it is the same as. */
export function OriginalMatches({ matches }: { readonly matches: readonly StarsMatch[] }) {
  return (
    <ul className="matches">
      {matches.map((match) => (
        <Match key={`${match.kind} ${match.asset} ${match.work ?? match.of} ${match.start_s ?? ''}`} match={match} />
      ))}
    </ul>
  )
}

function Match({ match }: { match: StarsMatch }) {
  const document = useDocument((state) => state.document)
  const own = assetIn(document, match.asset)
  const other = match.work ? null : assetIn(document, match.of)
  const kind = KINDS[match.kind]
  // Repeats and words lie on the project's time line, what another work holds on the recording's own clock.
  const onProject = match.kind === 'repeat' || match.kind === 'text'
  const show = (assetId: string | null, seconds: number | null | undefined): void => {
    if (assetId !== null) useSession.setState({ selectedAssetId: assetId })
    if (seconds !== null && seconds !== undefined && onProject) seek(seconds)
  }
  return (
    <li className="card match">
      <div className="row">
        <span className={match.minted === false ? 'badge' : 'badge badge--warn'}>{kind ? t(kind) : match.kind}</span>
        {match.minted === false ? <span className="faint">{t('stars.match.notMinted')}</span> : null}
        <span className="spacer" />
        {match.similarity !== undefined ? <span className="num">{percentWords(match.similarity)}</span> : null}
      </div>
      <div className="match__sides">
        <button className="match__side" onClick={() => show(own?.id ?? null, match.start_s)}>
          {own ? <MomentPicture asset={own} seconds={middle(own.id, match.start_s, match.end_s)} width={140} /> : null}
          <strong>{own?.title ?? (match.kind === 'text' ? t('stars.match.words') : match.asset)}</strong>
          <span className="faint num">{spanWords(match.start_s, match.end_s)}</span>
        </button>
        <ArrowLeftRight size={15} aria-hidden className="faint" />
        {other ? (
          <button className="match__side" onClick={() => show(other.id, match.of_start_s)}>
            <MomentPicture asset={other} seconds={middle(other.id, match.of_start_s, match.of_end_s)} width={140} />
            <strong>{other.title}</strong>
            <span className="faint num">{spanWords(match.of_start_s, match.of_end_s)}</span>
          </button>
        ) : (
          <span className="match__side">
            <span className="moment-picture" style={{ width: 140, height: 79 }}>
              <Fingerprint size={22} aria-hidden />
            </span>
            <strong>{match.work_title ?? match.of}</strong>
            <span className="faint">{match.work ? match.of : ''}</span>
            <span className="faint num">{spanWords(match.of_start_s, match.of_end_s)}</span>
          </span>
        )}
      </div>
    </li>
  )

  function middle(assetId: string, start: number | null | undefined, end: number | null | undefined): number {
    const seconds = ((start ?? 0) + (end ?? start ?? 0)) / 2
    return onProject ? secondsOnAsset(document, assetId, seconds) : seconds
  }
}

function spanWords(start: number | null | undefined, end: number | null | undefined): string {
  return start === null || start === undefined || end === null || end === undefined
    ? t('stars.match.whole')
    : `${shortTime(start)} – ${shortTime(end)}`
}
