/** Reads the log of ffmpeg: line by line, a bounded tail of it, and whether it tells of progress. */
const LINE_LIMIT = 4_096
const TAIL_LIMIT = 16_384
/** The lines of `-progress` that move when work is done; the others (speed, bitrate) move by themselves. */
const PROGRESS_STEPS = new Set(['frame', 'out_time_us', 'out_time_ms', 'total_size'])
const PROGRESS_LINE = /^([a-z_0-9]+)=\s*(\S*)$/

export class StderrReader {
  private partial = ''
  private lines: string[] = []
  private kept = 0
  private readonly decoder = new TextDecoder()
  private readonly lastProgress = new Map<string, string>()
  private readonly onLine: ((line: string) => void) | undefined
  private readonly onStep: () => void

  constructor(onLine: ((line: string) => void) | undefined, onStep: () => void) {
    this.onLine = onLine
    this.onStep = onStep
  }

  push(chunk: Uint8Array): void {
    const parts = (this.partial + this.decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r/)
    this.partial = (parts.pop() ?? '').slice(0, LINE_LIMIT)
    for (const part of parts) this.take(part)
  }

  /** Takes what came after the last line end. */
  end(): void {
    if (this.partial) this.take(this.partial)
    this.partial = ''
  }

  /** The last lines, oldest first. Lines of `-progress` are not kept. */
  get tail(): string {
    return this.lines.join('\n')
  }

  private take(raw: string): void {
    const line = raw.slice(0, LINE_LIMIT)
    if (!line) return
    this.onLine?.(line)
    const progress = PROGRESS_LINE.exec(line)
    if (!progress) {
      this.onStep()
      this.keep(line)
      return
    }
    const [, key = '', value = ''] = progress
    if (PROGRESS_STEPS.has(key) && this.lastProgress.get(key) !== value) this.onStep()
    this.lastProgress.set(key, value)
  }

  private keep(line: string): void {
    this.lines.push(line)
    this.kept += line.length + 1
    while (this.kept > TAIL_LIMIT) this.kept -= (this.lines.shift()?.length ?? 0) + 1
  }
}
