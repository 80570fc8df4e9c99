import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A folder under resources/: beside the sources in a checkout, beside the archive in the packaged app (files that other
 * programs read must be outside the archive).
 */
export function resourceFolder(name: string): string {
  const packaged = (process as NodeJS.Process & { resourcesPath?: string }).resourcesPath
  if (packaged && existsSync(join(packaged, name))) return join(packaged, name)
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'resources')) && dirname(folder) !== folder) folder = dirname(folder)
  return join(folder, 'resources', name)
}
