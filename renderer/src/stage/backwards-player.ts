/**
 * Sound while the playhead runs backwards, which no media element plays: pieces before the playhead are decoded, turned
 * round and put one behind the other on the clock of the sound device. Twice as fast sounds an octave higher, as on tape.
 */
import { sourceSecondsAt } from '../../../shared/document/clip-clock.ts'
import type { Clip, Track } from '../../../shared/document/records.ts'
import type { MomentMap } from '../../../shared/signal/time-map.ts'
import { secondsFromTicks } from '../../../shared/units.ts'
import { useTransport } from '../state/transport.ts'
import type { ReversedSound } from './reversed-sound.ts'

/** Faster than this nothing is understood; forwards it is silent too. */
const FASTEST_HEARD = 4
/** How long a piece is heard. */
const PIECE_SECONDS = 0.4
/** So far ahead of what is heard pieces are put. */
const AHEAD_SECONDS = 0.9
/** Each piece fades into the next, which begins with the same sound: a seam of two decodings is not heard. */
const SEAM_SECONDS = 0.005
/** For a piece to be decoded, at the least; as many times what the last one took where that was more. */
const LEAD_SECONDS = 0.06
const LEAD_TIMES = 1.5
const STOP_SECONDS = 0.01
const SETTLED_SECONDS = 0.15
/** The clock of the device and that of the machine may run apart so far before the sound jumps back onto the playhead. */
const APART_SECONDS = 0.008

/** A stretch of a clip that is heard backwards, project seconds. */
interface Stretch {
  readonly clip: Clip
  readonly from: number
  readonly to: number
}

/** What of a recording is heard next from a moment backwards: of the clip that lies there, or of the last before it. */
function stretchBefore(
  track: Pick<Track, 'clips'>,
  streamId: string,
  projectSeconds: number,
  mostSeconds: number,
): Stretch | null {
  let next: Stretch | null = null
  for (const clip of track.clips) {
    const start = secondsFromTicks(clip.startTicks)
    if (clip.streamId !== streamId || start >= projectSeconds) continue
    const to = Math.min(projectSeconds, secondsFromTicks(clip.startTicks + clip.durationTicks))
    if (to > (next?.to ?? -Infinity)) next = { clip, from: Math.max(start, to - mostSeconds), to }
  }
  return next
}

let shared: AudioContext | null = null

/** Made when a key asks for it: before, a browser refuses sound. */
function soundDevice(): AudioContext {
  shared ??= new AudioContext({ latencyHint: 'interactive' })
  if (shared.state === 'suspended') void shared.resume().catch(() => undefined)
  return shared
}

/** Where on the clock of the device what is put is heard at a moment of the machine's clock. */
function deviceSecondsAt(device: AudioContext, milliseconds: number): number {
  const { contextTime, performanceTime } = device.getOutputTimestamp()
  // Before the first sound has come out there is no stamp.
  return contextTime !== undefined && performanceTime !== undefined && performanceTime > 0
    ? contextTime + (milliseconds - performanceTime) / 1000
    : device.currentTime - device.outputLatency + (milliseconds - performance.now()) / 1000
}

/** A device that was just opened tells wrong times until sound has come out of it for a moment. */
async function deviceRuns(device: AudioContext): Promise<void> {
  for (let tries = 0; tries < 40 && (device.getOutputTimestamp().contextTime ?? 0) < SETTLED_SECONDS; tries++)
    await new Promise((resolve) => setTimeout(resolve, 25))
}

export interface Played {
  readonly track: Track
  readonly streamId: string
  readonly moments: MomentMap
}

/** One recording of one track. */
export class BackwardsPlayer {
  readonly #open: () => Promise<ReversedSound | null>
  #sound: Promise<ReversedSound | null> | null = null
  #gain: GainNode | null = null
  #volume = -1
  /** What is under way: another playhead, speed or track begins anew. */
  #run: { readonly anchor: string; readonly track: Track } | null = null
  #nodes: AudioBufferSourceNode[] = []

  constructor(open: () => Promise<ReversedSound | null>) {
    this.#open = open
  }

  /** Called in every frame. @param volume what the amplitude is multiplied by at the playhead */
  follow(played: Played, volume: number): void {
    const { rate, anchorSeconds, anchorMilliseconds } = useTransport.getState()
    if (rate >= 0 || -rate > FASTEST_HEARD) {
      this.stop()
      return
    }
    const anchor = `${rate} ${anchorSeconds} ${anchorMilliseconds}`
    if (this.#run?.anchor !== anchor || this.#run.track !== played.track) {
      this.stop()
      const device = soundDevice()
      const gain = new GainNode(device, { gain: volume })
      gain.connect(device.destination)
      this.#gain = gain
      this.#volume = volume
      this.#run = { anchor, track: played.track }
      // What cannot be decoded is silent, as it was before.
      this.#play(played, this.#run, device, gain).catch(() => undefined)
    } else if (this.#gain && volume !== this.#volume) {
      this.#volume = volume
      this.#gain.gain.setTargetAtTime(volume, this.#gain.context.currentTime, STOP_SECONDS)
    }
  }

