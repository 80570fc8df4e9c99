import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where the program keeps everything that is not in a project; ASTERISM_HOME moves it. */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const named = env['ASTERISM_HOME']
  return named ? resolve(named) : join(homedir(), '.asterism')
}
