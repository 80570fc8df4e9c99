/**
 * MCAP (mcap.dev) with Foxglove's own schemas in JSON: films as H.264 access units, sound, paths, inertial samples, captions and
 * markers, each at its time on the one clock of the take. Where the reference clock knows its UTC the times are UTC.
 */
import { McapWriter } from '@mcap/core'
import { open, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Track } from '../../../../shared/document/records.ts'
import { throwIfCancelled } from '../../../../shared/errors.ts'
import { secondsFromTicks } from '../../../../shared/units.ts'
import { sequenceRate, standardRate } from '../../../../shared/document/edit-rates.ts'
import { safeName, uniqueNames } from '../package/file-names.ts'
import { viewProject, type ProjectView } from '../package/project-view.ts'
import { MP4_PRESETS } from '../render/presets.ts'
import { renderFilm } from '../render/render.ts'
import { accessUnits } from './access-units.ts'
import { audibleTracks } from './audible-tracks.ts'
import { deviceMotions, devicePaths, noteTurns, projectSecondsOf } from './device-path.ts'
import type { Exporter, ExportInput, ExportOptions } from './exporter.ts'
import type { McapEntry } from './mcap-entry.ts'
import { MCAP_SCHEMAS, type McapSchemaName } from './mcap-schemas.ts'
import { soundEntries } from './mcap-sound.ts'
import { requireAssets } from './refusals.ts'
import { stepOptions } from './samples.ts'
import { writeWhole } from './whole-file.ts'

interface Topic {
  readonly name: string
  readonly schema: McapSchemaName
  readonly entries: AsyncGenerator<McapEntry> | Generator<McapEntry>
}

/** What project second 0 is: nanoseconds since 1970, or as much as keeps every time positive. */
function originNanoseconds(view: ProjectView): { origin: bigint; isUtc: boolean } {
  const reference = view.assets
    .flatMap((asset) => view.clocksOf(asset.id))
    .find((clock) => clock.id === view.project.referenceClockId)
  if (reference?.epochUtcNanoseconds) return { origin: BigInt(reference.epochUtcNanoseconds), isUtc: true }
  const starts = view.tracks.flatMap((track) => track.clips.map((clip) => clip.startTicks))
  const first = secondsFromTicks(Math.min(0, ...starts))
  return { origin: BigInt(Math.ceil(-first) * 1e9), isUtc: false }
}

function stamp(nanoseconds: bigint): { sec: number; nsec: number } {
  return { sec: Number(nanoseconds / 1_000_000_000n), nsec: Number(nanoseconds % 1_000_000_000n) }
}

async function* filmEntries(
  view: ProjectView,
  input: ExportInput,
  track: Track,
  film: string,
  frameId: string,
  options: ExportOptions,
): AsyncGenerator<McapEntry> {
  const own = view.stream(track.clips[0]?.streamId ?? '')?.frameRate
  const rate = own ? standardRate(own) : sequenceRate(view)
  const period = rate.denominator / rate.numerator
  for (const clip of track.clips) {
    const fromSeconds = secondsFromTicks(clip.startTicks)
    const part = { tracks: [track], fromSeconds, toSeconds: fromSeconds + secondsFromTicks(clip.durationTicks) }
    try {
      const preset = { ...MP4_PRESETS[0]!, rate, keyframeEvery: 30 }
      await renderFilm(view, input, { path: film, preset, container: ['-f', 'mp4'], part }, options)
      let n = 0
      for await (const data of accessUnits(input.tools, film, options.signal ?? new AbortController().signal)) {
        yield {
          seconds: fromSeconds + n++ * period,
          message: { frame_id: frameId, format: 'h264', data: data.toString('base64') },
        }
      }
    } finally {
      await rm(film, { force: true })
      await rm(`${film}.work`, { recursive: true, force: true })
    }
  }
}

function* wordEntries(view: ProjectView): Generator<McapEntry> {
  for (const caption of view.captions) {
    yield {
      seconds: secondsFromTicks(caption.startTicks),
      message: { level: 2, message: caption.text, name: 'captions', file: '', line: 0 },
    }
  }
}

function* markerEntries(view: ProjectView): Generator<McapEntry> {
  for (const marker of view.markers) {
    yield {
      seconds: secondsFromTicks(marker.atTicks),
      message: {
        level: 2,
        message: [marker.title, marker.note].filter(Boolean).join(': '),
        name: 'markers',
        file: '',
        line: 0,
      },
    }
  }
}

/** `/cam/video` and `/cam/audio` of one camera; of two cameras of one name the second is `/cam-2/video`. */
function topicNames(): (title: string, what: string) => string {
  const names = new Map<string, (name: string) => string>()
  return (title, what) => {
    const nameOf = names.get(what) ?? uniqueNames()
    names.set(what, nameOf)
    return `/${nameOf(safeName(title))}/${what}`
  }
}

