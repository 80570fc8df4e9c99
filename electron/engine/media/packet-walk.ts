/**
 * Reads a file's packets without decoding them: the true end of each stream where the header does not say it or cannot
 * be trusted, and the timing of video frames.
 */
import { AsterismError } from '../../../shared/errors.ts'
import { inputArguments, runTool } from './run-tool.ts'
import type { MediaTool } from './tools.ts'

/** One line of `ffprobe -show_packets`. Times are on the container's clock. */
export interface Packet {
  readonly streamIndex: number
  readonly seconds: number
  /** False where only the time of decoding is known. */
  readonly isPresentation: boolean
  readonly durationSeconds: number
  readonly isKey: boolean
  /** Before the beginning that an edit list sets: decoded, not shown. */
  readonly isDiscarded: boolean
  readonly skipSamples: number
  readonly discardSamples: number
}

/** What the packets of one stream cover. */
export interface PacketExtent {
  readonly streamIndex: number
  readonly packetCount: number
  readonly startSeconds: number
  /** Where timestamps jump, what the packets' own lengths add up to. */
  readonly endSeconds: number
  /** True when the stream's clock was set to another time in its middle, as in recordings that were joined. */
  readonly hasJumps: boolean
}

export interface FrameTiming {
  /** True when frames do not come at one rate; null when the packets do not say when they are shown. */
  readonly isVariable: boolean | null
  /** The longest way between two frames that decode by themselves; null when fewer than two were seen. */
  readonly keyframeIntervalSeconds: number | null
  /** Of the packets looked at, those that are decoded and not shown. */
  readonly discardedCount: number
}

export interface PacketWalkOptions {
  readonly signal: AbortSignal
  readonly timeoutMilliseconds: number
  /** Samples a second of each audio stream by its index, to take the encoder's padding off. */
  readonly sampleRates?: ReadonlyMap<number, number>
}

/** Further than any pause that a recorder bridges with timestamps. */
const JUMP_SECONDS = 10
const TIMING_PACKETS = 1_500
/** What ffprobe says of a packet. */
export const PACKET_ENTRIES =
  'packet=stream_index,pts_time,dts_time,duration_time,flags:packet_side_data=skip_samples,discard_padding'
/** Of the frames in a window of packets the last may still be missing: pictures are stored in decoding order. */
const REORDER_MARGIN = 17
/** A frame this far (in frames) from the evenly spaced grid is late by more than any rounding of timestamps. */
const VARIABLE_RATE_FRAMES = 0.25

interface OpenExtent {
  packetCount: number
  startSeconds: number
  endSeconds: number
  lastSeconds: number
  coveredSeconds: number
  jumps: number
}

/** The extent of every stream, by reading the whole file. */
export async function measureExtents(
  ffprobe: MediaTool,
  path: string,
  options: PacketWalkOptions,
): Promise<PacketExtent[]> {
  const extents = new Map<number, OpenExtent>()
  await walk(ffprobe, path, [], options, (packet) => extend(extents, packet, options.sampleRates))
  return closed(extents)
}

/** The extent of every stream out of all packets of a file. @param sampleRates as in `PacketWalkOptions` */
export function extentsOf(packets: readonly Packet[], sampleRates: ReadonlyMap<number, number>): PacketExtent[] {
  const extents = new Map<number, OpenExtent>()
  for (const packet of packets) extend(extents, packet, sampleRates)
  return closed(extents)
}

function extend(
  extents: Map<number, OpenExtent>,
  packet: Packet,
  sampleRates: ReadonlyMap<number, number> | undefined,
): void {
  if (Number.isNaN(packet.seconds)) return
  const rate = sampleRates?.get(packet.streamIndex)
  const start = packet.seconds + (rate ? packet.skipSamples / rate : 0)
  const end = packet.seconds + packet.durationSeconds - (rate ? packet.discardSamples / rate : 0)
  const known = extents.get(packet.streamIndex)
  if (!known) {
    const first = {
      packetCount: 1,
      startSeconds: start,
      endSeconds: Math.max(start, end),
      lastSeconds: packet.seconds,
    }
    extents.set(packet.streamIndex, { ...first, coveredSeconds: packet.durationSeconds, jumps: 0 })
    return
  }
  known.packetCount++
  known.coveredSeconds += packet.durationSeconds
  if (Math.abs(packet.seconds - known.lastSeconds) > JUMP_SECONDS) known.jumps++
  known.lastSeconds = packet.seconds
  if (known.jumps > 0) return
  // Pictures are stored out of order within a few packets of the start.
  if (start < known.startSeconds) known.startSeconds = start
  if (end > known.endSeconds) known.endSeconds = end
}

function closed(extents: ReadonlyMap<number, OpenExtent>): PacketExtent[] {
  return [...extents].map(([streamIndex, extent]) => ({
    streamIndex,
    packetCount: extent.packetCount,
    startSeconds: extent.startSeconds,
    endSeconds: extent.jumps === 0 ? extent.endSeconds : extent.startSeconds + extent.coveredSeconds,
    hasJumps: extent.jumps > 0,
  }))
}

/**
 * How the first frames of a video stream follow each other. @param streamIndex Of the container.
 *
 * @returns Only nulls when looking takes longer than the limit.
 */
