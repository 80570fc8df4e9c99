/**
 * What carries the window: a desktop shell or a browser. The window asks for a capability; it never asks which it is.
 */
import { createORPCClient } from '@orpc/client'
import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { t } from '../i18n/text.ts'
import { withoutDots } from '../ui/format.ts'

export interface Host {
  readonly client: EngineClient
  /** Resolves when the engine cannot be reached any more. */
  readonly disconnected: Promise<void>
  /** Native dialogs, where there are any, under the title that says what for: tokens of what was chosen, empty when nothing was. */
  readonly pickFiles?: (what: Picked, title: string) => Promise<string[]>
  /** A project file by a native dialog. */
  readonly pickProject?: (title: string) => Promise<string | null>
  /** Shows the file that an export has written among its neighbours, where the shell can; a browser downloads it. */
  readonly showExport?: (jobId: string) => Promise<void>
  /** Turns files dropped on the window into tokens. */
  receiveDrop(items: DroppedFiles, onProgress: (fraction: number) => void): Promise<string[]>
  /** Shows what is to be signed, outside this window. Must be called inside a click. */
  openConfirmation(): void
}

/** One file, several, or folders. */
export type Picked = 'file' | 'files' | 'folder'

export interface DroppedFiles {
  readonly files: readonly { readonly file: File; readonly path: string }[]
}

/** What the preload script of the desktop shell puts on the window. */
interface DesktopBridge {
  connect(): void
  pickFiles(what: Picked, title: string): Promise<string[]>
  pickProject(title: string): Promise<string | null>
  showExport(jobId: string): Promise<void>
  tokensForFiles(files: File[]): Promise<string[]>
}

declare global {
  interface Window {
    readonly asterism?: DesktopBridge
  }
}

export async function connectHost(): Promise<Host> {
  return window.asterism ? await connectDesktop(window.asterism) : await connectBrowser()
}

async function connectDesktop(bridge: DesktopBridge): Promise<Host> {
  const port = await new Promise<MessagePort>((resolve) => {
    const onMessage = (event: MessageEvent): void => {
      if (event.source !== window || event.data !== 'asterism:port' || !event.ports[0]) return
      window.removeEventListener('message', onMessage)
      resolve(event.ports[0])
    }
    window.addEventListener('message', onMessage)
    bridge.connect()
  })
  port.start()
  const client = createORPCClient<EngineClient>(new MessagePortLink({ port }))
  return {
    client,
    disconnected: new Promise((resolve) => port.addEventListener('close', () => resolve())),
    pickFiles: (what, title) => bridge.pickFiles(what, withoutDots(title)),
    pickProject: (title) => bridge.pickProject(withoutDots(title)),
    showExport: (jobId) => bridge.showExport(jobId),
    receiveDrop: ({ files }) => bridge.tokensForFiles(files.map(({ file }) => file)),
    // The desktop shell opens its own confirmation window when the engine asks for one.
    openConfirmation: () => undefined,
  }
}

async function connectBrowser(): Promise<Host> {
  const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/rpc`)
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('error', () => reject(new Error(t('app.unreachable'))), {
      once: true,
    })
  })
  const client = createORPCClient<EngineClient>(new WebSocketLink({ websocket: socket }))
  const { confirmLink } = (await (await fetch('/host.json')).json()) as { confirmLink: string }
  let link = confirmLink
  return {
    client,
    disconnected: new Promise((resolve) => socket.addEventListener('close', () => resolve(), { once: true })),
    receiveDrop: uploadFiles,
    openConfirmation() {
      window.open(link, 'asterism-confirm', 'popup,width=620,height=680,noreferrer')
      // The ticket in the first link works once; from then on the confirmation window has its own cookie.
      link = `${new URL(link).origin}/`
    },
  }
}

async function uploadFiles({ files }: DroppedFiles, onProgress: (fraction: number) => void): Promise<string[]> {
  const batch = crypto.randomUUID()
  const total = files.reduce((sum, { file }) => sum + file.size, 0)
  let sent = 0
  for (const { file, path } of files) {
    const response = await fetch(`/upload/${batch}?path=${encodeURIComponent(path)}`, { method: 'POST', body: file })
    if (!response.ok)
      throw new Error(t('library.notTaken', { name: file.name, why: `${response.status} ${await response.text()}` }))
    sent += file.size
    onProgress(total > 0 ? sent / total : 1)
  }
  const done = await fetch(`/upload/${batch}/done`, { method: 'POST' })
  return ((await done.json()) as { files: string[] }).files
}
