/**
 * Whether the engine can be reached, and what is done when it is back: the same project is opened again and followed;
 * what the window knows by itself (selection, zoom, an open dialog) was never lost.
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
  /** What was asked for while it was gone, the last one: its name, '' where it has none; null: nothing was. */
  readonly refused: string | null
  /** How much long work was under way when it went. */
  readonly interrupted: number
}

const START: Connection = { phase: 'opening', returns: 0, refused: null, interrupted: 0 }

export const useConnection = create<Connection>(() => START)

/** Where it was there and went, how far it is from being back; null: it can be asked, or never was there. */
export const awayPhase = ({ phase }: Connection): 'gone' | 'locked' | 'returning' | null =>
  phase === 'here' || phase === 'opening' ? null : phase

/** It was there and went: what it would have to do cannot be done. */
export const isAwayIn = (connection: Connection): boolean => awayPhase(connection) !== null

export const isEngineAway = (): boolean => isAwayIn(useConnection.getState())

/** Something was to be done while nobody could do it. */
export const noteRefusal = (label: string | undefined): void => useConnection.setState({ refused: label ?? '' })

const FIRST_PAUSE_MILLISECONDS = 400
const LONGEST_PAUSE_MILLISECONDS = 4000

let wake: () => void = () => undefined

/** Looks for the engine at once instead of in a moment. */
export const lookNow = (): void => wake()

export interface Returning {
  /** The first connection stands. */
  begin(): Promise<void>
  /** The engine went; returns how much long work was under way. */
  lose(): number
  /** It is back: what was open is opened again. */
  resume(): Promise<void>
}

/** Connects, and connects again whenever the engine went, until the signal fires. */
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

/** Ends early when somebody asks. */
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
