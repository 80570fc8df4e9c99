/** Keeps secrets out of what a process leaves behind when it crashes. */
import { writeFileSync } from 'node:fs'

/**
 * From here on, a core dump contains none of this process's memory (Linux), and a crash report of Node none of its
 * environment. Child processes inherit the former.
 */
export function keepDumpsEmpty(): void {
  process.report.excludeEnv = true
  if (process.platform !== 'linux') return
  try {
    writeFileSync('/proc/self/coredump_filter', '0')
  } catch {
    // A system that forbids this was locked down by its administrator in its own way.
  }
}
