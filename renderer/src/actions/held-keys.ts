/** Which actions have a key held down: with K held, J and L step; a repeating key counts as one press. */
import type { ActionId } from './action.ts'

const held = new Map<string, ActionId>()

/** @param code the key on the keyboard, whatever is printed on it */
export function hold(code: string, action: ActionId): void {
  held.set(code, action)
}

export function letGo(code: string): void {
  held.delete(code)
}

/** Key releases in another window are not reported. */
export function letGoOfAll(): void {
  held.clear()
}

export function isHeld(action: ActionId): boolean {
  return [...held.values()].includes(action)
}
