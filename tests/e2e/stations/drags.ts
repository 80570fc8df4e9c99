/** The station at which everything that a pointer can do on the timeline is done by it, and taken back by keys. */
import { expect, test } from 'vitest'
import { engineDocument } from '../../fixtures/window/engine-document.ts'
import { countDraws } from '../../fixtures/window/world-draws.ts'
import type { Way } from './way.ts'

/** Where on screen a drag begins and ends. */
type Place = readonly [x: number, y: number]

export function dragStations(way: () => Way): void {
  test('whatever a pointer drags is one step that keys take back and do again, to the last tick, and is said', async () => {
    const { page, studio, eventually } = way()
    const { timeline } = studio
    const drawsOfWorld = await countDraws(studio.world)
    const engine = await engineDocument(page)
    const first = await engine.read()
    const readsAs = async (records: readonly object[]): Promise<void> =>
      await eventually(async () => JSON.stringify(await engine.read())).toBe(JSON.stringify(records))

    /** Does something, and holds it and its way back and forth against the document. */
    const step = async (said: string, act: () => Promise<void>): Promise<void> => {
      const before = await engine.read()
      await act()
      await eventually(() => timeline.done.textContent(), { message: said }).toContain(said)
      await eventually(async () => JSON.stringify(await engine.read()), { message: said }).not.toBe(
        JSON.stringify(before),
      )
      const after = await engine.read()
      const seen = await timeline.clips()
      const drawn = await drawsOfWorld()
      await page.keyboard.press('Control+z')
      await readsAs(before)
      await eventually(() => timeline.done.textContent()).toBe(`Undo: ${said}`)
      await page.keyboard.press('Control+Shift+z')
      await readsAs(after)
      await eventually(() => timeline.done.textContent()).toBe(`Redo: ${said}`)
      await eventually(() => timeline.clips()).toEqual(seen)
      expect(await drawsOfWorld(), 'what is no part of the world has none of it drawn').toBe(drawn)
    }
    const pull = async ([x, y]: Place, [toX, toY]: Place): Promise<void> => {
      await page.mouse.move(x, y)
      await page.mouse.down()
      await page.mouse.move((x + toX) / 2, (y + toY) / 2, { steps: 2 })
      await page.mouse.move(toX, toY, { steps: 2 })
    }
    const drag = async (from: Place, to: Place): Promise<void> => {
      await pull(from, to)
      await page.mouse.up()
    }

    await timeline.canvas.focus()
    await page.keyboard.press('n')
    let at = await timeline.scale()
    const camera = await timeline.trackY('camera-a', 'video')
    const other = await timeline.trackY('camera-b', 'video')
    const along = (from: number, to: number) => (): Promise<void> => drag([at(from), camera], [at(to), camera])

    const name = (track: string): Promise<Place> =>
      timeline.root
        .locator('.headers__row', { has: page.locator('.sensor--video', { hasText: track }) })
        .boundingBox()
        .then((box) => [box!.x + 30, box!.y + box!.height / 2])
    const [top, below] = [await name('camera-a'), await name('camera-b')]
    await step('Move tracks', () => drag(below, [top[0], top[1] - 10]))
    expect((await name('camera-b'))[1]).toBeLessThan((await name('camera-a'))[1])
    await page.keyboard.press('Control+z')

    await page.keyboard.press('b')
    for (const seconds of [8, 16]) await step('Split', () => page.mouse.click(at(seconds), camera))
    const tools: readonly (readonly [key: string, said: string, from: number, to: number])[] = [
      ['Shift+R', 'Roll', 15.5, 16.5],
      ['y', 'Slip', 12, 11],
      ['u', 'Slide', 12, 13],
      ['r', 'Ripple trim', 17.2, 16],
      ['v', 'Trim', 0.2, 2],
      ['v', 'Move', 5, 4],
      ['a', 'Move', 12, 13],
    ]
    for (const [key, said, from, to] of tools) {
      await page.keyboard.press(key)
      await step(said, along(from, to))
    }
    // One of several that are selected would take them all along.
    for (const key of ['Escape', 'v']) await page.keyboard.press(key)
    const end = (await timeline.clipsOf('camera-b', 'video'))[0]!.endSeconds
    const last = (await timeline.clipsOf('camera-a', 'video')).at(-1)!
    await step('Move', () => drag([at(last.startSeconds + 2), camera], [at(end + 3), other]))
    expect(await timeline.clipsOf('camera-b', 'video')).toHaveLength(2)

    // What came to lie behind the end of all brought more of time into sight.
    at = await timeline.scale()
    // Escape leaves what is dragged where it was, and the release after it does nothing.
    const held = await engine.read()
    await pull([at(5), camera], [at(4.5), camera])
    await page.keyboard.press('Escape')
    await eventually(() => timeline.done.textContent()).toBe('Move: left as it was')
    await page.mouse.up()
    await readsAs(held)

    const canvas = (await timeline.canvas.boundingBox())!
    const ruler = canvas.y
    // From beyond everything over both cameras: a rectangle, which leaves the playhead where it is.
    const stood = await timeline.playhead()
    await drag([canvas.x + canvas.width - 40, camera - 12], [at(1), other + 4])
    await eventually(() => timeline.announced.textContent()).toMatch(/^\d+ clips selected/)
    expect(await timeline.playhead()).toBe(stood)
    await readsAs(held)
    // The other button takes what lies there and offers what can be done with it; the focus is back when that is closed.
    await page.mouse.click(at(5), camera, { button: 'right' })
    await page.getByRole('menuitem', { name: /^Lift/ }).waitFor()
    // Letters lead along the entries and do nothing to the timeline.
    await page.keyboard.press('s')
    await readsAs(held)
    await step('Lift', () => page.getByRole('menuitem', { name: /^Lift/ }).click())
    await eventually(() => timeline.canvas.evaluate((each) => each.matches(':focus'))).toBe(true)
    await page.keyboard.press('Control+z')
    await readsAs(held)

    await timeline.seek(6)
    await step('Add marker', () => page.keyboard.press('m'))
    await step('Move marker', () => drag([at(6), ruler + 25], [at(4), ruler + 25]))
    await step('Nudge', () => page.keyboard.press('.'))
    for (const [seconds, key] of [
      [10, 'i'],
      [14, 'o'],
    ] as const) {
      await timeline.seek(seconds)
      await page.keyboard.press(key)
    }
    await drag([at(14) - 3, ruler + 22], [at(15) - 3, ruler + 22])
    await eventually(() => timeline.done.textContent()).toMatch(/^Out is at (14\.9|15\.0)\d s/)
    await page.keyboard.press('Escape')
    await step('Mark a range', () => page.keyboard.press('Shift+M'))
    await step('Change the length of a range', () => drag([at(15), ruler + 29], [at(13), ruler + 29]))
    await step('Move range', () => drag([at(12), ruler + 29], [at(14), ruler + 29]))

    for (let n = 0; n < 16; n++) await page.keyboard.press('Control+z')
    await readsAs(first)
    for (const key of ['Alt+x', 'n']) await page.keyboard.press(key)
    engine.close()
  })
}
