import { useEffect, useMemo, useRef } from 'react'
import { recordsOf, type Document } from '../../../shared/document/document.ts'
import type { Stream, Track } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { useLatest } from '../ui/use-latest.ts'
import { momentOf, playUrl } from './clip-time.ts'
import { everyFrame, follow } from './media-follower.ts'

/** Playback starts quiet, so that nobody is startled. */
const VOLUME = 0.35

interface Sounding {
  readonly track: Track
  readonly stream: Stream
}

/** A player for each recording on each audio track that is not muted, all on the playhead. */
export function SoundPlayers() {
  const document = useDocument((state) => state.document)
  const solo = useSession((state) => state.soloTrackIds)
  const sounding = useMemo(() => soundingTracks(document, solo), [document, solo])
  return (
    <>
      {sounding.map(({ track, stream }) => (
        <SoundPlayer key={`${track.id} ${stream.id}`} track={track} stream={stream} document={document} />
      ))}
    </>
  )
}

function soundingTracks(document: Document, solo: ReadonlySet<string>): Sounding[] {
  return recordsOf(document, 'track').flatMap((track) => {
    const isHeard = solo.size > 0 ? solo.has(track.id) : !track.muted
    if (track.sensor !== 'audio' || !isHeard) return []
    return [...new Set(track.clips.map((clip) => clip.streamId))].flatMap((streamId) => {
      const stream = document.get(streamId)
      return stream?.kind === 'stream' ? [{ track, stream }] : []
    })
  })
}

function SoundPlayer({ track, stream, document }: Sounding & { document: Document }) {
  const element = useRef<HTMLAudioElement>(null)
  const latest = useLatest({ track, document })
  useEffect(() => {
    const audio = element.current
    if (!audio) return
    return everyFrame((seconds) => {
      const { document: current, track: own } = latest.current
      const heard = momentOf(current, own, seconds)
      const moment = heard?.clip.streamId === stream.id ? heard : null
      follow(audio, moment && { seconds: moment.sourceSeconds, rate: moment.sourceRate }, VOLUME)
    })
  }, [stream.id, latest])
  return <audio ref={element} src={playUrl(stream)} preload="auto" />
}
