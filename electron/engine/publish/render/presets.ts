/** How a render is encoded. Every preset is without B-frames: a picture then stands where its packet does, whatever reads it. */
import { AsterismError } from '../../../../shared/errors.ts'
import { say } from '../../../../shared/sayings/saying.ts'
import type { FrameRate } from '../../../../shared/units.ts'
import type { ExportPreset } from '../export/exporter.ts'

export interface VideoPreset extends ExportPreset {
  /** Names of ffmpeg's encoders, the first that a build has is taken. */
  readonly encoders: readonly (readonly [name: string, args: readonly string[]])[]
  readonly audio: readonly string[]
  /** What the sound goes through before it is encoded. */
  readonly audioFilter?: string
  /** The picture is made smaller to fit, never larger. */
  readonly largestSide: number | null
  /** The project's own without it. */
  readonly rate?: FrameRate
  /** Frames from one key frame to the next. */
  readonly keyframeEvery: number
  /** A buyer profile that the result is meant for. */
  readonly buyer?: string
}

const NO_B_FRAMES = ['-bf', '0', '-pix_fmt', 'yuv420p']
/** The same number on every machine: x264 gives other bytes for other numbers of threads. */
const THREADS = ['-threads', '4']

const h264 = (speed: string, crf: number): VideoPreset['encoders'] => [
  ['libx264', ['-preset', speed, '-crf', String(crf), ...NO_B_FRAMES, ...THREADS]],
  ['h264_videotoolbox', ['-b:v', '12M', ...NO_B_FRAMES]],
  ['h264_mf', ['-b:v', '12M', ...NO_B_FRAMES]],
  ['libopenh264', ['-b:v', '12M', ...NO_B_FRAMES]],
]
const AAC = ['-c:a', 'aac', '-b:a', '192k']
const OPUS = ['-c:a', 'libopus', '-b:a', '160k']
/**
 * Opus begins 312 samples before its sound, and readers of WebM take that off the times of the sound; ffmpeg's muxer does
 * not put it on, so it is put on here. Without it the pictures would stand 7 ms late against the sound.
 */
const OPUS_LEAD_IN = 'asetpts=PTS+312'

const vp9 = (crf: number): VideoPreset['encoders'] => [
  [
    'libvpx-vp9',
    [
      '-crf',
      String(crf),
      '-b:v',
      '0',
      '-deadline',
      'good',
      '-cpu-used',
      '5',
      '-auto-alt-ref',
      '0',
      '-lag-in-frames',
      '0',
      '-pix_fmt',
      'yuv420p',
      ...THREADS,
    ],
  ],
]

export const MP4_PRESETS: readonly VideoPreset[] = [
  {
    id: 'standard',
    title: 'H.264 and AAC at the size of the recording',
    encoders: h264('veryfast', 20),
    audio: AAC,
    largestSide: null,
    keyframeEvery: 60,
  },
  {
    id: 'small',
    title: 'H.264 and AAC, at most 1280 pixels wide',
    encoders: h264('veryfast', 25),
    audio: ['-c:a', 'aac', '-b:a', '128k'],
    largestSide: 1280,
    keyframeEvery: 60,
  },
  {
    id: 'egocentric-baseline',
    title: 'Egocentric video, baseline: 30 fps, a key frame every 30, 4 to 8 Mb/s',
    encoders: [
      [
        'libx264',
        ['-preset', 'veryfast', '-b:v', '6M', '-maxrate', '8M', '-bufsize', '12M', ...NO_B_FRAMES, ...THREADS],
      ],
    ],
    audio: AAC,
    largestSide: null,
    rate: { numerator: 30, denominator: 1 },
    keyframeEvery: 30,
    buyer: 'egocentric-baseline',
  },
]

export const WEBM_PRESETS: readonly VideoPreset[] = [
  {
    id: 'standard',
    title: 'VP9 and Opus at the size of the recording',
    encoders: vp9(31),
    audio: OPUS,
    audioFilter: OPUS_LEAD_IN,
    largestSide: null,
    keyframeEvery: 60,
  },
  {
    id: 'small',
    title: 'VP9 and Opus, at most 1280 pixels wide',
    encoders: vp9(36),
    audio: OPUS,
    audioFilter: OPUS_LEAD_IN,
    largestSide: 1280,
    keyframeEvery: 60,
  },
]

export interface WavePreset extends ExportPreset {
  readonly codec: string
}

export const WAV_PRESETS: readonly WavePreset[] = [
  { id: 'standard', title: '24 bits, 48 kHz, stereo', codec: 'pcm_s24le' },
  { id: 'float', title: '32-bit float, 48 kHz, stereo', codec: 'pcm_f32le' },
]

/** @throws AsterismError `bad_input` naming the presets there are. */
export function choosePreset<P extends ExportPreset>(presets: readonly P[], id: string | null | undefined): P {
  const found = id === null || id === undefined ? presets[0] : presets.find((each) => each.id === id)
  if (found) return found
  throw new AsterismError('bad_input', say('export.noPreset', { id: id ?? '' }), {
    fix: say('export.fix.oneOf', { names: presets.map((each) => each.id).join(', ') }),
  })
}
