/**
 * The parts of the window (`data-part`), gone through by a key: forty tracks have a hundred controls, and whoever works
 * by keys shall not pass them all to come from the library to what is beside it.
 */

/** What a part begins with, where nothing in it had the focus before. */
const BEGINNINGS = '[data-focus-home], [role="tab"][aria-selected="true"], [data-part-beginning]'
const REACHED_BY_TAB = 'a[href], button, input, select, textarea, summary, [tabindex]'

/** What had the focus in a part last. */
const lastIn = new WeakMap<Element, HTMLElement>()

/** Remembers where the keys were in each part; returns what ends that. */
export function rememberParts(): () => void {
  const note = ({ target }: FocusEvent): void => {
    const part = target instanceof HTMLElement ? target.closest('[data-part]') : null
    if (part) lastIn.set(part, target as HTMLElement)
  }
  document.addEventListener('focusin', note)
  return () => document.removeEventListener('focusin', note)
}

/** Gives the focus to the part after (1) or before (-1) the one that has it, where it was in there last. */
export function goToPart(direction: 1 | -1): void {
  // A part that is folded away has no width, one with nothing in it no control.
  const stops = [...document.querySelectorAll<HTMLElement>('[data-part]')].flatMap((part) => {
    const stop = part.clientWidth > 0 ? stopIn(part) : null
    return stop ? [{ part, stop }] : []
  })
  const at = stops.findIndex(({ part }) => part.contains(document.activeElement))
  // From nowhere, the first or the last.
  const next = at < 0 ? (direction === 1 ? 0 : stops.length - 1) : (at + direction + stops.length) % stops.length
  stops[next]?.stop.focus()
}

/** Gives the focus to where a part begins, once what is to be shown there is there. */
export function goInto(part: 'workspace' | 'timeline'): void {
  requestAnimationFrame(() => {
    const holder = document.querySelector<HTMLElement>(`[data-part="${part}"]`)
    if (!holder) return
    lastIn.delete(holder)
    stopIn(holder)?.focus()
  })
}

function stopIn(part: HTMLElement): HTMLElement | null {
  const isThere = (element: HTMLElement): boolean =>
    !element.matches(':disabled') && element.getClientRects().length > 0
  const last = lastIn.get(part)
  if (last && part.contains(last) && isThere(last)) return last
  const beginnings = [...part.querySelectorAll<HTMLElement>(BEGINNINGS)]
  const controls = [...part.querySelectorAll<HTMLElement>(REACHED_BY_TAB)].filter(({ tabIndex }) => tabIndex >= 0)
  return beginnings.find(isThere) ?? controls.find(isThere) ?? null
}
