/** The stations of the way through the studio at which the timeline is edited; they start and end with the sample as it is. */
import { expect, test } from 'vitest'
import { seriousFindings } from '../../fixtures/window/accessibility.ts'
import { partByKeys, pressByKeys, tabByKeys, writeByKeys } from '../pages/keyboard.ts'
import type { Way } from './way.ts'

export function editingStations(way: () => Way): void {
  test('a clip is chosen, split, trimmed and closed up by keys alone; keys and buttons take it back and do it again', async () => {
    const { page, studio, eventually } = way()
    const clips = async (): Promise<number[][]> =>
      (await studio.timeline.clipsOf('camera-a', 'video')).map((clip) => [clip.startSeconds, clip.endSeconds])
    const before = await clips()
    const end = before[0]![1]!
    await partByKeys(page, 'Timeline')
    await page.keyboard.press('Escape')
    await page.keyboard.press('ArrowDown')
    await eventually(() => studio.timeline.announced.textContent()).toContain('camera-a')
    for (let n = 0; n < 12; n++) await page.keyboard.press('Shift+ArrowRight')
    await page.keyboard.press('s')
    await eventually(clips).toEqual([
      [0, 12],
      [12, end],
    ])
    expect(await studio.timeline.clipsOf('camera-b', 'video')).toHaveLength(1)
    for (let n = 0; n < 2; n++) await page.keyboard.press('Shift+ArrowLeft')
    await page.keyboard.press('w')
    await eventually(clips).toEqual([
      [0, 10],
      [12, end],
    ])
    // The other cameras lie beside it: its own track closes up alone.
    await page.keyboard.press('Shift+Delete')
    await eventually(clips).toEqual([[2, end - 10]])
    for (let n = 0; n < 3; n++) await page.keyboard.press('Control+z')
    await eventually(clips).toEqual(before)
    await studio.redo()
    await eventually(async () => (await clips()).length).toBe(2)
    await studio.undo()
    await eventually(clips).toEqual(before)
  })

  test('a drag moves linked clips and is one step of undo', async () => {
    const { page, studio, eventually } = way()
    await page.keyboard.press('n')
    const [before] = await studio.timeline.clipsOf('camera-b', 'video')
    await studio.timeline.drag('camera-b', 'video', 8, 2)
    await eventually(async () => (await studio.timeline.clipsOf('camera-b', 'video'))[0]!.startSeconds).toBeGreaterThan(
      before!.startSeconds + 1,
    )
    const [picture, sound] = [
      (await studio.timeline.clipsOf('camera-b', 'video'))[0]!,
      (await studio.timeline.clipsOf('camera-b', 'audio'))[0]!,
    ]
    expect(picture.startSeconds).toBeCloseTo(2, 0)
    expect(sound.startSeconds).toBeCloseTo(picture.startSeconds, 2)
    await studio.undo()
    await eventually(async () => (await studio.timeline.clipsOf('camera-b', 'video'))[0]).toEqual(before)
    await page.keyboard.press('n')
  })

  test('edges are trimmed by hand and to the playhead, never beyond the recording', async () => {
    const { page, studio, eventually } = way()
    const end = async (): Promise<number> => (await studio.timeline.clipsOf('microphone', 'audio'))[0]!.endSeconds
    const full = await end()
    await studio.timeline.drag('microphone', 'audio', full - 0.05, -5)
    await eventually(end).toBeLessThan(full - 4)
    await studio.timeline.drag('microphone', 'audio', (await end()) - 0.05, 20)
    await eventually(end).toBeCloseTo(full, 2)
    await studio.timeline.seek(20)
    await page.keyboard.press('w')
    await eventually(end).toBeCloseTo(20, 0)
    for (let n = 0; n < 3; n++) await studio.undo()
    await eventually(end).toBe(full)
  })

  test('tracks are muted by keys and heard again; F6 goes from part to part, one stop leads through all tracks', async () => {
    const { page, studio, eventually } = way()
    const holder = (): Promise<string> =>
      page.evaluate<string>("document.activeElement.closest('[data-part]').getAttribute('aria-label') ?? 'Top bar'")
    await studio.timeline.canvas.focus()
    const parts = []
    for (let n = 0; n < 5; n++) {
      await page.keyboard.press('F6')
      parts.push(await holder())
    }
    expect(parts).toEqual(['Edit', 'Top bar', 'Library', 'Stage', 'Timeline'])
    await page.keyboard.press('Shift+Tab')
    // Of pictures nothing is heard.
    const leaveOut = studio.timeline.button('Leave camera-a video out of the film')
    expect(await leaveOut.evaluate((each) => each.matches(':focus'))).toBe(true)
    await page.keyboard.press('ArrowDown')
    expect(await studio.timeline.button('Mute camera-a audio').evaluate((each) => each.matches(':focus'))).toBe(true)
    await page.keyboard.press('Enter')
    await eventually(() => studio.playingSounds()).toBe(0)
    await studio.undo()
    await eventually(() => studio.playingSounds()).toBe(1)
    // Their tracks are renamed, and moved as far as there are others.
    const names = async (): Promise<string[]> =>
      await studio.timeline.root.locator('.headers__name--track').allInnerTexts()
    const before = await names()
    const mute = studio.timeline.button(/^Mute camera-a/)
    await mute.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Rename the track' }).press('Enter')
    await page.getByRole('textbox', { name: 'Name of the track' }).fill('boom')
    await page.keyboard.press('Enter')
    await eventually(names).toEqual(before.with(1, 'boom'))
    await eventually(() => studio.timeline.button('Lock boom audio').evaluate((each) => each.matches(':focus'))).toBe(
      true,
    )
    await page.keyboard.press('Control+Shift+ArrowUp')
    await eventually(names).toEqual(['boom', ...before.toSpliced(1, 1)])
    await eventually(() => studio.timeline.done.textContent()).toBe('Move tracks')
    await page.keyboard.press('Control+Shift+ArrowUp')
    await eventually(() => studio.timeline.done.textContent()).toBe('The track is at the top.')
    for (let n = 0; n < 2; n++) await studio.undo()
    await eventually(names).toEqual(before)
    // The last track scrolls into sight, and its name still stands beside its clips.
    const last = studio.timeline.button('Lock phone depth')
    await studio.timeline.button('Mute camera-a audio').focus()
    for (let n = 0; n < 9; n++) await page.keyboard.press('ArrowDown')
    expect(await last.evaluate((each) => each.matches(':focus'))).toBe(true)
    const [row, canvas] = [(await last.boundingBox())!, (await studio.timeline.canvas.boundingBox())!]
    expect(row.y + row.height).toBeLessThanOrEqual(canvas.y + canvas.height)
    await page.mouse.click(canvas.x + canvas.width / 2, row.y + row.height / 2)
    await eventually(() => studio.timeline.announced.textContent()).toContain('phone')
    for (let n = 0; n < 9; n++) await page.keyboard.press('ArrowUp')
    await page.keyboard.press('Escape')
  })

  test('a sound is made louder by keys and quieter by its number, and is heard so', async () => {
    const { page, studio, eventually } = way()
    await studio.timeline.press('camera-a', 'audio', 6)
    const loudness = page.getByLabel('Loudness (dB)')
    await page.keyboard.press('Control+Alt+ArrowUp')
    await page.keyboard.press('Control+Alt+ArrowUp')
    await eventually(() => loudness.inputValue()).toBe('2')
    await loudness.fill('-12')
    await loudness.press('Enter')
    const volumes = (): Promise<number[]> =>
      page.locator('audio').evaluateAll((all) => all.map((audio) => (audio as unknown as { volume: number }).volume))
    await eventually(async () => Math.min(...(await volumes()))).toBeCloseTo(0.35 * 10 ** (-12 / 20), 3)
    await studio.timeline.canvas.focus()
    for (let n = 0; n < 3; n++) await studio.undo()
    await eventually(() => loudness.inputValue()).toBe('0')
  })

  test('clips are reached and announced by keys alone, and wherever the playhead is sent it is seen', async () => {
    const { page, studio, eventually } = way()
    const isSeen = async (): Promise<boolean> => {
      const [line, canvas] = [
        (await studio.timeline.root.locator('.timeline__playhead').boundingBox())!,
        (await studio.timeline.canvas.boundingBox())!,
      ]
      return line.x >= canvas.x - 1 && line.x <= canvas.x + canvas.width
    }
    await studio.timeline.canvas.focus()
    await page.keyboard.press('Home')
    for (let n = 0; n < 6; n++) await page.keyboard.press('+')
    for (const key of ['End', 'Home']) {
      await page.keyboard.press(key)
      await eventually(isSeen, { message: key }).toBe(true)
    }
    await page.keyboard.press('0')
    await studio.timeline.canvas.focus()
    await page.keyboard.press('Escape')
    await page.keyboard.press('ArrowDown')
    await eventually(() => studio.timeline.announced.textContent()).toContain('camera-a')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await eventually(() => studio.timeline.announced.textContent()).toContain('camera-b')
    await page.keyboard.press('.')
    await eventually(async () => (await studio.timeline.clipsOf('camera-b', 'video'))[0]!.startSeconds).toBeCloseTo(
      1 / 30,
      2,
    )
    await page.keyboard.press('Control+z')
  })

  test('cuts are rippled, rolled, slipped and slid by keys, each announced and one step back', async () => {
    const { page, studio, eventually } = way()
    const clips = async (): Promise<number[][]> =>
      (await studio.timeline.clipsOf('camera-a', 'video')).map((clip) => [clip.startSeconds, clip.endSeconds])
    await studio.timeline.press('camera-a', 'video', 5)
    for (const at of [8, 16]) {
      await studio.timeline.seek(at)
      await page.keyboard.press('s')
    }
    await eventually(async () => (await clips()).length).toBe(3)
    const before = await clips()
    const frame = 1 / 30
    const middle = before[1]!
    const tools: readonly (readonly [string, string, number[][]])[] = [
      [
        'r',
        'Ripple trim',
        [before[0]!, [middle[0]!, middle[1]! + frame], [before[2]![0]! + frame, before[2]![1]! + frame]],
      ],
      ['Shift+R', 'Roll', [before[0]!, [middle[0]!, middle[1]! + frame], [before[2]![0]! + frame, before[2]![1]!]]],
      ['y', 'Slip', before],
      [
        'u',
        'Slide',
        [
          [before[0]![0]!, middle[0]! + frame],
          [middle[0]! + frame, middle[1]! + frame],
          [middle[1]! + frame, before[2]![1]!],
        ],
      ],
    ]
    await studio.timeline.press('camera-a', 'video', 12)
    for (const [key, said, expected] of tools) {
      await page.keyboard.press(key)
      await page.keyboard.press('.')
      await eventually(() => studio.timeline.done.textContent()).toContain(said)
      // The name of the tool is said when it is chosen, too: before the clips have moved.
      await eventually(clips).toEqual(expected.map((span) => span.map((at) => expect.closeTo(at, 2) as number)))
      await studio.undo()
      await eventually(clips).toEqual(before)
    }
    await page.keyboard.press('v')
    for (let n = 0; n < 2; n++) await studio.undo()
    await eventually(async () => (await clips()).length).toBe(1)
  })

  test('number keys cut between cameras, and the picture follows the cut', async () => {
    const { page, studio, eventually } = way()
    await page.keyboard.press('c')
    await eventually(() => studio.timeline.done.textContent()).toContain('cut between cameras')
    for (const [at, key] of [
      [3, '2'],
      [6, '3'],
    ] as const) {
      await studio.timeline.seek(at)
      await page.keyboard.press(key)
    }
    // Camera-a until 3 s, camera-b until 6 s, the phone as long as camera-b would have gone on, then camera-a again.
    await eventually(async () => (await studio.timeline.clipsOf('Cut', 'video')).length).toBe(4)
    await studio.timeline.seek(4)
    await eventually(() => studio.video.getAttribute('aria-label')).toBe('Picture of camera-b')
    await page.keyboard.press('c')
    for (let n = 0; n < 2; n++) await studio.undo()
    await eventually(async () => (await studio.timeline.clipsOf('Cut', 'video')).length).toBe(0)
    await page.keyboard.press('1')
    await eventually(() => studio.video.getAttribute('aria-label')).toBe('Picture of camera-a')
  })

  test('moments are labelled by keys; spans are dragged, listed, and gone with their label', async () => {
    const { page, studio, eventually } = way()
    await page.keyboard.press('Alt+2')
    await tabByKeys(page, 'Edit', 'Labels')
    await writeByKeys(page, page.getByLabel('Name of the new label'), 'lamp')
    await page.keyboard.press('Enter')
    await page.getByLabel('Name of lamp').waitFor()
    await partByKeys(page, 'Timeline')
    await page.keyboard.press('Shift+L')
    await page.keyboard.press('Home')
    for (const seconds of [4, 2]) {
      for (let n = 0; n < seconds; n++) await page.keyboard.press('Shift+ArrowRight')
      await page.keyboard.press('1')
    }
    const span = page.getByRole('list', { name: 'Spans' }).getByRole('button', { name: /lamp$/ }).first()
    await eventually(() => span.textContent()).toMatch(/00:0(3.9|4.0)\d – 00:0(5.9|6.0)\d/)
    expect(await seriousFindings(page)).toEqual([])
    const at = await studio.timeline.scale()
    const row = (await studio.timeline.root.locator('.headers__row', { hasText: 'lamp' }).boundingBox())!
    await page.mouse.move(at(5), row.y + row.height / 2)
    await page.mouse.down()
    await page.mouse.move(at(8.5), row.y + row.height / 2, { steps: 4 })
    await page.mouse.up()
    await eventually(() => span.textContent()).toMatch(/00:07.\d\d – 00:09.\d\d/)
    await page.keyboard.press('Delete')
    await eventually(() => span.count()).toBe(0)
    await studio.undo()
    await eventually(() => span.count()).toBe(1)
    const { y: top } = (await studio.timeline.root.locator('.headers__row').first().boundingBox())!
    await page.keyboard.press('Shift+L')
    // From the last track back to the first by arrows: the row of the label stands above it again.
    await studio.timeline.button('Lock phone depth').focus()
    for (let n = 0; n < 9; n++) await page.keyboard.press('ArrowUp')
    await eventually(async () => (await studio.timeline.root.locator('.headers__row').first().boundingBox())!.y).toBe(
      top,
    )
    await pressByKeys(page, page.getByRole('button', { name: 'Remove lamp and its spans' }))
    await eventually(() => studio.timeline.root.locator('.headers__row', { hasText: 'lamp' }).count()).toBe(0)
    await tabByKeys(page, 'Edit', 'Facts')
    await partByKeys(page, 'Timeline')
  })

  test('a key that another command has is refused; the sheet finds and changes keys', async () => {
    const { page } = way()
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('Search keys and commands').fill('add marker')
    await sheet.getByRole('button', { name: 'Change the keys of: Add marker' }).click()
    await page.keyboard.press('s')
    await sheet.getByText('S is taken by: Split at playhead').waitFor()
    expect((await sheet.getByRole('button', { name: 'Change the keys of: Add marker' }).textContent())?.trim()).toBe(
      'M',
    )
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
  })
}
