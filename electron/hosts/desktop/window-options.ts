/** Options of the windows as data, so that tests can check them. */
import type { BrowserWindowConstructorOptions } from 'electron'

export const STUDIO_SCHEME = 'studio'
export const STUDIO_ORIGIN = `${STUDIO_SCHEME}://app`
export const CONFIRM_SCHEME = 'studio-confirm'
export const CONFIRM_ORIGIN = `${CONFIRM_SCHEME}://sign`

const SECURE: BrowserWindowConstructorOptions['webPreferences'] = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  webviewTag: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  navigateOnDragDrop: false,
  spellcheck: false,
}

/** @param preload absolute path of the built preload script */
export function studioWindowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 900,
    minHeight: 600,
    show: false,
    backgroundColor: '#0d1015',
    title: 'Asterism',
    webPreferences: { ...SECURE, preload },
  }
}

/** The confirmation has its own origin and no preload script; it reaches the engine only through its form. */
export function confirmWindowOptions(): BrowserWindowConstructorOptions {
  return {
    width: 620,
    height: 680,
    resizable: false,
    minimizable: false,
    title: 'Asterism: confirm',
    webPreferences: { ...SECURE, javascript: false },
  }
}
