import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'

/** An edit that cannot be read; the timeline stays as it was. */
export function unreadableEdit(what: Saying): AsterismError {
  return new AsterismError('corrupt_file', what, { kept: say('kept.timeline') })
}
