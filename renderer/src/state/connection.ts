/**
 * Whether the engine can be reached, and what happens when it is back: the same project is opened and followed again.
 * The state of the window itself (selection, zoom, an open dialog) is never lost.
 */
import { create } from 'zustand'
import { LinkWanted, type EngineLine } from './engine-line.ts'

export interface Connection {
  /**
   * `opening`: not there yet. `gone`: looked for, by itself. `locked`: it is back and wants the link that it printed.
   * `returning`: it is back and opens the project.
   */
  readonly phase: 'opening' | 'here' | 'gone' | 'locked' | 'returning'
  /** How often it came back. */
  readonly returns: number
  /** The last action requested while it was gone: its name, '' if it has none; null if there was none. */
  readonly refused: string | null
  /** How many jobs were running when it went. */
  readonly interrupted: number
}

const START: Connection = { phase: 'opening', returns: 0, refused: null, interrupted: 0 }

export const useConnection = create<Connection>(() => START)

/** The phase of a reconnection; null if the engine is there, or never was. */
export const awayPhase = ({ phase }: Connection): 'gone' | 'locked' | 'returning' | null =>
  phase === 'here' || phase === 'opening' ? null : phase

/** True if the engine was there and went. */
export const isAwayIn = (connection: Connection): boolean => awayPhase(connection) !== null

export const isEngineAway = (): boolean => isAwayIn(useConnection.getState())

/** An action was requested while the engine was gone. */
export const noteRefusal = (label: string | undefined): void => useConnection.setState({ refused: label ?? '' })

const FIRST_PAUSE_MILLISECONDS = 400
const LONGEST_PAUSE_MILLISECONDS = 4000

let wake: () => void = () => undefined

/** Retries at once. */
export const lookNow = (): void => wake()

export interface Returning {
  /** The first connection is open. */
  begin(): Promise<void>
  /** The engine went; returns how many jobs were running. */
  lose(): number
  /** It is back, and the project is opened again. */
  resume(): Promise<void>
}

/** Connects, and reconnects whenever the engine went, until the signal fires. */
export async function stayConnected(
  line: EngineLine,
  { begin, lose, resume }: Returning,
  signal: AbortSignal,
): Promise<void> {
  let isFirst = true
  for (let failures = 0; !signal.aborted;) {
    try {
      const [broken] = await line.connect()
      failures = 0
      if (signal.aborted) return
      if (isFirst) await begin()
      else {
        useConnection.setState({ phase: 'returning' })
        await resume()
      }
      const { returns } = useConnection.getState()
      useConnection.setState({ phase: 'here', refused: null, returns: isFirst ? returns : returns + 1 })
      isFirst = false
      await broken
      if (signal.aborted) return
      useConnection.setState({ phase: 'gone', interrupted: lose() })
    } catch (error) {
      if (signal.aborted) return
      useConnection.setState({ phase: error instanceof LinkWanted ? 'locked' : 'gone' })
      failures += 1
    }
    await pause(Math.min(LONGEST_PAUSE_MILLISECONDS, FIRST_PAUSE_MILLISECONDS * 1.5 ** failures), signal)
  }
}

/** Ends early on a retry. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      wake = () => undefined
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end)
    wake = end
  })
}
