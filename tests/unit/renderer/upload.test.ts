import { expect, test } from 'vitest'
import { safeSegments } from '../../../electron/engine/window/upload-handler.ts'
import { loadFromWindow } from './window-modules.ts'

const { portableName } = await loadFromWindow('state/upload')

test.each([
  ['Interview: part 1?.mov', 'Interview_ part 1_.mov'],
  ['a\tb.wav', 'a_b.wav'],
  ['مقابلة.mp4', 'مقابلة.mp4'],
  [`${'x'.repeat(300)}.mp4`, `${'x'.repeat(196)}.mp4`],
])('a dropped file called %j is one that the engine takes', (name, sent) => {
  expect(portableName(name)).toBe(sent)
  expect(safeSegments(`folder/${portableName(name)}`)).not.toBeNull()
})
