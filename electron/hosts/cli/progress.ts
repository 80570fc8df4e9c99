/** Progress on standard error: a bar on a terminal, a line now and then elsewhere. */
import type { Job } from '../../../shared/contract/jobs.ts'
import { visibleLine } from '../../../shared/visible-text.ts'

const LINE_EVERY_MILLISECONDS = 5000
const BAR_WIDTH = 24

export interface ProgressView {
  show(job: Job): void
  end(): void
}

export function createProgressView(stream: NodeJS.WriteStream): ProgressView {
  let lastLine = Date.now()
  let drawn = false
  return {
    show(job) {
      if (job.state !== 'running') return
      const percent = `${Math.floor(job.fraction * 100)}`.padStart(3)
      const stage = visibleLine(job.stage)
      const eta = job.etaSeconds === null ? '' : `, about ${formatSeconds(job.etaSeconds)} left`
      if (stream.isTTY) {
        const filled = Math.round(job.fraction * BAR_WIDTH)
        const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled)
        stream.write(`\r\x1b[2K${bar} ${percent} %  ${stage}${eta}`.slice(0, (stream.columns ?? 100) + 5))
        drawn = true
      } else if (Date.now() - lastLine > LINE_EVERY_MILLISECONDS) {
        lastLine = Date.now()
        stream.write(`${percent} %  ${stage}${eta}\n`)
      }
    },
    end() {
      if (drawn) stream.write('\r\x1b[2K')
      drawn = false
    },
  }
}

function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds)
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
