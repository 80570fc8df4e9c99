/** What a download that is given up says: what was answered, what is kept and what to do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { givenUp } from '../../../electron/engine/models/download.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'

test('a server that answers with a fault is named with its answer, and only what came is called kept', () => {
  const folder = mkdtempSync(join(tmpdir(), 'asterism-given-up-'))
  const part = join(folder, 'config.json.part')
  const file = { path: 'config.json', url: 'https://example.org/config.json', bytes: 10, sha256: null }
  const answered = new AsterismError(
    'network_failed',
    say('model.answered', { host: 'example.org', status: 503, file: file.path }),
  )
  expect(givenUp(answered, file, part)).toMatchObject({
    code: 'network_failed',
    message: 'example.org answered 503 for config.json.',
    kept: undefined,
    fix: 'Try again, or ask whoever offers it.',
  })
  writeFileSync(part, 'half')
  expect(givenUp(new TypeError('terminated'), file, part)).toMatchObject({
    message: 'example.org did not send all of config.json.',
    kept: 'What has come is kept.',
    fix: 'Try again: it goes on from there.',
  })
  rmSync(folder, { recursive: true })
})
