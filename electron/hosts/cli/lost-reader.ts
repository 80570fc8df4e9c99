import { AsterismError } from '../../../shared/errors.ts'
import { fileError, systemCode } from '../../engine/file-errors.ts'

/**
 * Whoever reads what is said beside the work may leave: a terminal that is closed, a script that took the address of the
 * studio and goes on. What is said then is lost; unheard, the error of that would end the engine with all its work.
 */
export function outliveReader(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
}

/**
 * Standard output may be a pipe: waits until it took everything before the process ends. A reader that left has what it
 * wanted.
 * @throws AsterismError disk_full and the like where it is a file that takes no more.
 */
export async function writeAnswer(text: string): Promise<void> {
  const error = await new Promise<Error | null | undefined>((written) => process.stdout.write(text, written))
  if (!error || systemCode(error) === 'EPIPE') return
  const failure = fileError(error, 'standard output')
  throw failure instanceof AsterismError
    ? failure.with({ kept: 'What the command did is done; only its answer is lost.' })
    : failure
}
