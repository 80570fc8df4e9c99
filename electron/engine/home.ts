import { homedir, userInfo } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'

/** The folder for everything that is not in a project; ASTERISM_HOME moves it. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['ASTERISM_HOME']
  return named ? resolve(named) : join(userFolder(), '.asterism')
}

/** Of an empty HOME, which would put wallets into whatever folder one works in, Node takes the word. */
function userFolder(): string {
  return homedir() || userInfo().homedir
}

/** The system's cache folder, for what can be deleted at any time; shared by all homes. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(systemCacheFolder(env), 'asterism')
}

function systemCacheFolder(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return env['LOCALAPPDATA'] ?? join(userFolder(), 'AppData', 'Local')
  if (process.platform === 'darwin') return join(userFolder(), 'Library', 'Caches')
  const named = env['XDG_CACHE_HOME']
  return named && isAbsolute(named) ? named : join(userFolder(), '.cache')
}
