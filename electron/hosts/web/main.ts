/** Puts the browser host together: engine, studio server, confirmation server. */
import type { CreateEngineOptions } from '../../engine/engine.ts'
import { createEngine, type Engine } from '../../engine/engine.ts'
import { farmSettings } from '../../engine/jobs/farm/settings.ts'
import { preferredLanguage } from '../../engine/preferred-language.ts'
import { questionsOver } from '../question.ts'
import { ConfirmServer } from './confirm-server.ts'
import { keepPort, lastPort } from './last-port.ts'
import { startWebHost, type WebHost } from './server.ts'

export interface WebStudioOptions {
  readonly home: string
  readonly rendererFolder: string
  readonly port: number
  readonly resumeJobs: boolean
}

export async function startWebStudio(options: WebStudioOptions): Promise<WebHost & { confirmOrigin: string }> {
  const confirm = new ConfirmServer(() => preferredLanguage(options.home))
  await confirm.listen()
  const engineOptions: CreateEngineOptions = {
    home: options.home,
    rendererFolder: options.rendererFolder,
    resumeJobs: options.resumeJobs,
    farm: farmSettings(),
    host: questionsOver((question, signal) => confirm.ask(question, signal)),
  }
  const engine = await createEngine(engineOptions)
  const host = await startAtUsualPort(engine, confirm, options)
  return {
    origin: host.origin,
    link: () => host.link(),
    confirmOrigin: confirm.origin,
    async close() {
      await host.close()
      await confirm.close()
      await engine.close()
    },
  }
}

/** Listens on the requested port, otherwise on the one of the last run if it is free. */
async function startAtUsualPort(
  engine: Engine,
  confirm: ConfirmServer,
  { home, port }: WebStudioOptions,
): Promise<WebHost> {
  const usual = port || lastPort(home)
  const host = await startWebHost(engine, confirm, usual).catch(async (error: unknown) => {
    if (port !== 0 || usual === 0) throw error
    return await startWebHost(engine, confirm, 0)
  })
  keepPort(home, Number(new URL(host.origin).port))
  return host
}
