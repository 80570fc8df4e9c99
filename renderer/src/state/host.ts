/**
 * The host of the window: a desktop shell or a browser. The window checks for capabilities, never for the kind of host.
 */
import { RPCLink as MessagePortLink } from '@orpc/client/message-port'
import { RPCLink as WebSocketLink } from '@orpc/client/websocket'
import type { EngineClient } from '../../../shared/contract/client.ts'
import { withoutDots } from '../ui/format.ts'
import { uploadFiles, type DroppedFiles } from './upload.ts'
import { EngineGone, EngineLine, LinkWanted, type Carrier } from './engine-line.ts'

export interface Host {
  /** Replaced when the engine came back, so that panels reload. */
  readonly client: EngineClient
  readonly line: EngineLine
  /** Native dialogs, if the host has them, with a title: tokens of the chosen files, empty if none. */
  readonly pickFiles?: (what: Picked, title: string) => Promise<string[]>
  /** Chooses a project file in a native dialog. */
  readonly pickProject?: (title: string) => Promise<string | null>
  /** Shows an exported file in the file manager, if the shell can; a browser downloads it. */
  readonly showExport?: (jobId: string) => Promise<void>
  /** Turns files dropped on the window into tokens. */
  receiveDrop(items: DroppedFiles, onProgress: (fraction: number) => void): Promise<string[]>
  /** Opens the confirmation outside this window. Must be called inside a click. */
  openConfirmation(): void
}

/** One file, several, or folders. */
type Picked = 'file' | 'files' | 'folder'

/** The API that the preload script of the desktop shell exposes. */
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

/** One file that a person chose, as the engine knows it; undefined where the host took none. */
export async function tokenOfFile(host: Host, file: File): Promise<string | undefined> {
  const [token] = await host.receiveDrop({ files: [{ file, path: file.name }] }, () => undefined)
  return token
}

export function createHost(): Host {
  return window.asterism ? desktopHost(window.asterism) : browserHost()
}

function desktopHost(bridge: DesktopBridge): Host {
  const line = new EngineLine(async () => {
    const port = await new Promise<MessagePort>((resolve) => {
      const onMessage = (event: MessageEvent): void => {
        if (event.source !== window || event.data !== 'asterism:port' || !event.ports[0]) return
        window.removeEventListener('message', onMessage)
        resolve(event.ports[0])
      }
      window.addEventListener('message', onMessage)
      bridge.connect()
    })
    return carrierOver(port, () => {
      port.start()
      return new MessagePortLink({ port })
    })
  })
  return {
    client: line.newClient(),
    line,
    pickFiles: (what, title) => bridge.pickFiles(what, withoutDots(title)),
    pickProject: (title) => bridge.pickProject(withoutDots(title)),
    showExport: (jobId) => bridge.showExport(jobId),
    receiveDrop: ({ files }) => bridge.tokensForFiles(files.map(({ file }) => file)),
    // The desktop shell opens its own confirmation window when the engine asks for one.
    openConfirmation: () => undefined,
  }
}

const LET_IN = 200
const NOT_LET_IN = 401

function browserHost(): Host {
  let confirmLink = ''
  const line = new EngineLine(async () => {
    // Asked first, because a refused socket does not say why.
    const answer = await fetch('/host.json')
    if (answer.status === NOT_LET_IN) throw new LinkWanted()
    if (answer.status !== LET_IN) throw new EngineGone('before')
    confirmLink = ((await answer.json()) as { confirmLink: string }).confirmLink
    const socket = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/rpc`)
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve(), { once: true })
      socket.addEventListener('error', () => reject(new EngineGone('before')), { once: true })
    })
    return carrierOver(socket, () => new WebSocketLink({ websocket: socket }))
  })
  return {
    client: line.newClient(),
    line,
    receiveDrop: uploadFiles,
    openConfirmation() {
      window.open(confirmLink, 'asterism-confirm', 'popup,width=620,height=680,noreferrer')
      // The ticket in the first link works once; from then on the confirmation window has its own cookie.
      confirmLink = `${new URL(confirmLink).origin}/`
    },
  }
}

/** That it broke is known before the link hears of it and lets go of what was asked: so it listens first. */
function carrierOver(connection: EventTarget, linkOver: () => Carrier['link']): Carrier {
  let isBroken = false
  const broken = new Promise<void>((resolve) =>
    connection.addEventListener(
      'close',
      () => {
        isBroken = true
        resolve()
      },
      { once: true },
    ),
  )
  return { link: linkOver(), broken, isBroken: () => isBroken }
}
