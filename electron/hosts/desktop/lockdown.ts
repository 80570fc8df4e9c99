/** What no page of the app may do, whatever it holds: navigate away, open windows, ask for devices, embed others. */
import { shell, type App, type Session, type WebContents } from 'electron'

/** Permissions that are granted, each with its reason. Electron's default is to grant them all. */
const GRANTED: ReadonlySet<string> = new Set([
  'clipboard-sanitized-write', // copying an address or an error's details
  'fullscreen', // the stage
])

export function lockDownSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, permission, decide) => decide(GRANTED.has(permission)))
  session.setPermissionCheckHandler((_contents, permission) => GRANTED.has(permission))
}

/** True for an address that may be handed to the person's browser. */
export function isOpenableOutside(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:'
}

export function lockDownContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    if (isOpenableOutside(url)) void shell.openExternal(url)
    return { action: 'deny' }
  })
}

export function lockDownApp(app: App): void {
  app.enableSandbox()
  app.on('web-contents-created', (_event, contents) => lockDownContents(contents))
}
