/** `npm run models`: writes the learned models where the packaged app looks for them; a checkout makes them as it needs them. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { MODELS } from '../electron/engine/models/catalogue.ts'
import {
  companionBytes,
  modelBytes,
  packagedCompanionPath,
  packagedModelPath,
} from '../electron/engine/models/model-bytes.ts'

function write(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.part`, bytes)
  renameSync(`${path}.part`, path)
  process.stdout.write(`${path}: ${bytes.length} bytes\n`)
}

for (const entry of MODELS) {
  write(packagedModelPath(entry), modelBytes(entry))
  if (entry.companion) write(packagedCompanionPath(entry), companionBytes(entry))
}
