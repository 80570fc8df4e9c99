/**
 * Keeps the focus from being lost. A control that is taken away, or cannot be used while what it began is under way,
 * would leave the focus nowhere: whoever works by keys would start again at the top of the window. It goes to what the
 * control was in, and back to the control when that can be used again.
 */

/** What can hold the focus for a control that cannot. */
const PLACES = '.panel__body, section, [role="tabpanel"], dialog, main'

export function keepFocus(): () => void {
  let last: HTMLElement | null = null
  let places: readonly HTMLElement[] = []
  /** Holds the focus for `last`. */
  let holder: HTMLElement | null = null

  const note = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement) || target === holder) return
    last = target
    places = placesAround(target)
    holder = null
  }
  const look = (): void => {
    const { activeElement, body } = document
    const isUsable = last?.isConnected === true && !last.matches(':disabled')
    if (holder !== null && activeElement === holder) {
      if (isUsable) last?.focus({ preventScroll: true })
      return
    }
    if (last === null || isUsable || (activeElement !== body && activeElement !== null && activeElement !== last))
      return
    holder = places.find((place) => place.isConnected) ?? document.querySelector('[data-focus-home]')
    if (!holder) return
    if (!holder.hasAttribute('tabindex')) holder.tabIndex = -1
    holder.focus({ preventScroll: true })
  }

  document.addEventListener('focusin', note)
  const observer = new MutationObserver(look)
  observer.observe(document.body, { subtree: true, childList: true, attributeFilter: ['disabled'] })
  return () => {
    document.removeEventListener('focusin', note)
    observer.disconnect()
  }
}

/** Innermost first. */
function placesAround(element: HTMLElement): HTMLElement[] {
  const found: HTMLElement[] = []
  let place = element.parentElement?.closest<HTMLElement>(PLACES)
  while (place) {
    found.push(place)
    place = place.parentElement?.closest<HTMLElement>(PLACES)
  }
  return found
}
