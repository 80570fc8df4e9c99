/**
 * What no page of the app may do, whatever its content: navigate away, open windows, request devices, embed other
 * pages.
 */
import { shell, type App, type Session, type WebContents } from 'electron'
import { CONFIRM_ORIGIN, STUDIO_ORIGIN } from './window-options.ts'

/** Permissions that are always granted, each with its reason. Electron's default is to grant everything. */
const GRANTED: ReadonlySet<string> = new Set([
  'clipboard-sanitized-write', // words cut from a transcript
  'fullscreen', // the stage
])

function isOwnOrigin(text: string | undefined): boolean {
  return text === STUDIO_ORIGIN || (text?.startsWith(`${STUDIO_ORIGIN}/`) ?? false)
}

/**
 * @param wantsMicrophone whether the user has the recorder open: then the studio's own page gets the microphone; nobody
 *   ever gets the camera
 */
export function lockDownSession(session: Session, wantsMicrophone: () => boolean): void {
  session.setPermissionRequestHandler((_contents, permission, decide, details) => {
    const { mediaTypes, securityOrigin } = details as { mediaTypes?: readonly string[]; securityOrigin?: string }
    const onlySound = mediaTypes?.length === 1 && mediaTypes[0] === 'audio'
    const mayHear = permission === 'media' && onlySound && isOwnOrigin(securityOrigin) && wantsMicrophone()
    decide(GRANTED.has(permission) || mayHear)
  })
  session.setPermissionCheckHandler((_contents, permission, requestingOrigin, { mediaType }) => {
    const mayHear =
      permission === 'media' && mediaType === 'audio' && isOwnOrigin(requestingOrigin) && wantsMicrophone()
    return GRANTED.has(permission) || mayHear
  })
}

/** True for an address that may be opened in the user's browser. */
function isOpenableOutside(url: string): boolean {
  return URL.canParse(url) && new URL(url).protocol === 'https:'
}

/** The confirmation submits its form to itself; no other navigation is allowed. */
function staysInConfirmation(from: string, to: string): boolean {
  return [from, to].every((url) => url.startsWith(`${CONFIRM_ORIGIN}/`))
}

function lockDownContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!staysInConfirmation(contents.getURL(), event.url)) event.preventDefault()
  })
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
