/**
 * Whoever reads what is said beside the work may leave: a terminal that is closed, a script that took the address of the
 * studio and goes on. What is said then is lost; unheard, the error of that would end the engine with all its work.
 */
export function outliveReader(): void {
  process.stderr.on('error', () => undefined)
}
