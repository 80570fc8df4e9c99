/** One engine: what every host carries. Pure Node; nothing in here knows which host it is. */
import { createRouterClient } from '@orpc/server'
import { JobQueue } from './jobs/queue.ts'
import { createAppHandler, type AppHandler } from './window/app-handler.ts'
import { Recordings } from './commentary/recordings.ts'
import { appProcedures } from './procedures/app.ts'
import { chainProcedures } from './procedures/chain.ts'
import { commentaryProcedures } from './procedures/commentary.ts'
import { documentProcedures } from './procedures/document.ts'
import { exportProcedures } from './procedures/exports.ts'
import { fileProcedures } from './procedures/files.ts'
import { implementer, implementerForWindow } from './procedures/implementer.ts'
import { jobProcedures } from './procedures/jobs.ts'
import { mediaProcedures } from './procedures/media.ts'
import { projectProcedures } from './procedures/projects.ts'
import { listsProcedures } from './procedures/lists.ts'
import { microscopeProcedures } from './procedures/microscope.ts'
import { modelsProcedures } from './procedures/models.ts'
import { packsProcedures } from './procedures/packs.ts'
import { preferencesProcedures } from './procedures/preferences.ts'
import { spaceProcedures } from './procedures/space.ts'
import { viewProcedures } from './procedures/view.ts'
import { walletProcedures } from './procedures/wallets.ts'
import { Session, type EngineOptions } from './session.ts'
import { allWork } from './work/index.ts'
import type { Audience } from './window/window-view.ts'
import { WorkRegistry } from './work/registry.ts'
import type { EngineClient } from '../../shared/contract/client.ts'
import { VERSION } from './version.ts'

export type EngineRouter = ReturnType<typeof buildRouter>

export interface Engine {
  /** Mounted by the hosts on the transports of their windows. */
  readonly router: EngineRouter
  /** The same by direct call, for commands: where files lie is told as well. */
  readonly client: EngineClient
  /** Files of the window, media bytes and uploads: `(Request) => Promise<Response>`. */
  readonly handle: AppHandler
  /** Shows a path to the engine; the token stands for it in every call. */
  grantFile(path: string): string
  /** For the commands that deal with keys and the practice network, which are no business of the window. */
  readonly session: Session
  /** True while a person has the recorder open: only then may a host let the window hear the microphone. */
  wantsMicrophone(): boolean
  close(): Promise<void>
}

export type CreateEngineOptions = Omit<EngineOptions, 'version'> & {
  /** The built window; absent for hosts that show none. */
  readonly rendererFolder?: string
}

function buildRouter(session: Session, work: WorkRegistry, recordings: Recordings, audience: Audience) {
  return (audience === 'window' ? implementerForWindow : implementer).router({
    app: appProcedures(session),
    files: fileProcedures(session),
    projects: projectProcedures(session),
    document: documentProcedures(session, audience),
    view: viewProcedures(session),
    preferences: preferencesProcedures(session),
    jobs: jobProcedures(session, work, audience),
    media: mediaProcedures(session),
    commentary: commentaryProcedures(recordings),
    exports: exportProcedures(session),
    packs: packsProcedures(session),
    lists: listsProcedures(session),
    microscope: microscopeProcedures(session),
    models: modelsProcedures(session),
    space: spaceProcedures(session),
    chain: chainProcedures(session),
    wallets: walletProcedures(session),
  })
}

export async function createEngine(options: CreateEngineOptions): Promise<Engine> {
  const work = new WorkRegistry(allWork)
  const jobs = new JobQueue(work.handlers())
  const session = new Session({ ...options, version: VERSION }, jobs)
  work.bind(session)
  const recordings = new Recordings(session)
  return {
    router: buildRouter(session, work, recordings, 'window'),
    client: createRouterClient(buildRouter(session, work, recordings, 'program')) as EngineClient,
    handle: createAppHandler(session, options.rendererFolder),
    grantFile: (path) => session.files.grant(path),
    session,
    wantsMicrophone: () => recordings.isOpen,
    async close() {
      await recordings.close()
      await session.closeProject()
      await jobs.close()
      await session.openWallets.lock()
    },
  }
}
