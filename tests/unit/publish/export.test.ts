import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { AsterismError } from '../../../shared/errors.ts'
import { EXPORT_FORMATS } from '../../../shared/contract/export.ts'
import { EXPORTERS, exporter } from '../../../electron/engine/publish/export/index.ts'
import { audibleTracks } from '../../../electron/engine/publish/export/audible-tracks.ts'
import { croissantFaults } from '../../../electron/engine/publish/formats/croissant-rules.ts'
import { samplesOf } from '../../../electron/engine/publish/export/samples.ts'
import { viewProject } from '../../../electron/engine/publish/package/project-view.ts'
import { ticksFromSeconds } from '../../../shared/units.ts'
import {
  captionRecord,
  editProject,
  markerRecord,
  packageInput,
  projectRecord,
  scanProject,
} from '../../fixtures/publish/project.ts'
import { inEnglish } from '../../../shared/sayings/saying.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'

/** Formats whose whole output is text; those with media are driven in tests/integration/export.test.ts. */
const TEXT = EXPORTERS.filter((each) =>
  [
    'otio',
    'fcpxml',
    'edl',
    'vtt',
    'vtt-words',
    'srt',
    'transcript-txt',
    'transcript-md',
    'transcript-json',
    'croissant',
  ].includes(each.id),
)
const cases = TEXT.map((each) => [each.id, each] as const)

describe('every exporter of text', () => {
  it('is one of the formats that the command line offers, and the other way round', () => {
    expect(EXPORTERS.map((each) => each.id)).toEqual([...EXPORT_FORMATS])
    expect(cases).toHaveLength(10)
  })

  it.each(cases)('%s: writes whole files, says what they are, and the same again', async (_, each) => {
    const folder = await scratchFolder()
    const input = packageInput(await editProject(join(folder, 'in')))
    const out = join(folder, 'new', 'folder', `x${each.extension}`)
    const files = await each.write(input, out)
    expect(files[0]?.path).toBe(out)
    for (const file of files) {
      const bytes = await readFile(file.path)
      expect(file).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') })
    }
    expect((await readdir(join(folder, 'new', 'folder'))).sort()).toEqual(
      files.map((file) => basename(file.path)).sort(),
    )
    expect(await each.write(input, out)).toEqual(files)
  })

  it.each(cases)('%s: leaves nothing where it cannot write or was cancelled', async (_, each) => {
    const folder = await scratchFolder()
    const input = packageInput(await editProject(join(folder, 'in')))
    const taken = join(folder, `x${each.extension}`)
    await mkdir(taken)
    await expect(each.write(input, taken)).rejects.toThrow()
    const signal = AbortSignal.abort()
    await expect(each.write(input, join(folder, `y${each.extension}`), { signal })).rejects.toMatchObject({
      code: 'cancelled',
    })
    expect((await readdir(folder)).sort()).toEqual(['in', `x${each.extension}`])
  })

  it.each(cases)('%s: refuses an empty project with the reason', async (_, each) => {
    const folder = await scratchFolder()
    const input = packageInput({ records: [projectRecord()], paths: new Map() })
    await expect(each.write(input, join(folder, `x${each.extension}`))).rejects.toMatchObject({
      code: 'bad_input',
      fix: expect.stringMatching(/.{10}/),
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('is found by its name, once', () => {
    expect(new Set(EXPORTERS.map((each) => each.id)).size).toBe(EXPORTERS.length)
    for (const each of EXPORTERS) expect(exporter(each.id)).toBe(each)
    expect(() => exporter('betamax')).toThrow(/betamax/)
  })
})

describe('exports', () => {
  it('name media in a timeline where they lie', async () => {
    const folder = await scratchFolder()
    const input = packageInput(await scanProject(join(folder, 'in')))
    await exporter('otio').write(input, join(folder, 'x.otio'))
    const text = await readFile(join(folder, 'x.otio'), 'utf8')
    expect(text).toContain(`"target_url": "${pathToFileURL(join(folder, 'in', 'capture')).href}"`)
  })

  it('describe originals as a dataset that satisfies the rules', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    await exporter('croissant').write(packageInput(project), join(folder, 'in', 'croissant.json'))
    const document = JSON.parse(await readFile(join(folder, 'in', 'croissant.json'), 'utf8')) as {
      distribution: { name: string; contentUrl: string }[]
    }
    expect(croissantFaults(document)).toEqual([])
    expect(document.distribution.map((file) => file.contentUrl)).toEqual([
      'room%20scan.ply',
      'Room%20Scan.PLY.d/room%20scan.ply',
      'capture/depth/000000.bin',
      'capture/odometry.csv',
    ])
    await rm(project.paths.get('a') ?? '')
    const refused = exporter('croissant').write(packageInput(project), join(folder, 'x.json'))
    await expect(refused).rejects.toMatchObject({ code: 'not_found' })
  })

  it('refuse captions where there are none', async () => {
    const folder = await scratchFolder()
    const project = await scanProject(join(folder, 'in'))
    const records = project.records.filter((record) => record.kind !== 'caption')
    const refused = exporter('vtt').write(packageInput({ ...project, records }), join(folder, 'x.vtt'))
    await expect(refused).rejects.toMatchObject({ code: 'bad_input' })
  })
})

it('a sample is told what is said in its own clip, on the clock of that clip', async () => {
  const { records } = packageInput(await editProject(join(await scratchFolder(), 'in')))
  const [first] = samplesOf(viewProject(records), {})
  const { startSeconds, endSeconds } = first!
  const said = captionRecord('over', startSeconds - 0.5, endSeconds + 0.5, 'all along')
  const span = {
    ...markerRecord('span', startSeconds - 0.25, 'cut'),
    labelId: 'cut',
    durationTicks: ticksFromSeconds(0.35),
  }
  const others = [...records].filter(({ kind }) => kind !== 'caption' && kind !== 'marker')
  const [sample] = samplesOf(viewProject([...others, said, span]), {})
  expect(sample!.metadata).toMatchObject({
    duration_s: endSeconds - startSeconds,
    captions: [{ start_s: 0, end_s: endSeconds - startSeconds, text: 'all along' }],
    labels: [{ label: 'cut', start_s: 0, end_s: 0.1 }],
  })
})

it('tracks that are left out for being muted are named', async () => {
  const { records } = await editProject(join(await scratchFolder(), 'in'))
  const muted = records.map((record) =>
    record.kind === 'track' && record.sensor === 'audio' ? { ...record, muted: true } : record,
  )
  const notes = (of: typeof records): string[] => {
    const said: string[] = []
    audibleTracks(viewProject(of), ['video', 'audio'], { onNote: (note) => said.push(inEnglish(note)) })
    return said
  }
  expect(notes(records)).toEqual([])
  expect(notes(muted)).toEqual([expect.stringMatching(/^Left out because muted: ".+" \(audio\)\.$/)])
  const samples = samplesOf(viewProject(muted), {})
  expect(samples.length).toBeGreaterThan(0)
  expect(samples.flatMap(({ sounds }) => sounds)).toEqual([])
  const dark = records.map((record) => (record.kind === 'track' ? { ...record, muted: true } : record))
  expect(() => samplesOf(viewProject(dark), {})).toThrow(AsterismError)
})
