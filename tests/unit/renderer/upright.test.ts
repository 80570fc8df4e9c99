/** How pictures of a film come onto a canvas; that they are the right ones is judged in `tests/e2e/exact-pictures`. */
import { beforeEach, expect, test, vi } from 'vitest'
import { loadFromWindow } from './window-modules.ts'

let done: string[] = []
let rooms = 0

class Room {
  readonly data = new Uint8ClampedArray(1)
  readonly width: number
  readonly height: number
  constructor(width: number, height: number) {
    rooms += 1
    this.width = width
    this.height = height
  }
}

const contextOf = (name: string): object => ({
  setTransform: () => undefined,
  rotate: () => undefined,
  putImageData: (room: Room) => done.push(`${name} takes samples ${room.data[0]}`),
  drawImage: (what: { name: string }) => done.push(`${name} takes ${what.name}`),
})

class Between {
  readonly name = 'between'
  readonly width: number
  readonly height: number
  constructor(width: number, height: number) {
    this.width = width
    this.height = height
  }
  getContext(): object {
    return contextOf('between')
  }
}

vi.stubGlobal('ImageData', Room)
vi.stubGlobal('OffscreenCanvas', Between)

const { drawUpright } = await loadFromWindow('stage/upright')
const canvas = { width: 0, height: 0, getContext: () => contextOf('canvas') }
const shape = { rotation: 0, width: 8, height: 4 }

function picture(sample: number, { format = 'I420', width = 8, isSaid = true } = {}): object {
  const frame = {
    name: `picture ${sample}`,
    format,
    visibleRect: { width, height: 4 },
    clone: () => frame,
    close: () => undefined,
    copyTo: async (samples: Uint8ClampedArray) => {
      await Promise.resolve()
      if (!isSaid) throw new Error('not said')
      samples[0] = sample
    },
  }
  return frame
}

beforeEach(() => (done = []))

test('samples lie in memory that is kept, one picture after the other', async () => {
  const drawn = await Promise.all([drawUpright(canvas, picture(1), shape), drawUpright(canvas, picture(2), shape)])
  expect(drawn).toEqual([true, true])
  expect(done).toEqual(['canvas takes samples 1', 'canvas takes samples 2'])
  expect(rooms).toBe(1)
})

test('what is turned or stretched is laid elsewhere first', async () => {
  await drawUpright(canvas, picture(3), { ...shape, rotation: 90 })
  await drawUpright(canvas, picture(4, { width: 6 }), shape)
  expect(done).toEqual([
    'between takes samples 3',
    'canvas takes between',
    'between takes samples 4',
    'canvas takes between',
  ])
})

test('what the browser does not say, or what is seen through, it draws by itself', async () => {
  await drawUpright(canvas, picture(5, { isSaid: false }), shape)
  await drawUpright(canvas, picture(6, { format: 'I420A' }), shape)
  expect(done).toEqual(['canvas takes picture 5', 'canvas takes picture 6'])
})

test('what is no longer wanted when its samples have come leaves the canvas as it is', async () => {
  const answers = [true, false]
  expect(await drawUpright(canvas, picture(7), shape, () => answers.shift()!)).toBe(false)
  expect(done).toEqual([])
})
