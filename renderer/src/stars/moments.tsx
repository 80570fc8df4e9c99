import { useEffect, useMemo, useRef, type KeyboardEvent } from 'react'
import { recordsOf } from '../../../shared/document/document.ts'
import type { StarsAnswer } from '../../../shared/contract/stars.ts'
import { everyFrame } from '../state/frames.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { now, seek } from '../state/transport.ts'
import { clockTime } from '../ui/format.ts'
import { decimalWords, t } from '../i18n/text.ts'
import { assetIn, MomentPicture, secondsOnAsset } from './moment-picture.tsx'

type Segment = StarsAnswer['segments'][number]
const BEST = 3

/** The stars of each moment as a strip that the playhead runs along, and the moments that carry most. */
export function Moments({ segments }: { segments: readonly Segment[] }) {
  const strip = useRef<HTMLDivElement>(null)
  const head = useRef<HTMLElement>(null)
  const start = segments[0]?.start_s ?? 0
  const end = segments.at(-1)?.end_s ?? 0
  const most = Math.max(0.001, ...segments.map((segment) => segment.stars))
  useEffect(
    () =>
      everyFrame((seconds) => {
        const share = (seconds - start) / Math.max(1e-9, end - start)
        if (head.current) head.current.style.left = `${Math.min(100, Math.max(0, share * 100))}%`
        const at = segmentAt(segments, seconds)
        strip.current?.setAttribute('aria-valuenow', at ? at.stars.toFixed(2) : '0')
        if (at) strip.current?.setAttribute('aria-valuetext', momentWords(at))
      }),
    [segments, start, end],
  )
  const step = (by: number): void => {
    const at = segments.findIndex((segment) => segment.end_s > now() + 1e-6)
    const next = segments[Math.min(segments.length - 1, Math.max(0, (at < 0 ? segments.length - 1 : at) + by))]
    if (next) seek(next.start_s)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (by === 0) return
    event.preventDefault()
    event.stopPropagation()
    step(by)
  }
  return (
    <>
      <div
        ref={strip}
        className="heat"
        role="slider"
        tabIndex={0}
        aria-label={t('stars.perMoment')}
        aria-valuemin={0}
        aria-valuemax={5}
        aria-valuenow={0}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          seek(start + ((event.clientX - box.left) / box.width) * (end - start))
        }}
      >
        {segments.map((segment) => (
          <i
            key={segment.start_s}
            className="heat__bar"
            title={momentWords(segment)}
            style={{
              left: `${(100 * (segment.start_s - start)) / (end - start)}%`,
              width: `${(100 * (segment.end_s - segment.start_s)) / (end - start)}%`,
              height: `${Math.max(3, (100 * segment.stars) / most)}%`,
            }}
          />
        ))}
        <i ref={head} className="heat__head" aria-hidden />
      </div>
      <BestMoments segments={segments} />
    </>
  )
}

function segmentAt(segments: readonly Segment[], seconds: number): Segment | undefined {
  return segments.find((segment) => seconds >= segment.start_s && seconds < segment.end_s)
}

function momentWords({ start_s, stars }: Segment): string {
  return t('stars.moment', { time: shortTime(start_s), stars: decimalWords(stars, 2) })
}

/** `01:02.3` */
export function shortTime(seconds: number): string {
  return clockTime(seconds)
    .replace(/^(−?)00:/, '$1')
    .slice(0, -2)
}

function BestMoments({ segments }: { segments: readonly Segment[] }) {
  const document = useDocument((state) => state.document)
  const viewed = useSession((state) => state.viewedStreamId)
  const camera = useMemo(() => {
    const videos = recordsOf(document, 'stream').filter((stream) => stream.sensor === 'video')
    return videos.find((stream) => stream.id === viewed) ?? videos[0]
  }, [document, viewed])
  const asset = camera ? assetIn(document, camera.assetId) : null
  const best = [...segments].sort((a, b) => b.stars - a.stars).slice(0, BEST)
  if (!asset || best.length < BEST || !(best[0]!.stars > 0)) return null
  return (
    <div className="best-moments">
      {best.map((segment) => {
        const middle = (segment.start_s + segment.end_s) / 2
        return (
          <button key={segment.start_s} className="best-moments__one" onClick={() => seek(segment.start_s)}>
            <MomentPicture asset={asset} seconds={secondsOnAsset(document, asset.id, middle)} width={104} />
            <span className="num">{momentWords(segment)}</span>
          </button>
        )
      })}
    </div>
  )
}
