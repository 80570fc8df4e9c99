import { useEffect, useMemo, useRef } from 'react'
import { amplitudeAt } from '../../../shared/document/clip-sound.ts'
import { COMMENTARY_TRACK_ID } from '../../../shared/document/commentary.ts'
import { momentsOfStream } from '../../../shared/document/clip-clock.ts'
import type { Stream, Track } from '../../../shared/document/records.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import { isRecording, useRecorder } from '../commentary/recorder-store.ts'
import { useDocument } from '../state/document-store.ts'
import { usePreferences } from '../state/preferences.ts'
import { useSession } from '../state/session-store.ts'
import { useTransport } from '../state/transport.ts'
import { useIsMissing, useRecords } from '../state/use-records.ts'
import { useLatest } from '../ui/use-latest.ts'
import { BackwardsPlayer } from './backwards-player.ts'
import { momentOf, playUrl } from './clip-time.ts'
import { followWith, SoundFollower } from './media-follower.ts'

/** Playback starts quiet, so that nobody is startled. */
const VOLUME = 0.35
/** While somebody speaks over it: heard by the speaker, hardly by the microphone. */
const SHARE_WHILE_RECORDING = { off: 0, low: 0.25, on: 1 } as const

function volumeOf(track: Track): number {
  const { phase } = useRecorder.getState()
  if (phase !== 'recording') return VOLUME
  // Nobody wants to hear their last attempt while they speak the next.
  if (track.id === COMMENTARY_TRACK_ID) return 0
  return VOLUME * SHARE_WHILE_RECORDING[usePreferences.getState().loudnessWhileRecording]
}

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

/** Another player where the file went or came back: what could not be loaded once stays mute. */
function SoundPlayer({ track, stream }: Sounding) {
  const isMissing = useIsMissing(stream.assetId)
  return <Player key={String(isMissing)} track={track} stream={stream} />
}

function Player({ track, stream }: Sounding) {
  const element = useRef<HTMLAudioElement>(null)
  const latest = useLatest(track)
  const url = playUrl(stream)
  useEffect(() => {
    const audio = element.current
    if (!audio) return
    const backwards = new BackwardsPlayer(
      async () => await (await import('./reversed-sound.ts')).ReversedSound.open(url),
    )
    const follower = new SoundFollower(audio)
    const stop = followWith(audio, (seconds) => {
      const { document } = useDocument.getState()
      const heard = momentOf(document, latest.current, seconds)
      const moment = heard?.clip.streamId === stream.id ? heard : null
      const loudness = moment ? amplitudeAt(moment.clip, ticksFromSeconds(seconds) - moment.clip.startTicks) : 1
      // A media element plays at most what it is given: 9 dB over the quiet level of the window.
      const volume = Math.min(1, loudness * volumeOf(latest.current))
      backwards.follow(
        { track: latest.current, streamId: stream.id, moments: momentsOfStream(document, stream.id) },
        moment ? volume : 0,
      )
      const isBackwards = useTransport.getState().rate < 0
      audio.volume = volume
      // What is spoken is put where the playhead was by the clock of the machine.
      follower.mayLead = !isRecording()
      const wanted = moment && { seconds: moment.sourceSeconds, rate: moment.sourceRate }
      follower.follow(wanted, seconds, !isBackwards)
    })
    return () => {
      stop()
      follower.stand()
      backwards.dispose()
    }
  }, [stream.id, latest, url])
  return <audio ref={element} src={url} preload="auto" />
}