async function topicsOf(view: ProjectView, input: ExportInput, film: string, options: ExportOptions): Promise<Topic[]> {
  const signal = options.signal ?? new AbortController().signal
  const topicOf = topicNames()
  const topics: Topic[] = []
  const tracks = audibleTracks(view, ['video', 'audio'], options)
  const cameras = tracks.filter((track) => track.sensor === 'video')
  for (const [n, track] of cameras.entries()) {
    const name = topicOf(track.title, 'video')
    const frameId = name.split('/')[1]!
    const steps = stepOptions(options, n, cameras.length)
    const entries = filmEntries(view, input, track, `${film}.${n}.mp4`, frameId, steps)
    topics.push({ name, schema: 'foxglove.CompressedVideo', entries })
  }
  for (const track of tracks.filter((each) => each.sensor === 'audio')) {
    const entries = soundEntries(view, input, track, options)
    topics.push({ name: topicOf(track.title, 'audio'), schema: 'foxglove.RawAudio', entries })
  }
  for (const path of await devicePaths(view, input, signal)) {
    const frameId = path.isInWorld ? 'world' : safeName(path.title)
    noteTurns(path, options)
    const { timesNanoseconds } = path.path
    function* poses(): Generator<McapEntry> {
      for (const time of timesNanoseconds) {
        const seconds = projectSecondsOf(view, path.stream, Number(time) / 1e9)
        const pose = path.at(seconds)
        if (!pose) continue
        const [x, y, z] = pose.position
        const [qx, qy, qz, qw] = pose.rotation
        yield {
          seconds,
          message: { frame_id: frameId, pose: { position: { x, y, z }, orientation: { x: qx, y: qy, z: qz, w: qw } } },
        }
      }
    }
    topics.push({ name: topicOf(path.title, 'pose'), schema: 'foxglove.PoseInFrame', entries: poses() })
  }
  for (const { stream, title, samples } of await deviceMotions(view, input, signal)) {
    const vector = (values: Float64Array | undefined, n: number): object | null =>
      values ? { x: values[n * 3], y: values[n * 3 + 1], z: values[n * 3 + 2] } : null
    function* motion(): Generator<McapEntry> {
      for (let n = 0; n < samples.count; n++) {
        yield {
          seconds: projectSecondsOf(view, stream, Number(samples.timesNanoseconds[n]) / 1e9),
          message: {
            frame_id: safeName(title),
            linear_acceleration: vector(samples.accelerations, n),
            angular_velocity: vector(samples.rotationRates, n),
          },
        }
      }
    }
    topics.push({ name: topicOf(title, 'imu'), schema: 'asterism.Imu', entries: motion() })
  }
  if (view.captions.length > 0) topics.push({ name: '/captions', schema: 'foxglove.Log', entries: wordEntries(view) })
  if (view.markers.length > 0) topics.push({ name: '/markers', schema: 'foxglove.Log', entries: markerEntries(view) })
  return topics
}

async function writeTopics(
  path: string,
  topics: readonly Topic[],
  origin: bigint,
  isUtc: boolean,
  options: ExportOptions,
): Promise<void> {
  const file = await open(path, 'w')
  let position = 0
  const writer = new McapWriter({
    writable: {
      position: () => BigInt(position),
      write: async (bytes) => {
        await file.writeFile(bytes)
        position += bytes.length
      },
    },
  })
  try {
    await writer.start({ profile: '', library: 'asterism' })
    await writer.addMetadata({ name: 'asterism', metadata: new Map([['clock', isUtc ? 'utc' : 'project']]) })
    const schemas = new Map<McapSchemaName, number>()
    const heads: { topic: Topic; channelId: number; sequence: number; next: McapEntry }[] = []
    for (const topic of topics) {
      let schemaId = schemas.get(topic.schema)
      if (schemaId === undefined) {
        const data = Buffer.from(JSON.stringify(MCAP_SCHEMAS[topic.schema]))
        schemaId = await writer.registerSchema({ name: topic.schema, encoding: 'jsonschema', data })
        schemas.set(topic.schema, schemaId)
      }
      const channelId = await writer.registerChannel({
        topic: topic.name,
        schemaId,
        messageEncoding: 'json',
        metadata: new Map(),
      })
      const { value, done } = await topic.entries.next()
      if (!done) heads.push({ topic, channelId, sequence: 0, next: value })
    }
    // Merged by time, so that a reader never has to look back.
    while (heads.length > 0) {
      throwIfCancelled(options.signal)
      const head = heads.reduce((first, each) => (each.next.seconds < first.next.seconds ? each : first))
      const time = origin + BigInt(Math.round(head.next.seconds * 1e9))
      const at = time < 0n ? 0n : time
      const data = Buffer.from(JSON.stringify({ timestamp: stamp(at), ...head.next.message }))
      await writer.addMessage({
        channelId: head.channelId,
        sequence: head.sequence++,
        logTime: at,
        publishTime: at,
        data,
      })
      const { value, done } = await head.topic.entries.next()
      if (done) heads.splice(heads.indexOf(head), 1)
      else head.next = value
    }
    await writer.end()
  } finally {
    for (const topic of topics) await topic.entries.return(undefined as never)
    await file.close()
  }
}

export const mcapExporter: Exporter = {
  id: 'mcap',
  title: 'MCAP for robotics tools',
  extension: '.mcap',
  purpose: 'datasets',
  async write(input, outPath, options = {}) {
    const view = viewProject(input.records)
    requireAssets(view)
    const { origin, isUtc } = originNanoseconds(view)
    const file = await writeWhole(resolve(outPath), options.signal, async (part) => {
      await writeTopics(part, await topicsOf(view, input, part, options), origin, isUtc, options)
    })
    return [file]
  },
}
