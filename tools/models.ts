/** `npm run models`: writes the learned models where the packaged app looks for them; a checkout makes them as it needs them. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { MODELS } from '../electron/engine/models/catalogue.ts'
import { modelBytes, packagedModelPath } from '../electron/engine/models/model-bytes.ts'

for (const entry of MODELS) {
  const path = packagedModelPath(entry)
  const bytes = modelBytes(entry)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.part`, bytes)
  renameSync(`${path}.part`, path)
  process.stdout.write(`${path}: ${bytes.length} bytes\n`)
}
