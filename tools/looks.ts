/** `npm run looks`: draws the pictures anew that the window is held against, and those of the documentation. */
import { spawnSync } from 'node:child_process'

const { status } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', '--project', 'e2e', 'tests/e2e/studio.test.ts'],
  { stdio: 'inherit', env: { ...process.env, ASTERISM_WRITE_IMAGES: '1' } },
)
process.exitCode = status ?? 1
