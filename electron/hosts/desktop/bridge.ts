/**
 * The channels between the window and the shell: one to get a port to the engine, four for native dialogs and files.
 */
import { BrowserWindow, dialog, ipcMain, shell, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { RPCHandler } from '@orpc/server/message-port'
import { isAbsolute } from 'node:path'
import type { Engine } from '../../engine/engine.ts'
import { exportedFile } from '../../engine/publish/export-place.ts'
import { CHANNELS } from './channels.ts'
import { STUDIO_ORIGIN } from './window-options.ts'

/** Only the top frame of the studio's own origin may call. */
function isTrustedSender(event: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && frame.origin === STUDIO_ORIGIN
}

/** The longest title given to a system dialog. */
const MOST_TITLE_SIGNS = 120

const titleFrom = (title: unknown): string => (typeof title === 'string' ? title.slice(0, MOST_TITLE_SIGNS) : '')

export function installBridge(engine: Engine): void {
  const handler = new RPCHandler(engine.router)

  ipcMain.on(CHANNELS.connect, (event) => {
    const port = event.ports[0]
    if (!isTrustedSender(event) || !port) return
    handler.upgrade(port)
    port.start()
  })

  const handle = (channel: string, answer: (window: BrowserWindow, argument: unknown) => Promise<unknown>): void => {
    ipcMain.handle(channel, async (event, argument: unknown) => {
      const window = BrowserWindow.fromWebContents(event.sender)
      if (!isTrustedSender(event) || !window) throw new Error('refused')
      return await answer(window, argument)
    })
  }

  // The window gives the title, in its language.
  handle(CHANNELS.pickFiles, async (window, asked) => {
    const { what, title } = asked as { readonly what: unknown; readonly title: unknown }
    const several = what === 'file' ? [] : ['multiSelections' as const]
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: titleFrom(title),
      properties: [what === 'folder' ? 'openDirectory' : 'openFile', ...several],
    })
    return canceled ? [] : filePaths.map((path) => engine.grantFile(path))
  })

  handle(CHANNELS.pickProject, async (window, title) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: titleFrom(title),
      filters: [{ name: 'Asterism', extensions: ['asterism'] }],
      properties: ['openFile'],
    })
    return canceled || !filePaths[0] ? null : engine.grantFile(filePaths[0])
  })

  // The window names a job, never a path.
  handle(CHANNELS.showExport, async (_window, jobId) => {
    const path = typeof jobId === 'string' ? exportedFile(engine.session, jobId, 0) : null
    if (path !== null) shell.showItemInFolder(path)
  })

  handle(CHANNELS.tokensForPaths, async (_window, paths) => {
    if (!Array.isArray(paths)) throw new Error('refused')
    return paths
      .filter((path): path is string => typeof path === 'string' && isAbsolute(path))
      .map((path) => engine.grantFile(path))
  })
}
