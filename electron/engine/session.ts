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
import { noteMissing } from './project/missing.ts'
import { ProjectStore } from './project/store.ts'
import { retitleProject } from './recent-projects.ts'

/** What an engine asks of the host that carries it. Absent: the host cannot do it, and what needs it is refused. */
export interface EngineHost {
  /** Shows the request outside the main window; true only when the person agreed to exactly this. */
  readonly confirmSigning?: (request: SigningDescription, signal: AbortSignal) => Promise<boolean>
  /** The pass phrase of a keystore; never through the contract. */
  readonly askPassphrase?: (account: LockedAccount, signal: AbortSignal) => Promise<string>
  /** Whatever else is secret about a wallet, asked or shown outside the main window. */
  readonly askWallet?: AskWallet
  /** How the process that holds keys is made, where the host's own executable is not Node. */
  readonly spawnSigner?: ProcessSpawner
  /** How the process in which models run that a person brought is made, likewise. */
  readonly spawnModel?: ProcessSpawner
}

export interface EngineOptions {
  /** Where the program keeps settings, keystores, the practice network and projects without a folder of their own. */
  readonly home: string
  readonly version: string
  readonly host: EngineHost
  /** Takes up interrupted jobs when a project is opened. */
  readonly resumeJobs: boolean
  /** Other machines that do jobs; absent: all is done on this one. */
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

  /** Works on a copy of a project that another machine has open. */
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

  /** Calls the listener whenever another project, or none, is open. */
  onProject(listener: ProjectListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Files that can be made again from the assets: proxies, peaks, thumbnails, embeddings. Beside the project file. */
  cacheFolder(): string {
    const folder = `${this.requireProject().path}.cache`
    mkdirSync(folder, { recursive: true })
    return folder
  }

  async #adopt(open: () => ProjectStore): Promise<ProjectStore> {
    await this.closeProject()
    const store = open()
    this.#project = store
    noteMissing(store)
    this.jobs.attach(jobStoreOf(store.database), this.options.resumeJobs)
    this.#tell()
    return store
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.#project)
  }
}
