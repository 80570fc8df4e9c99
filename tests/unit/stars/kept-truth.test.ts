import { describe, expect, it } from 'vitest'
import { recomputedWorld } from '../../fixtures/stars/standard-worlds.ts'

describe('the truth that is kept of worlds', () => {
  it('is the one that models show which are retrained now', () => {
    const { world, shapley, gain } = recomputedWorld('small')
    expect(world.bundles).toHaveLength(10)
    expect(new Set([...shapley, ...gain]).size).toBeGreaterThan(15)
  })
})
