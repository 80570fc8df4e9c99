/** The channels between the window and the shell: one to get a port to the engine, four for native dialogs and files. */
import { BrowserWindow, dialog, ipcMain, shell, type IpcMainEvent, type IpcMainInvokeEvent } from 'electron'
import { RPCHandler } from '@orpc/server/message-port'
import { isAbsolute } from 'node:path'
import type { Engine } from '../../engine/engine.ts'
import { exportedFile } from '../../engine/publish/export-place.ts'
import { CHANNELS } from './channels.ts'
import { STUDIO_ORIGIN } from './window-options.ts'

/** Only the top frame of the studio's own origin may call. */
export function isTrustedSender(event: Pick<IpcMainEvent | IpcMainInvokeEvent, 'senderFrame'>): boolean {
  const frame = event.senderFrame
  return frame !== null && frame.parent === null && frame.origin === STUDIO_ORIGIN
}

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

  handle(CHANNELS.pickFiles, async (window, what) => {
    const folders = what === 'folder'
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: folders ? 'Import a capture folder' : 'Import recordings',
      properties: folders ? ['openDirectory', 'multiSelections'] : ['openFile', 'multiSelections'],
    })
    return canceled ? [] : filePaths.map((path) => engine.grantFile(path))
  })

  handle(CHANNELS.pickProject, async (window, create) => {
    const filters = [{ name: 'Asterism project', extensions: ['asterism'] }]
    if (create === true) {
      const { canceled, filePath } = await dialog.showSaveDialog(window, {
        title: 'New project',
        filters,
        defaultPath: 'Untitled.asterism',
      })
      return canceled || !filePath ? null : engine.grantFile(filePath)
    }
    const { canceled, filePaths } = await dialog.showOpenDialog(window, {
      title: 'Open a project',
      filters,
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
