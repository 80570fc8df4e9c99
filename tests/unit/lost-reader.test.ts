/** A process whose standard error nobody reads any more goes on. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

const SPEAKER = `
import { outliveReader } from '${new URL('../../electron/hosts/cli/lost-reader.ts', import.meta.url).href}'
outliveReader()
process.stdin.on('end', () => {
  process.stderr.write('the file changed while it was served')
  setImmediate(() => setImmediate(() => process.exit(7)))
}).resume()
`

test('what is said when the terminal is closed ends nothing', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SPEAKER], { stdio: ['pipe', 'ignore', 'pipe'] })
  child.stderr.destroy()
  await once(child.stderr, 'close')
  child.stdin.end()
  expect((await once(child, 'exit'))[0]).toBe(7)
})
