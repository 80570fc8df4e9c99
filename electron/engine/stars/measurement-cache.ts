import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MeasurementCache } from './measurements.ts'

/** Measurements in a folder, one file each: a second prediction reads them instead of the recordings. */
export function folderMeasurementCache(folder: string): MeasurementCache {
  const pathOf = (key: string): string =>
    join(folder, `stars-${createHash('sha256').update(key).digest('hex').slice(0, 40)}.json`)
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
      await writeFile(temporary, bytes)
      await rename(temporary, pathOf(key))
    },
  }
}
