/** A package on the command line: its folder, its CAR file, or the folder that it was packed into. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { AsterismError } from '../../../shared/errors.ts'
import { readFailure } from '../../engine/import/refusals.ts'
import { MANIFEST_NAME } from '../../engine/publish/package/manifest.ts'
import type { CommandContext } from './command.ts'

/** A folder with only one of the two is still a package, not a folder of packages. */
const isPackageFolder = (folder: string): boolean =>
  [MANIFEST_NAME, 'metadata.json'].some((name) => existsSync(join(folder, name)))

/**
 * What a folder that is itself no package holds: the folders of packages, or where there are none of those CAR files.
 */
function packagesIn(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true })
  const folders = entries.filter((entry) => entry.isDirectory() && isPackageFolder(join(folder, entry.name)))
  const found = folders.length > 0 ? folders : entries.filter((entry) => entry.isFile() && entry.name.endsWith('.car'))
  return found.map(({ name }) => join(folder, name)).toSorted()
}

/** The packages in a folder; empty if it is something else. */
function packagesAt(path: string): string[] {
  try {
    const isPlace = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true && !isPackageFolder(path)
    return isPlace ? packagesIn(path) : []
  } catch (error) {
    throw readFailure(path, error)
  }
}

/**
 * `pack --out DIR` creates a package named like the project inside `DIR`; so `DIR` also stands for the one package in
 * it.
 *
 * @throws AsterismError `bad_input` where several lie there, with their names, and where it cannot be looked into
 */
export function packagePath(path: string): string {
  const [only, ...others] = packagesAt(path)
  if (only === undefined) return path
  if (others.length === 0) return only
  throw new AsterismError('bad_input', `${others.length + 1} packages lie in this folder.`, {
    path,
    fix: `Name one of them: ${[only, ...others].join(', ')}.`,
  })
}

export const packageFile = ({ file }: Pick<CommandContext, 'file'>, path: string): string => file(packagePath(path))
