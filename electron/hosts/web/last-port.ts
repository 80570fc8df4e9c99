/** Reuses the port of the last run, so that windows that are still open find the engine again. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const fileIn = (home: string): string => join(home, 'serve-port')

/** 0 (any free port) if none is known. */
export function lastPort(home: string): number {
  try {
    const port = Number(readFileSync(fileIn(home), 'utf8'))
    return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : 0
  } catch {
    return 0
  }
}

/** Losing it costs a link, never work. */
export function keepPort(home: string, port: number): void {
  try {
    mkdirSync(home, { recursive: true })
    writeFileSync(fileIn(home), String(port))
  } catch {
    return
  }
}
