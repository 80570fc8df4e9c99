import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileError } from './file-errors.ts'

/** Where measurements are kept between runs. */
export interface ByteCache {
  get(key: string): Promise<Uint8Array | null>
  set(key: string, bytes: Uint8Array): Promise<void>
}

/** Measurements in a folder, one file each: a second run reads them instead of the recordings. */
export function folderCache(folder: string, what: 'stars' | 'time'): ByteCache {
  const pathOf = (key: string): string =>
    join(folder, `${what}-${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`)
  return {
    async get(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
        throw error
      }
    },
    async set(key, bytes) {
      await mkdir(folder, { recursive: true })
      const temporary = `${pathOf(key)}.${process.pid}.partial`
      try {
        await writeFile(temporary, bytes)
        await rename(temporary, pathOf(key))
      } catch (error) {
        await rm(temporary, { force: true }).catch(() => undefined)
        throw fileError(error, folder)
      }
    },
  }
}
