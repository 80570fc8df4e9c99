/** `npm run demo`: provides ffmpeg where that is possible, then runs the main job on the sample take. */
import { spawnSync } from 'node:child_process'
import { provideMachine } from './machine.ts'

const missing = await provideMachine((line) => void process.stderr.write(`${line}\n`), ['ffmpeg', 'ffprobe'])
if (missing.length > 0) process.exit(1)
const words = ['tools/run.mjs', 'electron/hosts/cli/main.ts', 'demo', ...process.argv.slice(2)]
process.exitCode = spawnSync(process.execPath, words, { stdio: 'inherit' }).status ?? 1
