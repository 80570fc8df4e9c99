/**
 * The one place where other programs are started. They are given what a program needs to run at all, and nothing else of
 * our environment: what lets in elsewhere (keys of a store, addresses with a password) is this process's alone.
 */
import { execFile, fork, spawn, type ChildProcess, type ForkOptions, type SpawnOptions } from 'node:child_process'

type Environment = Readonly<Record<string, string | undefined>>

/** What programs are told of where and for whom they run. None of these holds a secret. */
const HANDED_ON = [
  'PATH HOME USER LOGNAME SHELL TZ TMPDIR TEMP TMP TERM',
  // Windows does not start most programs without these.
  'SystemRoot SystemDrive windir ComSpec PATHEXT USERPROFILE APPDATA LOCALAPPDATA NUMBER_OF_PROCESSORS',
  'ProgramFiles ProgramFiles(x86) ProgramData ProgramW6432',
  // Where a program's own libraries, letters and languages lie.
  'LD_LIBRARY_PATH LD_PRELOAD DYLD_LIBRARY_PATH FONTCONFIG_FILE FONTCONFIG_PATH',
  'LANG LANGUAGE LC_ALL LC_CTYPE LC_MESSAGES LC_NUMERIC LC_TIME',
  // A browser finds its screen and its settings by these.
  'DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS DESKTOP_SESSION',
  'XDG_RUNTIME_DIR XDG_CONFIG_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_DATA_DIRS XDG_CONFIG_DIRS',
  'XDG_CURRENT_DESKTOP XDG_SESSION_TYPE',
  // Where Node keeps compiled code.
  'NODE_COMPILE_CACHE',
].flatMap((names) => names.split(' '))

function chosen(names: readonly string[], from: Environment): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}

/** What of an environment a program is given. */
export function handedOn(from: Environment = process.env): Record<string, string> {
  return chosen(HANDED_ON, from)
}

export interface ProgramOptions extends Omit<SpawnOptions, 'env' | 'shell' | 'windowsHide'> {
  /** In place of what is handed on. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a program, without a shell. */
export function startProgram(path: string, words: readonly string[], options: ProgramOptions): ChildProcess {
  const { environment, ...rest } = options
  return spawn(path, words, { ...rest, env: environment ?? handedOn(), shell: false, windowsHide: true })
}

/** What a program prints; null when it cannot be started, fails, or is not done in time. */
export async function printedBy(
  path: string,
  words: readonly string[],
  timeoutMilliseconds: number,
): Promise<string | null> {
  const options = { timeout: timeoutMilliseconds, maxBuffer: 1 << 20, windowsHide: true, env: handedOn() }
  return await new Promise((resolve) => {
    execFile(path, words, options, (error, stdout) => resolve(error ? null : stdout))
  })
}

/** A process of Node with nothing of our environment, but for what Windows cannot start one without. */
export function startBareNode(entry: string, options: Pick<ForkOptions, 'serialization'>): ChildProcess {
  return fork(entry, [], {
    ...options,
    env: chosen(['SystemRoot'], process.env),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}
