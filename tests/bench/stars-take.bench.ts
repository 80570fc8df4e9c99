/**
 * What a take of ten minutes costs: picture and sound of a camera, the sound of a recorder, words over all of it. Imported, then
 * its stars predicted for the first time, again, and after a cut, by one engine as the window runs it. Processor time includes
 * ffmpeg's; memory is the most that the program held (ffmpeg keeps some 100 MB of its own).
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { runJob } from '../../shared/contract/client.ts'
import { recordsOf } from '../../shared/document/document.ts'
import type { Track } from '../../shared/document/records.ts'
import { ticksFromSeconds, TICKS_PER_SECOND } from '../../shared/units.ts'
import { keptOrMissed, type Print } from './stars-figures.ts'

const SECONDS = 600
const SENTENCE_SECONDS = 6
/** What is promised of two cores with nothing beside it. */
const MOST_SECONDS_AT_FIRST = 60
const MOST_SECONDS_AFTER_A_CUT = 1
const MOST_MEGABYTES = 1000

function ffmpeg(...given: string[]): void {
  const ran = spawnSync('ffmpeg', ['-v', 'error', '-y', ...given])
  if (ran.status !== 0) throw new Error(ran.stderr.toString())
}

/** Scenes of half a minute that move, and a sound of bursts that never repeats, heard by two devices. */
function makeTake(folder: string): string[] {
  const [camera, recorder, words] = ['camera.mp4', 'recorder.flac', 'words.srt'].map((name) => join(folder, name))
  const sound = `aevalsrc='0.3*sin(2*PI*t*(200+40*floor(t/7)))*gt(sin(5*t+0.01*t*t),0.3)+0.02*(random(0)-0.5)':s=48000:d=${SECONDS}`
  const picture = `testsrc2=s=640x360:r=25:d=${SECONDS},hue=h='floor(t/30)*47',rotate='0.02*t'`
  ffmpeg('-f', 'lavfi', '-i', sound, '-ac', '1', recorder)
  const coding = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac']
  ffmpeg('-f', 'lavfi', '-i', picture, '-i', recorder, ...coding, camera)
  const time = (seconds: number): string =>
    `00:${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')},000`
  const lines = Array.from({ length: SECONDS / SENTENCE_SECONDS }, (_, at) => {
    const from = at * SENTENCE_SECONDS
    return `${at + 1}\n${time(from)} --> ${time(from + 5)}\nScene ${at} turns ${at % 3 ? 'slowly' : 'quickly'} and sounds ${at * 40} times\n`
  })
  writeFileSync(words, lines.join('\n'))
  return [camera, recorder, words]
}

/** Processor seconds of this process, its threads and the children that have ended; from the kernel, in hundredths. */
function processorSeconds(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ').map(Number)
  return (fields[11] + fields[12] + fields[13] + fields[14]) / 100
}

interface Timed<T> {
  readonly answer: T
  readonly seconds: number
  readonly megabytes: number
}

async function timed<T>(print: Print, what: string, work: () => Promise<T>): Promise<Timed<T>> {
  const [start, before] = [performance.now(), processorSeconds()]
  const answer = await work()
  const seconds = (performance.now() - start) / 1000
  const megabytes = process.resourceUsage().maxRSS / 1024
  print(
    `  ${what.padEnd(34)}${seconds.toFixed(2).padStart(8)} s${(processorSeconds() - before).toFixed(2).padStart(8)} s of processors${megabytes.toFixed(0).padStart(7)} MB at most so far`,
  )
  return { answer, seconds, megabytes }
}

/** The middle of the take is cut out of every recording with an extent in time. */
function cutMiddle(engine: Engine): void {
  const { document } = engine.session
  const streams = recordsOf(document, 'stream').filter(({ durationSeconds }) => durationSeconds !== null)
  const tracks = streams.map((stream, order): Track => ({
    kind: 'track',
    id: `bench-track-${order}`,
    title: stream.sensor,
    sensor: stream.sensor,
    order,
    muted: false,
    locked: false,
    clips: [
      [0, 280],
      [320, SECONDS],
    ].map(([from, to], at) => ({
      id: `bench-clip-${order}-${at}`,
      assetId: stream.assetId,
      streamId: stream.id,
      startTicks: ticksFromSeconds(from),
      durationTicks: (to - from) * TICKS_PER_SECOND,
      sourceStartTicks: ticksFromSeconds(from),
      linkId: null,
    })),
  }))
  engine.session.requireProject().commit({ label: 'Cut' }, (draft) => {
    for (const track of recordsOf(document, 'track')) draft.delete(track.id)
    for (const track of tracks) draft.set(track.id, track)
  })
}

export async function run(print: Print): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-take-'))
  const engine = await createEngine({ home: join(folder, 'home'), resumeJobs: false, host: {} })
  try {
    const files = makeTake(folder)
    const { client } = engine
    await client.projects.create({ title: 'Ten minutes' })
    print(`A take of ${SECONDS} s, picture, two sounds, ${SECONDS / SENTENCE_SECONDS} sentences`)
    await timed(print, 'import', () => runJob(client, 'import', { files: files.map((path) => engine.grantFile(path)) }))
    await timed(print, 'align in time', () => runJob(client, 'sync', { referenceAssetId: null, method: 'auto' }))
    const stars = (): Promise<{ stars: number }> => runJob(client, 'stars', { pack: null })
    const first = await timed(print, 'stars, the first time', stars)
    const again = await timed(print, 'stars, nothing changed', stars)
    cutMiddle(engine)
    const cut = await timed(print, 'stars, after a cut', stars)
    print(`  ${first.answer.stars} stars, again ${again.answer.stars}, after the cut ${cut.answer.stars}`)
    print(`  ${keptOrMissed(first.seconds < MOST_SECONDS_AT_FIRST)}: under ${MOST_SECONDS_AT_FIRST} s the first time`)
    print(`  ${keptOrMissed(cut.seconds < MOST_SECONDS_AFTER_A_CUT)}: under ${MOST_SECONDS_AFTER_A_CUT} s after a cut`)
    print(`  ${keptOrMissed(cut.megabytes < MOST_MEGABYTES)}: under ${MOST_MEGABYTES} MB throughout`)
  } finally {
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
