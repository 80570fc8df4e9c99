/** Which actions have a key down right now: K held makes J and L step, and a key that repeats is pressed once. */
import type { ActionId } from './action.ts'

const held = new Map<string, ActionId>()

/** @param code the key on the keyboard, whatever is printed on it */
export function hold(code: string, action: ActionId): void {
  held.set(code, action)
}

export function letGo(code: string): void {
  held.delete(code)
}

/** Keys that are let go while another window has the keyboard are not heard of. */
export function letGoOfAll(): void {
  held.clear()
}

export function isHeld(action: ActionId): boolean {
  return [...held.values()].includes(action)
}
