import { useEffect, useRef, type ReactNode } from 'react'
import { X } from 'lucide-react'
import { t } from '../i18n/text.ts'
import { leaveNoticesOf } from '../state/session-store.ts'
import { bringToFront } from './top-dialog.ts'

interface DialogProps {
  readonly open: boolean
  readonly title: string
  /** False leaves the title to screen readers, where the content speaks for itself. */
  readonly showTitle?: boolean
  readonly className?: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A modal dialog on the browser's own element: focus stays inside, Escape closes, the rest of the window is inert. */
export function Dialog({ open, title, showTitle = true, className = '', onClose, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const dialog = element.current
    if (!open || !dialog || dialog.open) return
    const before = document.activeElement
    dialog.showModal()
    const leave = bringToFront(dialog)
    // The browser would choose the button that closes; what asks for the focus gets it, else the dialog itself.
    const first = dialog.querySelector<HTMLElement>('[data-first]')
    const asked = first ?? dialog.querySelector<HTMLElement>('input[type="text"], [cmdk-input]')
    asked?.focus()
    if (document.activeElement === dialog.querySelector('[data-close]')) dialog.focus()
    // An element that is taken away does not give the focus back by itself.
    return () => {
      leave()
      leaveNoticesOf(dialog)
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [open])
  if (!open) return null
  return (
    <dialog
      ref={element}
      className={`dialog ${className}`}
      tabIndex={-1}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      onClose={onClose}
      // A press on the backdrop is a press on the dialog element itself, beside its content.
      onMouseDown={(event) => {
        if (event.target === element.current) onClose()
      }}
    >
      <div className="dialog__content">
        {showTitle ? (
          <div className="row">
            <h2 className="dialog__title">{title}</h2>
            <span className="spacer" />
            <button
              className="button button--quiet button--icon"
              data-close
              aria-label={t('app.close')}
              onClick={onClose}
            >
              <X size={16} aria-hidden />
            </button>
          </div>
        ) : null}
        {children}
      </div>
    </dialog>
  )
}
