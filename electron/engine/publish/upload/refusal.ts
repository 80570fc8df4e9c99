/** What a server means by the status that it answers with, as people can act on it. */
import type { ErrorCode } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'

/** A server that asks for no more time than this is given it. */
export const LONGEST_PAUSE_SECONDS = 20

export interface Refusal {
  readonly code: ErrorCode
  readonly what: Saying
  readonly fix: Saying
}

export interface RefusedAnswer {
  readonly status: number
  readonly header: (name: string) => string | null | undefined
  /** What it says beside the status; may be empty. */
  readonly said?: string
}

/** How one lets oneself be let in, which differs from target to target. */
export function refusalOf({ status, header, said = '' }: RefusedAnswer, letIn: Saying): Refusal {
  const quoted = said === '' ? '' : `: ${said}`
  const pause = pauseSeconds({ status, header })
  if (status === 401 || status === 403) {
    return { code: 'network_failed', what: say('upload.notLetIn', { status, quoted }), fix: letIn }
  }
  if (status === 413) {
    return {
      code: 'too_large',
      what: say('upload.tooLargeThere', { quoted }),
      fix: say('upload.fix.otherServer'),
    }
  }
  if (status === 402 || status === 507) {
    return {
      code: 'network_failed',
      what: say('upload.noRoomThere', { status, quoted }),
      fix: say('upload.fix.makeRoom'),
    }
  }
  if (pause !== null) {
    return {
      code: 'network_failed',
      what: say('upload.busy', { status, seconds: pause, quoted }),
      fix: say('upload.fix.then'),
    }
  }
  if (status >= 300 && status < 400) {
    const place = placeOf(header('location') ?? '')
    return {
      code: 'network_failed',
      what: say('upload.sentOn', { place: place ?? say('upload.anotherAddress'), status }),
      fix: say('upload.fix.trust'),
    }
  }
  return {
    code: 'network_failed',
    what: say('upload.answered', { status, quoted }),
    fix: say('upload.fix.address'),
  }
}

/** For how long a busy server asks to be left alone; null where it does not. A date counts from now. */
export function pauseSeconds({ status, header }: RefusedAnswer): number | null {
  if (status !== 429 && status !== 503) return null
  const text = header('retry-after')?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const at = Date.parse(text)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}

/** Host and path of an address, without what may be secret in it; null where it is none. */
export function placeOf(url: string): string | null {
  const parsed = URL.parse(url)
  return parsed && parsed.origin + parsed.pathname
}
