/** Files out of frames and sound, by ffmpeg; nothing in them depends on when or where it ran. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waveFile } from './sound.ts'
import { TOOLS } from './tools.ts'

const EXACT = ['-fflags', '+bitexact', '-flags:v', '+bitexact', '-flags:a', '+bitexact']

function ffmpeg(args: readonly string[]): void {
  execFileSync(TOOLS.ffmpeg, ['-v', 'error', '-y', ...args], {
    stdio: ['ignore', 'inherit', 'inherit'],
    timeout: 900_000,
  })
}

export interface VideoOptions {
  readonly framesPerSecond: number
  /** Constant rate factor of x264. */
  readonly quality: number
  readonly audioKilobits: number
  readonly title: string
  /** As the device's wall clock had it: whole seconds, and not the truth. */
  readonly createdUtc: string
}

export function encodeVideo(
  frames: string,
  sound: Float64Array,
  cache: string,
  out: string,
  options: VideoOptions,
): void {
  const wave = join(cache, 'mux.wav')
  writeFileSync(wave, waveFile(sound))
  const fps = String(options.framesPerSecond)
  const groups = [
    ['-framerate', fps, '-i', join(frames, '%05d.jpg'), '-i', wave],
    ['-vf', 'scale=in_range=pc:out_range=tv:in_color_matrix=bt601:out_color_matrix=bt709,format=yuv420p'],
    ['-c:v', 'libx264', '-preset', 'slow', '-tune', 'film', '-crf', String(options.quality)],
    ['-g', String(2 * options.framesPerSecond), '-bf', '2', '-threads', '2'],
    ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'],
    ['-c:a', 'aac', '-b:a', `${options.audioKilobits}k`, '-map_metadata', '-1'],
    ['-metadata', `title=${options.title}`, '-metadata', `creation_time=${options.createdUtc}`],
    EXACT,
    ['-movflags', '+faststart', out],
  ]
  ffmpeg(groups.flat())
}

export function encodeFlac(sound: Float64Array, cache: string, out: string, title: string): void {
  const wave = join(cache, 'mux.wav')
  writeFileSync(wave, waveFile(sound))
  ffmpeg(['-i', wave, '-c:a', 'flac', '-compression_level', '12', '-metadata', `title=${title}`, ...EXACT, out])
}
