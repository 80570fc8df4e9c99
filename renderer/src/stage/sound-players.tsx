import { useEffect, useMemo, useRef } from 'react'
import type { Stream, Track } from '../../../shared/document/records.ts'
import { useDocument } from '../state/document-store.ts'
import { useSession } from '../state/session-store.ts'
import { useRecords } from '../state/use-records.ts'
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
  const tracks = useRecords('track')
  const streams = useRecords('stream')
  const solo = useSession((state) => state.soloTrackIds)
  const sounding = useMemo(() => soundingTracks(tracks, streams, solo), [tracks, streams, solo])
  return (
    <>
      {sounding.map(({ track, stream }) => (
        <SoundPlayer key={`${track.id} ${stream.id}`} track={track} stream={stream} />
      ))}
    </>
  )
}

function soundingTracks(
  tracks: readonly Track[],
  streams: readonly Stream[],
  solo: ReadonlySet<string>,
): readonly Sounding[] {
  const byId = new Map(streams.map((stream) => [stream.id, stream]))
  return tracks.flatMap((track) => {
    const isHeard = solo.size > 0 ? solo.has(track.id) : !track.muted
    if (track.sensor !== 'audio' || !isHeard) return []
    return [...new Set(track.clips.map((clip) => clip.streamId))].flatMap((streamId) => {
      const stream = byId.get(streamId)
      return stream ? [{ track, stream }] : []
    })
  })
}

function SoundPlayer({ track, stream }: Sounding) {
  const element = useRef<HTMLAudioElement>(null)
  const latest = useLatest(track)
  useEffect(() => {
    const audio = element.current
    if (!audio) return
    return everyFrame((seconds) => {
      const heard = momentOf(useDocument.getState().document, latest.current, seconds)
      const moment = heard?.clip.streamId === stream.id ? heard : null
      follow(audio, moment && { seconds: moment.sourceSeconds, rate: moment.sourceRate }, VOLUME)
    })
  }, [stream.id, latest])
  return <audio ref={element} src={playUrl(stream)} preload="auto" />
}
