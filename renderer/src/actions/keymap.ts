/**
 * The keymap: defaults of the actions, overridden by a preset of another editor, overridden by custom shortcuts. A key
 * never does two things: a change that would cause that is refused.
 */
import { usePreferences, type Preset } from '../state/preferences.ts'
import type { Action, ActionId } from './action.ts'

type Keys = Partial<Readonly<Record<ActionId, readonly string[]>>>

/** What each preset changes. What would take a key of another action gives that one another, or none. */
const PRESET_KEYS: Readonly<Record<Preset, Keys>> = {
  asterism: {},
  premiere: {
    toolBlade: ['C'],
    toolRipple: ['B'],
    toolRoll: ['N'],
    snapping: ['S'],
    split: ['Ctrl+Alt+K'],
    splitAll: ['Ctrl+Shift+K'],
    cutting: ['Shift+0'],
    trimStart: [],
    trimEnd: [],
    rippleStart: ['Q'],
    rippleEnd: ['W'],
    lift: ['Delete', 'Backspace', ';'],
    rippleDelete: ['Shift+Delete', "'"],
    zoomFit: ['\\', '0'],
  },
  resolve: {
    toolTrackSelect: ['Y'],
    toolSlip: ['Alt+Y'],
    toolRipple: ['T'],
    syncMoment: ['Ctrl+Alt+T'],
    split: ['Ctrl+B', 'S'],
    rippleDelete: ['Shift+Backspace', 'Shift+Delete'],
    zoomFit: ['Shift+Z', '0'],
  },
  losslesscut: {
    split: ['B'],
    toolBlade: ['Alt+B'],
    previousFrame: ['ArrowLeft', ','],
    nextFrame: ['ArrowRight', '.'],
    nudgeBack: ['Ctrl+,'],
    nudgeOn: ['Ctrl+.'],
    preferences: ['Ctrl+Shift+,'],
    zoomFit: ['Z', '0'],
    zoomSelection: ['Shift+Z'],
  },
}

/** The keys of an action under a preset and what the person set. */
export function keysOf(action: Action, preset: Preset, own: Keys): readonly string[] {
  return own[action.id] ?? PRESET_KEYS[preset][action.id] ?? action.shortcuts
}

/** Every action with the keys that it has now. */
export function withKeys(actions: readonly Action[], preset: Preset, own: Keys): Action[] {
  return actions.map((action) => ({ ...action, shortcuts: keysOf(action, preset, own) }))
}

/** The keys of an action as the person has them. */
export function currentKeys(action: Action): readonly string[] {
  const { preset, keys } = usePreferences.getState()
  return keysOf(action, preset, keys)
}

/**
 * Gives an action a key beside the ones it has in its first place.
 *
 * @returns the action that has the key already, whereupon nothing was changed; else null
 */
export function rebind(actions: readonly Action[], id: ActionId, shortcut: string): Action | null {
  const { preset, keys } = usePreferences.getState()
  const place = actions.find((action) => action.id === id)?.place
  const owner = withKeys(actions, preset, keys).find(
    (action) => action.id !== id && action.place === place && action.shortcuts.includes(shortcut),
  )
  if (owner) return owner
  usePreferences.setState({ keys: { ...keys, [id]: [shortcut] } })
  return null
}

/** An action has the keys of the preset again, unless another took one of them meanwhile: that one is returned. */
export function resetKeys(actions: readonly Action[], id: ActionId): Action | null {
  const { preset, keys } = usePreferences.getState()
  const rest = Object.fromEntries(Object.entries(keys).filter(([each]) => each !== id))
  const all = withKeys(actions, preset, rest)
  const own = all.find((action) => action.id === id)
  const owner = all.find(
    (action) =>
      action.id !== id && action.place === own?.place && action.shortcuts.some((key) => own?.shortcuts.includes(key)),
  )
  if (owner) return owner
  usePreferences.setState({ keys: rest })
  return null
}

/** Another preset: what was set by hand is given up, since it was set beside other keys. */
export function choosePreset(preset: Preset): void {
  usePreferences.setState({ preset, keys: {} })
}