  stop(): void {
    if (!this.#run) return
    this.#run = null
    const gain = this.#gain
    if (gain) {
      gain.gain.setTargetAtTime(0, gain.context.currentTime, STOP_SECONDS / 3)
      for (const node of this.#nodes) node.stop(gain.context.currentTime + STOP_SECONDS * 2)
    }
    this.#nodes = []
    this.#gain = null
  }

  dispose(): void {
    this.stop()
    void this.#sound?.then((sound) => sound?.close())
    this.#sound = null
  }

  async #play({ track, streamId, moments }: Played, run: object, device: AudioContext, gain: GainNode): Promise<void> {
    this.#sound ??= this.#open()
    const sound = await this.#sound
    await deviceRuns(device)
    const { rate, anchorSeconds, anchorMilliseconds } = useTransport.getState()
    const speed = -rate
    const isWanted = (): boolean => this.#run === run
    if (!sound || !isWanted()) return
    /** When a moment of the project is heard, on the device's clock. */
    const heardAt = (projectSeconds: number): number =>
      deviceSecondsAt(device, anchorMilliseconds + ((anchorSeconds - projectSeconds) / speed) * 1000)
    const playheadIn = (seconds: number): number =>
      anchorSeconds - ((performance.now() - anchorMilliseconds) / 1000 + seconds) * speed
    let lead = LEAD_SECONDS
    const first = playheadIn(lead)
    let firstHeardAt = heardAt(first)
    let at = first
    while (isWanted()) {
      // A machine that decodes too slowly leaves out what it would have too late, and takes longer pieces.
      at = Math.min(at, playheadIn(lead))
      const stretch = stretchBefore(track, streamId, at, Math.max(PIECE_SECONDS, lead) * speed)
      if (!stretch) return
      const { clip, to } = stretch
      // Less where the clip begins: what lies before it was never to be heard.
      const from = Math.max(secondsFromTicks(clip.startTicks), stretch.from - SEAM_SECONDS * speed)
      const source = (seconds: number): number => Math.max(0, sourceSecondsAt(clip, moments, seconds))
      const began = performance.now()
      const buffer = await sound.between(source(from), source(to))
      if (!isWanted()) return
      lead = Math.max(LEAD_SECONDS, (LEAD_TIMES * (performance.now() - began)) / 1000)
      // Piece follows piece on the device's clock; only where that has run away from the machine's they jump.
      const apart = heardAt(to) - (firstHeardAt + (first - to) / speed)
      if (Math.abs(apart) > APART_SECONDS) firstHeardAt += apart
      if (buffer) this.#put(buffer, firstHeardAt + (first - to) / speed, (to - from) / speed, gain)
      at = stretch.from
      const early = firstHeardAt + (first - at) / speed - device.currentTime - AHEAD_SECONDS
      if (early > 0) await new Promise((resolve) => setTimeout(resolve, early * 1000))
    }
  }

  #put(buffer: AudioBuffer, startSeconds: number, heardSeconds: number, gain: GainNode): void {
    const device = gain.context
    fadeEnds(buffer, (SEAM_SECONDS / heardSeconds) * buffer.length)
    const playbackRate = buffer.duration / heardSeconds
    const node = new AudioBufferSourceNode(device, { buffer, playbackRate })
    node.connect(gain)
    const late = Math.max(0, device.currentTime - startSeconds)
    if (late >= heardSeconds) return
    node.start(startSeconds + late, late * playbackRate)
    node.addEventListener('ended', () => {
      this.#nodes = this.#nodes.filter((each) => each !== node)
      node.disconnect()
      if (this.#gain !== gain && this.#nodes.length === 0) gain.disconnect()
    })
    this.#nodes.push(node)
  }
}

/** Two straight fades of the same sound across each other are that sound. */
function fadeEnds(buffer: AudioBuffer, lengthSamples: number): void {
  const length = Math.min(Math.round(lengthSamples), buffer.length >> 1)
  for (let channel = 0; channel < buffer.numberOfChannels; channel++) {
    const samples = buffer.getChannelData(channel)
    for (let n = 0; n < length; n++) {
      samples[n]! *= n / length
      samples[samples.length - 1 - n]! *= n / length
    }
  }
}
