/**
 * Runs ffmpeg or ffprobe as a child process that can always be stopped: by the signal, by a time limit, by a stall
 * detector. No shell is involved, and paths are never read as options or protocols (see `inputArguments`).
 */
import type { ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { AsterismError } from '../../../shared/errors.ts'
import { say, type Saying } from '../../../shared/sayings/saying.ts'
import { startProgram } from '../programs.ts'
import { killTree, trackChild } from './child-processes.ts'
import { StderrReader } from './stderr-reader.ts'
import type { MediaTool } from './tools.ts'

export interface RunToolOptions {
  readonly signal: AbortSignal
  /** From start to exit. */
  readonly timeoutMilliseconds: number
  /** The longest stall: no output, and no progress in the lines of `-progress`. */
  readonly stallMilliseconds?: number
  /** Takes the output as it comes instead of collecting it; the tool waits while a returned promise is pending. */
  readonly onStdout?: (chunk: Buffer) => void | Promise<void>
  /** Every line of the log, without its line end, cut at 4,096 characters. */
  readonly onStderrLine?: (line: string) => void
  /** Limit of collected output; more is `too_large`. */
  readonly maxOutputBytes?: number
  /** Written to standard input, which is otherwise closed; chunks are pulled as the tool reads them. */
  readonly input?: Uint8Array | AsyncIterable<Uint8Array>
}

export interface ToolResult {
  /** Empty if `onStdout` received it. */
  readonly stdout: Buffer
  /** The last lines of the log, at most 16 KiB. */
  readonly stderrTail: string
  readonly exitCode: number
}

const DEFAULT_STALL_MILLISECONDS = 60_000
const DEFAULT_MAX_OUTPUT_BYTES = 64 << 20
/** After SIGTERM ffmpeg closes its file properly; after this time it is killed. */
const TERMINATION_GRACE_MILLISECONDS = 2_000
/** ffmpeg's exit code for "too many of the packets could not be decoded", with everything else written. */
export const EXIT_DECODE_ERRORS = 69

/**
 * The demuxers that may open a user's file. Playlists (hls, dash, concat) are excluded because they make ffmpeg read
 * other files than the given one.
 */
const FORMATS =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,m4v,asf,flv,mxf,dv,ogg,nut,ivf,rm,gxf,wtv,' +
  'h264,hevc,obu,av1,mjpeg,wav,w64,flac,mp3,aac,ac3,eac3,dts,truehd,aiff,caf,au,amr,ape,wv,tta,dsf,iff,voc,loas,' +
  'mpc,mpc8,gsm,gif,apng,png_pipe,jpeg_pipe,webp_pipe,bmp_pipe,tiff_pipe,jpegxl_pipe,yuv4mpegpipe'

/** The arguments that open a file for reading, for ffmpeg and ffprobe alike. */
export function inputArguments(path: string): string[] {
  return ['-protocol_whitelist', 'file,pipe', '-format_whitelist', FORMATS, '-i', fileUrl(path)]
}

/** A path for ffmpeg that is always read as a file, whatever its name looks like. */
export function fileUrl(path: string): string {
  return `file:${path}`
}

/** Arguments that every run of ffmpeg starts with: quiet, never asking, one allocation at most 1 GiB. */
export const COMMON_ARGUMENTS: readonly string[] = ['-hide_banner', '-nostdin', '-max_alloc', String(1 << 30)]

/**
 * Runs the tool to its end. The exit code is the caller's to judge (see `refuseFailure`). Throws `cancelled`,
 * `timeout`, `tool_missing` (it cannot be started), `too_large` and `disk_full`; the child has ended by then.
 */
export async function runTool(tool: MediaTool, args: readonly string[], options: RunToolOptions): Promise<ToolResult> {
  const name = basename(tool.path)
  if (options.signal.aborted) throw new AsterismError('cancelled', 'Cancelled.')
  const child = startProgram(tool.path, args, {
    stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    // Its own process group, so that a wrapper script ends together with what it started.
    detached: process.platform !== 'win32',
  })
  const untrack = trackChild(child)
  const watch = new Watch(child, name, options)
  const log = new StderrReader(options.onStderrLine, () => watch.step())
  try {
    const ended = new Promise<number>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code, signal) => resolve(code ?? (signal ? 128 : 1)))
    })
    child.stderr?.on('data', (chunk: Buffer) => log.push(chunk))
    // A tool that ends early breaks the pipe of its input; its exit code says why.
    child.stdin?.on('error', () => watch.step())
    const { input } = options
    if (input instanceof Uint8Array) child.stdin?.end(input)
    else if (input && child.stdin)
      feed(child.stdin, input, ended, () => watch.step()).catch((error: unknown) => watch.stop(error))
    const [exitCode, stdout] = await Promise.all([ended, drain(child.stdout!, name, options, watch)])
    log.end()
    if (watch.failure !== null) throw watch.failure
    if (exitCode !== 0 && isDiskFull(log.tail)) {
      throw new AsterismError('disk_full', say('disk.full'), { fix: say('disk.fix.freeAndAgain') })
    }
    return { stdout, stderrTail: log.tail, exitCode }
  } catch (error) {
    if (watch.failure !== null) throw watch.failure
    throw asStartFailure(error, tool)
  } finally {
    killTree(child, 'SIGKILL')
    watch[Symbol.dispose]()
    untrack()
  }
}

/** Stops a child once: by the signal, the time limit, or the stall detector. */
class Watch implements Disposable {
  /** Why it was stopped; null if it was not. */
  failure: unknown = null
  /** While our side is busy, the tool does not count as stalled. */
  isConsuming = false
  #lastStep = performance.now()
  #killTimer: NodeJS.Timeout | undefined
  readonly #child: ChildProcess
  readonly #signal: AbortSignal
  readonly #stallTimer: NodeJS.Timeout
  readonly #timeout: NodeJS.Timeout
  readonly #onAbort = (): void => this.stop(new AsterismError('cancelled', 'Cancelled.'))

