import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** The folder for everything that is not in a project; ASTERISM_HOME moves it. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['ASTERISM_HOME']
  return named ? resolve(named) : join(homedir(), '.asterism')
}

/** The system's cache folder, for what can be deleted at any time; shared by all homes. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(systemCacheFolder(env), 'asterism')
}

function systemCacheFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  const named = env['XDG_CACHE_HOME']
  return named && isAbsolute(named) ? named : join(homedir(), '.cache')
}
