import { describe, expect, test } from 'vitest'
import { loadFromWindow, type KeyEvent } from './window-modules.ts'

const { actions } = await loadFromWindow('actions/actions')
const { choosePreset, currentKeys, rebind, resetKeys, withKeys } = await loadFromWindow('actions/keymap')
const { PRESETS } = await loadFromWindow('state/preferences')
const { actionOfKey, actionTitle, conflictsOf, leadsOutOfField, shortcutOf, shortcutWords } =
  await loadFromWindow('actions/action')

const press = (key: string, code: string, held: Partial<KeyEvent> = {}): KeyEvent => ({
  key,
  code,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
})

describe('the table of actions', () => {
  test('no two actions share a shortcut', () => {
    expect(conflictsOf(actions)).toEqual([])
    expect(conflictsOf([...actions, { ...actions[0]!, id: 'intruder', shortcuts: ['S'] }])).toEqual([
      'S: split and intruder',
    ])
  })

  test('every action has an id of its own, a title and a group', () => {
    expect(new Set(actions.map((action) => action.id)).size).toBe(actions.length)
    for (const action of actions) {
      expect(actionTitle(action), action.id).toMatch(/^[A-Z].{2,}/)
      expect(action.group).not.toBe('')
    }
  })

  test('from within a field keys lead to other places, and none that write or edit do anything', () => {
    const inField = (id: string, event: KeyEvent): boolean =>
      leadsOutOfField(
        actions.find((action) => action.id === id)!,
        event,
      )
    expect(inField('nextPart', press('F6', 'F6', { shiftKey: true }))).toBe(true)
    expect(inField('workspaceLedger', press('5', 'Digit5', { altKey: true }))).toBe(true)
    expect(inField('palette', press('k', 'KeyK', { ctrlKey: true }))).toBe(true)
    expect(inField('shortcuts', press('?', 'Minus', { shiftKey: true }))).toBe(false)
    expect(inField('undo', press('z', 'KeyZ', { ctrlKey: true }))).toBe(false)
    expect(inField('selectAll', press('a', 'KeyA', { ctrlKey: true }))).toBe(false)
    expect(inField('split', press('s', 'KeyS'))).toBe(false)
  })

  test('the keys that every editor has do what hands expect', () => {
    const everywhere = actions.filter(({ place }) => place === undefined)
    const owner = new Map(everywhere.flatMap((action) => action.shortcuts.map((shortcut) => [shortcut, action.id])))
    const expected = [
      'Space play, J reverse, K stop, L forward, I markIn, O markOut, S split, V toolSelect, B toolBlade',
      'Q trimStart, W trimEnd, M marker, N snapping, Delete lift, Shift+Delete rippleDelete, Ctrl+Z undo',
      'Ctrl+Shift+Z redo, Ctrl+K palette, ? shortcuts, 0 zoomFit, + zoomIn, - zoomOut',
    ].flatMap((line) => line.split(', ').map((pair) => pair.split(' ')))
    for (const [shortcut, id] of expected) expect(owner.get(shortcut!), shortcut).toBe(id)
  })

  test('Delete takes recordings out of the project in the library alone', () => {
    expect(actionOfKey(actions, 'Delete', 'library')?.id).toBe('removeRecordings')
    expect(actionOfKey(actions, 'Delete', 'world')?.id).toBe('lift')
    expect(actionOfKey(actions, 'S', 'library')?.id).toBe('split')
  })

  test('key events are named as the table names them', () => {
    expect(shortcutOf(press('s', 'KeyS'))).toBe('S')
    expect(shortcutOf(press('S', 'KeyS', { shiftKey: true }))).toBe('Shift+S')
    expect(shortcutOf(press(' ', 'Space'))).toBe('Space')
    expect(shortcutOf(press('?', 'Slash', { shiftKey: true }))).toBe('?')
    expect(shortcutOf(press('+', 'Equal', { shiftKey: true }))).toBe('+')
    expect(shortcutOf(press('Z', 'KeyZ', { metaKey: true, shiftKey: true }))).toBe('Ctrl+Shift+Z')
    expect(shortcutOf(press('ArrowLeft', 'ArrowLeft', { shiftKey: true }))).toBe('Shift+ArrowLeft')
    expect(shortcutOf(press('1', 'Digit1', { altKey: true }))).toBe('Alt+1')
    // A layout on which the key marked S gives another letter is named by the key's place.
    expect(shortcutOf(press('ß', 'KeyS', { altKey: true }))).toBe('Alt+S')
  })

  test('shortcuts read as they stand on the keys', () => {
    expect(shortcutWords('Ctrl+ArrowLeft')).toBe('Ctrl + ←')
    expect(shortcutWords('+')).toBe('+')
    expect(shortcutWords('Shift+Delete')).toBe('Shift + Del')
  })
})

describe('keys that the person sets', () => {
  const byId = (id: string) => actions.find((action) => action.id === id)!

  test.each(PRESETS)('no two actions share a key in the preset %s', (preset) => {
    expect(conflictsOf(withKeys(actions, preset, {}))).toEqual([])
  })

  test('a key of another action is refused with its owner, and nothing changes', () => {
    choosePreset('asterism')
    expect(rebind(actions, 'marker', 'S')?.id).toBe('split')
    expect(currentKeys(byId('marker'))).toEqual(['M'])
    expect(rebind(actions, 'marker', 'Ctrl+Alt+Shift+K')).toBeNull()
    expect(currentKeys(byId('marker'))).toEqual(['Ctrl+Alt+Shift+K'])
    // The key that was given up is free; taking it, the old owner cannot simply have it back.
    expect(rebind(actions, 'split', 'M')).toBeNull()
    expect(resetKeys(actions, 'marker')?.id).toBe('split')
    expect(resetKeys(actions, 'split')).toBeNull()
    expect(resetKeys(actions, 'marker')).toBeNull()
    expect(currentKeys(byId('marker'))).toEqual(['M'])
  })

  test('a preset gives the keys of another editor', () => {
    choosePreset('premiere')
    expect(currentKeys(byId('toolBlade'))).toEqual(['C'])
    choosePreset('losslesscut')
    expect(currentKeys(byId('split'))).toEqual(['B'])
    choosePreset('asterism')
    expect(currentKeys(byId('split'))).toEqual(['S'])
  })
})
