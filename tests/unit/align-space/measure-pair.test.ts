import { expect, it } from 'vitest'
import { measurePair, type SpaceAsset } from '../../../electron/engine/align/space/index.ts'

it('a pair that no method can compare is refused with a saying, which the window has in its language', async () => {
  const bare = (assetId: string): SpaceAsset => ({ assetId, gravity: 'unknown', scaleKnown: true })
  expect(await measurePair(bare('a'), bare('b'))).toMatchObject({
    registered: false,
    said: { code: 'space.incomparable' },
    candidates: [],
  })
})
