/** What the procedures and the jobs of one engine share: the open project, the tools, the queue, the granted files. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { AsterismError } from '../../shared/errors.ts'
import { say } from '../../shared/sayings/saying.ts'
import type { Document } from '../../shared/document/document.ts'
import type { SigningDescription } from './chain/signer/description.ts'
import type { ProcessSpawner } from './process-channel.ts'
import { OpenWallets } from './chain/open-wallets.ts'
import type { AskWallet, LockedAccount } from './chain/wallet-questions.ts'
import { FileTokens } from './window/file-tokens.ts'
import type { FarmSettings } from './jobs/farm/settings.ts'
import type { JobQueue } from './jobs/queue.ts'
import { resolveMediaTools, type MediaTools } from './media/tools.ts'
import { jobStoreOf } from './project/job-store.ts'
import { asProjectError } from './project/failures.ts'
import { noteMissingWhereRoom } from './project/missing.ts'
import { ProjectStore } from './project/store.ts'
import { retitleProject } from './recent-projects.ts'

/**
 * What an engine needs from its host. An absent member means that the host cannot do it; whatever needs it is refused.
 */
export interface EngineHost {
  /** Shows the request outside the main window; true only if the user agreed to exactly this. */
  readonly confirmSigning?: (request: SigningDescription, signal: AbortSignal) => Promise<boolean>
  /** Asks for the pass phrase of a keystore; it never passes through the contract. */
  readonly askPassphrase?: (account: LockedAccount, signal: AbortSignal) => Promise<string>
  /** Asks for or shows other secrets of a wallet, outside the main window. */
  readonly askWallet?: AskWallet
  /** Starts the process that holds keys, if the host's executable is not Node. */
  readonly spawnSigner?: ProcessSpawner
  /** Starts the process that runs models added by the user, likewise. */
  readonly spawnModel?: ProcessSpawner
}

export interface EngineOptions {
  /** The folder for settings, keystores, the practice network, and projects without their own folder. */
  readonly home: string
  readonly version: string
  readonly host: EngineHost
  /** Whether interrupted jobs resume when a project is opened. */
  readonly resumeJobs: boolean
  /** Other machines that run jobs; absent: all run here. */
  readonly farm?: FarmSettings | undefined
}

type ProjectListener = (store: ProjectStore | null) => void

export class Session {
  readonly options: EngineOptions
  readonly files = new FileTokens()
  readonly openWallets = new OpenWallets()
  readonly jobs: JobQueue
  #project: ProjectStore | null = null
  #tools: Promise<MediaTools> | null = null
  readonly #listeners = new Set<ProjectListener>()

  constructor(options: EngineOptions, jobs: JobQueue) {
    this.options = options
    this.jobs = jobs
  }

  get project(): ProjectStore | null {
    return this.#project
  }

  /** @throws AsterismError not_found when no project is open. */
  requireProject(): ProjectStore {
    if (!this.#project) throw new AsterismError('not_found', say('project.notOpen'), { fix: say('project.fix.open') })
    return this.#project
  }

  get document(): Document {
    return this.requireProject().document
  }

  async tools(): Promise<MediaTools> {
    this.#tools ??= resolveMediaTools()
    const tools = await this.#tools
    return this.#project ? { ...tools, filmFolder: join(`${this.#project.path}.cache`, 'films') } : tools
  }

  async openProject(path: string): Promise<ProjectStore> {
    return await this.#adopt(() => ProjectStore.open(path))
  }

  async createProject(path: string, title: string): Promise<ProjectStore> {
    return await this.#adopt(() => ProjectStore.create(path, title))
  }

  /** Works on a copy of a project that is open on another machine. */
  openCopy(path: string, document: Document): ProjectStore {
    return (this.#project = ProjectStore.copy(path, document))
  }

  async closeProject(): Promise<void> {
    const store = this.#project
    if (!store) return
    await this.jobs.detach()
    this.#project = null
    const project = store.document.get('project')
    if (project?.kind === 'project') retitleProject(this.options.home, store.path, project.title)
    store.close()
    this.#tell()
  }

  /** Calls the listener whenever another project is opened, or none is open any more. */
  onProject(listener: ProjectListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Folder for files derived from the assets: proxies, peaks, thumbnails, embeddings. Beside the project file. */
  cacheFolder(): string {
    const folder = `${this.requireProject().path}.cache`
    mkdirSync(folder, { recursive: true })
    return folder
  }

  async #adopt(open: () => ProjectStore): Promise<ProjectStore> {
    await this.closeProject()
    const store = open()
    this.#project = store
    noteMissingWhereRoom(store)
    asProjectError(store.path, () => this.jobs.attach(jobStoreOf(store.database), this.options.resumeJobs))
    this.#tell()
    return store
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#project)
  }
}
