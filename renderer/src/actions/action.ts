/**
 * An action is one object; the menu, the palette, the shortcuts and their help are all built from the list of actions.
 */
import { t, type MessageKey } from '../i18n/text.ts'
import type { EngineAccess } from '../state/engine-context.ts'

export interface ActionContext extends EngineAccess {
  readonly openImport: () => void
}

export const ACTION_GROUPS = [
  'project',
  'edit',
  'playback',
  'timeline',
  'align',
  'export',
  'wallets',
  'view',
  'help',
  'world',
] as const
export type ActionGroup = (typeof ACTION_GROUPS)[number]

/** An action is called what the catalogue says under `action.<id>`; one without a name does not compile. */
export type ActionId = MessageKey extends infer Key ? (Key extends `action.${infer Id}` ? Id : never) : never

export interface Action {
  readonly id: ActionId
  readonly group: ActionGroup
  /** As in `Ctrl+Shift+Z`, `K`, `ArrowLeft`; the first is shown, all work. */
  readonly shortcuts: readonly string[]
  /**
   * Its keys count only while this place (`data-keys`) has the focus, and come before those of the whole window there.
   */
  readonly place?: 'world' | 'library'
  /** Leaves its keys to the whole window for now, though its place has the focus. */
  readonly isAside?: () => boolean
  /** Null if it can be done now, otherwise the reason as a sentence. */
  readonly disabledReason?: () => string | null
  readonly run: (context: ActionContext) => void | Promise<void>
  /** Announced once it is done, if it commits nothing that has a name. */
  readonly said?: () => string
}

/** The shortcut of a key event, in the notation of `Action.shortcuts`. */
export function shortcutOf(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
): string {
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl')
  if (event.altKey) parts.push('Alt')
  const isLetter = /^Key[A-Z]$/.test(event.code)
  const key = isLetter
    ? event.code.slice(3)
    : event.key === ' '
      ? 'Space'
      : event.key.length === 1
        ? event.key.toUpperCase()
        : event.key
  // A sign that needs Shift to be typed ("?") is named by itself; letters and named keys say Shift.
  if (event.shiftKey && (isLetter || key.length > 1)) parts.push('Shift')
  parts.push(key)
  return parts.join('+')
}

/** Whether a key that writes nothing leads to another place of the window: it does so from within a field too. */
export function leadsOutOfField(
  { group }: Pick<Action, 'group'>,
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'altKey'>,
): boolean {
  return (group === 'view' || group === 'help') && (event.ctrlKey || event.altKey || event.key === 'F6')
}

const KEY_SIGNS: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
}

const NAMED_KEYS = [
  'Ctrl',
  'Shift',
  'Alt',
  'Space',
  'Delete',
  'Backspace',
  'Enter',
  'Escape',
  'PageUp',
  'PageDown',
  'Home',
  'End',
]
type NamedKey = MessageKey extends infer Key ? (Key extends `key.${infer Name}` ? Name : never) : never

function isNamedKey(part: string): part is NamedKey {
  return NAMED_KEYS.includes(part)
}

export function actionTitle(action: Action): string {
  return t(`action.${action.id}`)
}

/** A shortcut as labelled on the keys. */
export function shortcutWords(shortcut: string): string {
  // A plus sign that is itself the key has nothing before it.
  const parts = shortcut === '+' ? ['+'] : shortcut.split('+')
  return parts.map((part) => KEY_SIGNS[part] ?? (isNamedKey(part) ? t(`key.${part}`) : part)).join(' + ')
}

/** The action of a key: that of the focused place, otherwise that of the whole window. */
export function actionOfKey(
  actions: readonly Action[],
  shortcut: string,
  place: string | null | undefined,
): Action | undefined {
  const owners = actions.filter((action) => action.shortcuts.includes(shortcut))
  return (
    owners.find((action) => action.place !== undefined && action.place === place && !action.isAside?.()) ??
    owners.find((action) => action.place === undefined)
  )
}

/**
 * The actions that share a shortcut in one place; a non-empty answer is a mistake.
 *
 * @public the tests load it as the window does
 */
export function conflictsOf(actions: readonly Action[]): string[] {
  const owner = new Map<string, string>()
  const conflicts: string[] = []
  for (const action of actions) {
    for (const shortcut of action.shortcuts) {
      const key = `${action.place ?? ''} ${shortcut}`
      const other = owner.get(key)
      if (other) conflicts.push(`${shortcut}: ${other} and ${action.id}`)
      else owner.set(key, action.id)
    }
  }
  return conflicts
}
