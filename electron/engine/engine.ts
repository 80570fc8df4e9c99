/** The engine, as every host runs it. Pure Node; nothing here knows which host it is. */
import { createRouterClient, lazy } from '@orpc/server'
import { JobQueue } from './jobs/queue.ts'
import type { AppHandler } from './window/app-handler.ts'
import type { Recordings } from './commentary/recordings.ts'
import { fileProcedures } from './procedures/files.ts'
import { projectProcedures } from './procedures/projects.ts'
import { documentProcedures } from './procedures/document.ts'
import { viewProcedures } from './procedures/view.ts'
import { preferencesProcedures } from './procedures/preferences.ts'
import { jobProcedures } from './procedures/jobs.ts'
import { mediaProcedures } from './procedures/media.ts'
import { implementer, implementerForWindow } from './procedures/implementer.ts'
import { Session, type EngineOptions } from './session.ts'
import { allWork } from './work/index.ts'
import type { Audience } from './window/window-view.ts'
import { WorkRegistry } from './work/registry.ts'
import type { EngineClient } from '../../shared/contract/client.ts'
import { VERSION } from './version.ts'

type EngineRouter = ReturnType<typeof buildRouter>

export interface Engine {
  /** Hosts mount it on their windows' transports. */
  readonly router: EngineRouter
  /** The same by direct call, for commands; its answers contain full paths. */
  readonly client: EngineClient
  /** The window's files, media bytes and uploads: `(Request) => Promise<Response>`. */
  readonly handle: AppHandler
  /** Registers a path; the returned token stands for it in every call. */
  grantFile(path: string): string
  /** For commands that deal with keys and the practice network, which the window must not reach. */
  readonly session: Session
  /** True while the user has the recorder open: only then may a host grant the window the microphone. */
  wantsMicrophone(): boolean
  close(): Promise<void>
}

export type CreateEngineOptions = Omit<EngineOptions, 'version'> & {
  /** The built window; absent for hosts without one. */
  readonly rendererFolder?: string
}

/** Loads on first use, so that a command pays only for what it uses. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | null = null
  return () => (loaded ??= load())
}

/**
 * Procedures loaded when the first of them is called. Only for procedures that need not listen to anything before that.
 */
function group<P extends object>(load: () => Promise<P>) {
  return lazy(once(async () => ({ default: await load() })))
}

function buildRouter(session: Session, work: WorkRegistry, recordings: () => Promise<Recordings>, audience: Audience) {
  return (audience === 'window' ? implementerForWindow : implementer).router({
    app: group(async () => (await import('./procedures/app.ts')).appProcedures(session)),
    files: fileProcedures(session),
    projects: projectProcedures(session),
    document: documentProcedures(session, audience),
    view: viewProcedures(session),
    preferences: preferencesProcedures(session),
    jobs: jobProcedures(session, work, audience),
    media: mediaProcedures(session),
    commentary: group(async () =>
      (await import('./procedures/commentary.ts')).commentaryProcedures(await recordings()),
    ),
    exports: group(async () => (await import('./procedures/exports.ts')).exportProcedures(session)),
    packs: group(async () => (await import('./procedures/packs.ts')).packsProcedures(session)),
    lists: group(async () => (await import('./procedures/lists.ts')).listsProcedures(session)),
    microscope: group(async () => (await import('./procedures/microscope.ts')).microscopeProcedures(session)),
    models: group(async () => (await import('./procedures/models.ts')).modelsProcedures(session)),
    space: group(async () => (await import('./procedures/space.ts')).spaceProcedures(session)),
    chain: group(async () => (await import('./procedures/chain.ts')).chainProcedures(session)),
    wallets: group(async () => (await import('./procedures/wallets.ts')).walletProcedures(session)),
  })
}

export async function createEngine(options: CreateEngineOptions): Promise<Engine> {
  // Nothing of the farm is loaded unless other machines are configured.
  const placeOf = options.farm ? (await import('./work/hand-over.ts')).placeOf : () => ({})
  const work = new WorkRegistry(allWork, placeOf)
  const jobs = new JobQueue((kind) => work.handler(kind))
  const session = new Session({ ...options, version: VERSION }, jobs)
  work.bind(session)
  let opened: Recordings | null = null
  const recordings = once(async () => {
    opened = new (await import('./commentary/recordings.ts')).Recordings(session)
    return opened
  })
  const appHandler = once(async () =>
    (await import('./window/app-handler.ts')).createAppHandler(session, options.rendererFolder),
  )
  return {
    router: buildRouter(session, work, recordings, 'window'),
    client: createRouterClient(buildRouter(session, work, recordings, 'program')) as EngineClient,
    handle: async (request) => await (await appHandler())(request),
    grantFile: (path) => session.files.grant(path),
    session,
    wantsMicrophone: () => opened?.isOpen ?? false,
    async close() {
      await opened?.close()
      await session.closeProject()
      await jobs.close()
      await session.openWallets.lock()
    },
  }
}
