/** Who brings the picture of a moment: the browser's own seek, or the decoder here. */
import { expect, test, vi } from 'vitest'
import { loadFromWindow } from './window-modules.ts'

const pictures = {
  hasWays: false,
  at: vi.fn(() => Promise.resolve(null)),
  goOn: () => Promise.resolve(),
  spread: () => Promise.resolve(false),
  rest: () => undefined,
  close: () => undefined,
}
vi.mock('../../../renderer/src/stage/exact-pictures.ts', () => ({
  ExactPictures: { open: () => Promise.resolve(pictures) },
}))
vi.mock('../../../renderer/src/state/when-idle.ts', () => ({ untilIdle: () => Promise.resolve(false) }))
vi.stubGlobal('requestAnimationFrame', () => 1)

const { StillPicture } = await loadFromWindow('stage/still-picture')

test.each([
  ['without way points the browser seeks to another place, and the decoder here gives the steps around it', false],
  ['with way points the decoder here gives both', true],
])('%s', async (_, hasWays) => {
  pictures.hasWays = hasWays
  pictures.at.mockClear()
  const video = Object.assign(new EventTarget(), {
    currentTime: 0,
    duration: 12,
    seeking: false,
    readyState: 4,
    paused: true,
  })
  const still = new StillPicture(video, { dataset: {} }, '', () => false)
  const clock = vi.spyOn(performance, 'now')
  clock.mockReturnValue(0)
  video.dispatchEvent(new Event('seeking'))
  clock.mockReturnValue(200)
  video.dispatchEvent(new Event('seeked'))
  clock.mockRestore()
  const follow = (seconds: number): boolean => still.follow({ seconds, rate: 1 })
  let near = 0
  // Until the film is open here, the browser brings all of it.
  await vi.waitFor(() => expect(follow((near = near === 0 ? 0.1 : 0))).toBe(false))
  pictures.at.mockClear()
  expect(follow(5)).toBe(!hasWays)
  expect(pictures.at).toHaveBeenCalledTimes(hasWays ? 1 : 0)
  expect(follow(5.04)).toBe(false)
  expect(pictures.at).toHaveBeenLastCalledWith(5.04)
  still.dispose()
})
