/** The recordings that ship with the program, for the first start and for `demo`. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { resourceFolder } from '../resources.ts'

const takeSchema = z.object({ items: z.array(z.object({ path: z.string() }).loose()) }).loose()

/** Absolute paths of the sample take, in the order in which they are imported. */
export async function sampleTakeFiles(): Promise<string[]> {
  const folder = resourceFolder('sample')
  const take = takeSchema.parse(JSON.parse(await readFile(join(folder, 'take.json'), 'utf8')))
  return take.items.map((item) => join(folder, item.path))
}
