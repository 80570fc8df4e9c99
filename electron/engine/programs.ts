/**
 * The only place that starts other programs. They inherit what a program needs to run, and nothing else of our
 * environment: credentials in it (keys of a store, addresses with a password) stay with this process.
 */
import { execFile, fork, spawn, type ChildProcess, type ForkOptions, type SpawnOptions } from 'node:child_process'

type Environment = Readonly<Record<string, string | undefined>>

/** Variables that say where and for whom a program runs. None of them contains a secret. */
const HANDED_ON = [
  'PATH HOME USER LOGNAME SHELL TZ TMPDIR TEMP TMP TERM',
  // Windows does not start most programs without these.
  'SystemRoot SystemDrive windir ComSpec PATHEXT USERPROFILE APPDATA LOCALAPPDATA NUMBER_OF_PROCESSORS',
  'ProgramFiles ProgramFiles(x86) ProgramData ProgramW6432',
  // Locations of a program's libraries, fonts and locales.
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

/** The part of an environment that a program inherits. */
function handedOn(from: Environment = process.env): Record<string, string> {
  return chosen(HANDED_ON, from)
}

export interface ProgramOptions extends Omit<SpawnOptions, 'env' | 'shell' | 'windowsHide'> {
  /** Replaces the inherited environment. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Starts a program, without a shell. */
export function startProgram(path: string, words: readonly string[], options: ProgramOptions): ChildProcess {
  const { environment, ...rest } = options
  return spawn(path, words, { ...rest, env: environment ?? handedOn(), shell: false, windowsHide: true })
}

/** What a program prints; null if it cannot be started, fails, or takes too long. */
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

/** A Node process with an empty environment, except for what Windows needs to start one. */
export function startBareNode(entry: string, options: Pick<ForkOptions, 'serialization'>): ChildProcess {
  return fork(entry, [], {
    ...options,
    env: chosen(['SystemRoot'], process.env),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
}
