/** What a process leaves behind when it crashes holds no secret. */
import { writeFileSync } from 'node:fs'

/**
 * From here on a dump after a crash holds none of this process's memory (Linux), and a report of Node none of its
 * environment. Processes that it starts inherit the first.
 */
export function keepDumpsEmpty(): void {
  process.report.excludeEnv = true
  if (process.platform !== 'linux') return
  try {
    writeFileSync('/proc/self/coredump_filter', '0')
  } catch {
    // A system that does not let us is one that a person has locked down in its own way.
  }
}
