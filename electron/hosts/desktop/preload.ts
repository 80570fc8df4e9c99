/** The only code that sees both the window and the shell. It exposes a port and five calls, nothing else. */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { CHANNELS } from './channels.ts'

/** The part of the page's global that this script uses. */
declare const window: {
  postMessage(message: unknown, targetOrigin: string, transfer: unknown[]): void
  readonly location: { readonly origin: string }
}

contextBridge.exposeInMainWorld('asterism', {
  /** Creates a port to the engine and passes one end to the page, which listens for it. */
  connect(): void {
    const { port1, port2 } = new MessageChannel()
    ipcRenderer.postMessage(CHANNELS.connect, null, [port2])
    window.postMessage('asterism:port', window.location.origin, [port1])
  },
  pickFiles: (what: unknown, title: unknown): Promise<unknown> =>
    ipcRenderer.invoke(CHANNELS.pickFiles, { what: String(what), title: String(title) }),
  pickProject: (title: unknown): Promise<unknown> => ipcRenderer.invoke(CHANNELS.pickProject, String(title)),
  showExport: (jobId: unknown): Promise<unknown> => ipcRenderer.invoke(CHANNELS.showExport, String(jobId)),
  /** The page holds `File` objects; their paths go to the shell and come back as tokens. */
  tokensForFiles: (files: File[]): Promise<unknown> =>
    ipcRenderer.invoke(
      CHANNELS.tokensForPaths,
      files.map((file) => webUtils.getPathForFile(file)),
    ),
})
