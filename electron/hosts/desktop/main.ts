/** The desktop shell: one window in front of one engine. */
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { app, BrowserWindow, Menu, powerMonitor, protocol, session } from 'electron'
import { keepDumpsEmpty } from '../../engine/empty-dumps.ts'
import { createEngine, type Engine } from '../../engine/engine.ts'
import { homeFolder } from '../../engine/home.ts'
import { farmSettings } from '../../engine/jobs/farm/settings.ts'
import { preferredLanguage } from '../../engine/preferred-language.ts'
import { questionsOver } from '../question.ts'
import { installBridge } from './bridge.ts'
import { DesktopConfirmation } from './confirmation.ts'
import { lockDownApp, lockDownSession } from './lockdown.ts'
import { menuTemplate } from './menu.ts'
import { spawnModel, spawnSigner } from './utility-processes.ts'
import { CONFIRM_SCHEME, STUDIO_ORIGIN, STUDIO_SCHEME, studioWindowOptions } from './window-options.ts'

const here = dirname(fileURLToPath(import.meta.url))
const PRIVILEGES = { standard: true, secure: true, supportFetchAPI: true }

protocol.registerSchemesAsPrivileged([
  // `stream`: without it a video element cannot read ranges.
  { scheme: STUDIO_SCHEME, privileges: { ...PRIVILEGES, stream: true } },
  { scheme: CONFIRM_SCHEME, privileges: PRIVILEGES },
])
keepDumpsEmpty()
lockDownApp(app)

if (app.requestSingleInstanceLock()) {
  const confirmation = new DesktopConfirmation(() => preferredLanguage(homeFolder()))
  let engine: Engine | null = null

  const openWindow = async (): Promise<void> => {
    const window = new BrowserWindow(studioWindowOptions(join(here, '../preload/preload.cjs')))
    window.once('ready-to-show', () => window.show())
    await window.loadURL(`${STUDIO_ORIGIN}/`)
  }

  app.on('second-instance', () => {
    const [window] = BrowserWindow.getAllWindows()
    if (window?.isMinimized()) window.restore()
    window?.focus()
  })
  app.on('window-all-closed', () => app.quit())
  app.on('before-quit', (event) => {
    const closing = engine
    if (!closing) return
    event.preventDefault()
    engine = null
    void closing.close().finally(() => app.quit())
  })

  await app.whenReady()
  lockDownSession(session.defaultSession, () => engine?.wantsMicrophone() ?? false)
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(process.platform === 'darwin')))
  engine = await createEngine({
    home: homeFolder(),
    rendererFolder: join(here, '../renderer'),
    resumeJobs: true,
    farm: farmSettings(),
    host: { ...questionsOver((question, signal) => confirmation.ask(question, signal)), spawnSigner, spawnModel },
  })
  const running = engine
  // Wallets on an unattended machine are locked.
  const lock = (): void => void running.session.openWallets.lock()
  powerMonitor.on('suspend', lock)
  powerMonitor.on('lock-screen', lock)
  protocol.handle(STUDIO_SCHEME, async (request) => await running.handle(request))
  confirmation.install(protocol)
  installBridge(running)
  await openWindow()
} else {
  app.quit()
}