export async function measureFrameTiming(
  ffprobe: MediaTool,
  path: string,
  streamIndex: number,
  options: PacketWalkOptions,
): Promise<FrameTiming> {
  const packets: Packet[] = []
  const selection = ['-select_streams', String(streamIndex), '-read_intervals', `%+#${TIMING_PACKETS}`]
  try {
    await walk(ffprobe, path, selection, options, (packet) => packets.push(packet))
  } catch (error) {
    if (error instanceof AsterismError && error.code === 'timeout') {
      return { isVariable: null, keyframeIntervalSeconds: null, discardedCount: 0 }
    }
    throw error
  }
  return frameTiming(packets)
}

/** The same out of packets that were read before. */
export function timingOf(packets: readonly Packet[], streamIndex: number): FrameTiming {
  return frameTiming(packets.filter((packet) => packet.streamIndex === streamIndex).slice(0, TIMING_PACKETS))
}

/** Times of decoding stand in only where no packet says when it is shown: a mixture of both is no rhythm. */
function frameTiming(packets: readonly Packet[]): FrameTiming {
  const presented = packets.filter((packet) => packet.isPresentation)
  const timed = presented.length > 0 ? presented : packets.filter((packet) => !Number.isNaN(packet.seconds))
  const times = timed.map((packet) => packet.seconds).sort((a, b) => a - b)
  if (packets.length >= TIMING_PACKETS) times.length = Math.max(0, times.length - REORDER_MARGIN)
  const keys = timed.filter((packet) => packet.isKey).map((packet) => packet.seconds)
  return {
    // Frames without a time leave holes that are none.
    discardedCount: packets.filter((packet) => packet.isDiscarded).length,
    isVariable: timed.length < packets.length || times.length < 3 ? null : isUneven(times),
    keyframeIntervalSeconds: longestKeyframeInterval(
      keys.sort((a, b) => a - b),
      times.at(-1),
    ),
  }
}

/** Whether sorted times leave the straight line through them by more than a quarter of a frame. */
export function isUneven(times: readonly number[]): boolean {
  const count = times.length
  if (count < 3) return false
  const meanIndex = (count - 1) / 2
  let meanTime = 0
  for (const time of times) meanTime += time / count
  let covariance = 0
  let variance = 0
  times.forEach((time, index) => {
    covariance += (index - meanIndex) * (time - meanTime)
    variance += (index - meanIndex) ** 2
  })
  const frameSeconds = covariance / variance
  if (frameSeconds <= 0) return false
  // Matroska rounds to whole milliseconds, which must not look like a variable rate at high rates.
  const tolerance = Math.max(VARIABLE_RATE_FRAMES * frameSeconds, 0.0011)
  return times.some((time, index) => Math.abs(time - meanTime - (index - meanIndex) * frameSeconds) > tolerance)
}

/** @param lastSeconds The last frame seen: a file may have one key frame and nothing but differences after it. */
function longestKeyframeInterval(keys: readonly number[], lastSeconds: number | undefined): number | null {
  if (keys.length === 0 || lastSeconds === undefined) return null
  // What follows the last key frame seen is at least as long as what was seen of it.
  let longest = Math.max(0, lastSeconds - keys[keys.length - 1])
  for (let index = 1; index < keys.length; index++) longest = Math.max(longest, keys[index] - keys[index - 1])
  return longest
}

async function walk(
  ffprobe: MediaTool,
  path: string,
  selection: readonly string[],
  options: PacketWalkOptions,
  onPacket: (packet: Packet) => void,
): Promise<void> {
  let partial = ''
  await runTool(
    ffprobe,
    ['-v', 'error', '-of', 'compact=p=0', ...selection, '-show_entries', PACKET_ENTRIES, ...inputArguments(path)],
    {
      signal: options.signal,
      timeoutMilliseconds: options.timeoutMilliseconds,
      onStdout: (chunk) => {
        const lines = (partial + chunk.toString('latin1')).split('\n')
        partial = lines.pop() ?? ''
        for (const line of lines) {
          const packet = parsePacket(line)
          if (packet) onPacket(packet)
        }
      },
    },
  )
}

function parsePacket(line: string): Packet | null {
  if (!line.startsWith('stream_index=')) return null
  return packetFrom(Object.fromEntries(line.split('|').map((field) => splitOnce(field))))
}

/** @param fields by the names of `PACKET_ENTRIES`, as ffprobe prints them; what lies beside a packet among them. */
export function packetFrom(fields: Readonly<Record<string, unknown>>): Packet {
  const number = (name: string): number => {
    const value = fields[name]
    return value === undefined || value === 'N/A' || value === '' ? Number.NaN : Number(value)
  }
  const presentation = number('pts_time')
  return {
    streamIndex: number('stream_index'),
    // AVI has no presentation times; its decoding times are all there is.
    isPresentation: !Number.isNaN(presentation),
    seconds: Number.isNaN(presentation) ? number('dts_time') : presentation,
    durationSeconds: number('duration_time') || 0,
    isKey: String(fields['flags'] ?? '').startsWith('K'),
    isDiscarded: String(fields['flags'] ?? '').includes('D'),
    skipSamples: number('skip_samples') || 0,
    discardSamples: number('discard_padding') || 0,
  }
}

function splitOnce(field: string): [string, string] {
  const at = field.indexOf('=')
  return [field.slice(0, at), field.slice(at + 1)]
}