  constructor(child: ChildProcess, name: string, options: RunToolOptions) {
    const { signal, timeoutMilliseconds, stallMilliseconds = DEFAULT_STALL_MILLISECONDS } = options
    this.#child = child
    this.#signal = signal
    this.#stallTimer = setInterval(
      () => {
        if (this.isConsuming) this.step()
        else if (performance.now() - this.#lastStep > stallMilliseconds)
          this.#stopLate(say('tool.stalled', { name, seconds: stallMilliseconds / 1000 }))
      },
      Math.min(1_000, Math.max(20, stallMilliseconds / 4)),
    )
    this.#timeout = setTimeout(
      () => this.#stopLate(say('tool.late', { name, seconds: timeoutMilliseconds / 1000 })),
      timeoutMilliseconds,
    )
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  /** It moved. */
  step(): void {
    this.#lastStep = performance.now()
  }

  /** The first reason counts. */
  stop(reason: unknown): void {
    if (this.failure !== null) return
    this.failure = reason
    killTree(this.#child, 'SIGTERM')
    this.#killTimer = setTimeout(() => killTree(this.#child, 'SIGKILL'), TERMINATION_GRACE_MILLISECONDS)
  }

  #stopLate(what: Saying): void {
    this.stop(new AsterismError('timeout', what))
  }

  [Symbol.dispose](): void {
    clearInterval(this.#stallTimer)
    clearTimeout(this.#timeout)
    clearTimeout(this.#killTimer)
    this.#signal.removeEventListener('abort', this.#onAbort)
  }
}

/** Passes the output on, or collects it. A stopped tool is still read to its end, since it may be waiting for that. */
async function drain(stdout: Readable, name: string, options: RunToolOptions, watch: Watch): Promise<Buffer> {
  const { onStdout, maxOutputBytes = DEFAULT_MAX_OUTPUT_BYTES } = options
  const chunks: Buffer[] = []
  let collected = 0
  for await (const chunk of stdout as AsyncIterable<Buffer>) {
    watch.step()
    if (watch.failure !== null) continue
    if (onStdout) {
      watch.isConsuming = true
      try {
        await onStdout(chunk)
      } catch (error) {
        watch.stop(error)
      } finally {
        watch.isConsuming = false
      }
      watch.step()
      continue
    }
    collected += chunk.length
    if (collected <= maxOutputBytes) chunks.push(chunk)
    else watch.stop(new AsterismError('too_large', say('tool.muchOutput', { name, bytes: maxOutputBytes })))
  }
  return Buffer.concat(chunks)
}

/** Gives a tool its input chunk by chunk until it has ended; an error of the source stops the tool. */
async function feed(
  stdin: Writable,
  input: AsyncIterable<Uint8Array>,
  ended: Promise<number>,
  step: () => void,
): Promise<void> {
  let hasEnded = false
  let wake: (() => void) | null = null
  stdin.on('drain', () => wake?.())
  const onEnd = (): void => {
    hasEnded = true
    wake?.()
  }
  ended.then(onEnd, onEnd)
  for await (const chunk of input) {
    step()
    if (hasEnded || stdin.destroyed) return
    if (stdin.write(chunk)) continue
    await new Promise<void>((resolve) => {
      wake = resolve
      if (hasEnded) resolve()
    })
  }
  stdin.end()
}

/**
 * Throws unless the run ended well. Exit 69 counts as well ended when there is output: some packets could not be
 * decoded, the rest is good.
 *
 * @returns Whether something in the file could not be decoded.
 */
export function refuseFailure(
  result: ToolResult,
  what: Saying,
  options: { readonly path: string; readonly code?: 'tool_failed' | 'corrupt_file'; readonly hasOutput?: boolean },
): boolean {
  if (result.exitCode === 0) return false
  if (result.exitCode === EXIT_DECODE_ERRORS && options.hasOutput) return true
  // A recording that went away while it was read: what ffmpeg says of it is not the point.
  if (options.code === 'corrupt_file' && !existsSync(options.path)) {
    throw new AsterismError('not_found', say('media.moved', { title: basename(options.path) }), {
      path: options.path,
      fix: say('media.fix.relink'),
      kept: say('kept.yourWork'),
    })
  }
  const detail = lastLine(result.stderrTail)
  const failure = detail ? say('tool.failedSaying', { what, detail }) : say('tool.failed', { what })
  throw new AsterismError(options.code ?? 'tool_failed', failure, { path: options.path })
}

/** The last line of a log that says something, without ffmpeg's addresses. */
export function lastLine(log: string): string {
  const lines = log
    .split('\n')
    .map((line) => line.replace(/^(\[[^\]]*\] ?)+/, '').trim())
    .filter((line) => line && !line.startsWith('Conversion failed') && !/^[a-z_0-9]+=/.test(line))
  return (lines.at(-1) ?? '').replace(/^file:.*?: (?=[A-Z])/, '').replace(/\.$/, '')
}

function isDiskFull(log: string): boolean {
  return /No space left on device|Disk quota exceeded|There is not enough space on the disk/.test(log)
}

function asStartFailure(error: unknown, tool: MediaTool): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  if (error.code !== 'ENOENT' && error.code !== 'EACCES' && error.code !== 'ENOEXEC') return error
  return new AsterismError(
    'tool_missing',
    say('media.toolBroken', { name: basename(tool.path), code: String(error.code) }),
    {
      path: tool.path,
      fix: say('media.fix.toolAgain'),
      cause: error,
    },
  )
}
