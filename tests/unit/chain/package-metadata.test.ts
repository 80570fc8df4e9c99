import { expect, it } from 'vitest'
import { requireOwnWork } from '../../../electron/engine/chain/package-metadata.ts'
import { PLANTED_ADDRESS } from '../../fixtures/chain/signing.ts'

it('a work is minted by the creator whom its metadata name; a rehearsal only says so', () => {
  const own = { creator: PLANTED_ADDRESS.toLowerCase() }
  const others = { creator: `0x${'12'.repeat(20)}` }
  for (const practice of [true, false]) {
    expect(requireOwnWork(own, PLANTED_ADDRESS, practice)).toEqual([])
    expect(requireOwnWork({ creator: null }, PLANTED_ADDRESS, practice)).toEqual([])
  }
  expect(requireOwnWork(others, PLANTED_ADDRESS, true)).toHaveLength(1)
  expect(() => requireOwnWork(others, PLANTED_ADDRESS, false)).toThrow(expect.objectContaining({ code: 'conflict' }))
})
