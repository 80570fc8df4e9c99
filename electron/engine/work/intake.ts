/** What one import comes upon, file by file, before any of it is in the project. */
import { basename } from 'node:path'
import type { ImportAnswer } from '../../../shared/contract/answers.ts'
import { recordsOf } from '../../../shared/document/document.ts'
import { throwIfCancelled } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { recordsFor, type NewAsset } from '../assets/new-asset.ts'
import { hashSource } from '../import/content-hash.ts'
import { describe } from '../import/describe.ts'
import type { JobContext } from '../jobs/queue.ts'
import type { MediaTools } from '../media/tools.ts'
import type { Session } from '../session.ts'
import { refusalOf } from './answers.ts'
import { readEdit, type ReadEdit } from './import-edit.ts'

interface Entered {
  readonly path: string
  readonly assetId: string
  /** It was in the project before, or came in twice. */
  readonly already: boolean
}

export class Intake {
  readonly refused: ImportAnswer['refused'] = []
  /** In the order in which they came. */
  readonly entered: Entered[] = []
  readonly fresh: NewAsset[] = []
  readonly edits: { readonly path: string; readonly edit: ReadEdit }[] = []
  /** Paths of the films among them. */
  readonly films: string[] = []
  /** Every path that was asked for or read. */
  readonly known = new Set<string>()
  readonly #titles: Set<string>
  readonly #session: Session
  readonly #tools: MediaTools
  readonly #context: JobContext

  constructor(session: Session, tools: MediaTools, context: JobContext) {
    this.#titles = new Set(recordsOf(session.document, 'asset').map(({ title }) => title))
    this.#session = session
    this.#tools = tools
    this.#context = context
  }

  /** Reads each. What cannot be read is refused, and does not keep the others out. */
  async bringAll(paths: readonly string[]): Promise<void> {
    for (const path of paths) this.known.add(path)
    for (const [n, path] of paths.entries()) {
      throwIfCancelled(this.#context.signal)
      try {
        await this.#bring(path, n, paths.length)
      } catch (error) {
        this.refuse(error, path)
      }
    }
  }

  /** @throws what is no refusal of the file */
  readonly refuse = (error: unknown, path: string): void => {
    const refusal = refusalOf(error, path)
    this.#context.log(`Refused: ${refusal.reason} (${basename(path)})`)
    this.refused.push(refusal)
  }

  async #bring(path: string, n: number, count: number): Promise<void> {
    const { signal, progress, log } = this.#context
    progress(n / count, say('work.reading', { name: basename(path) }))
    const edit = await readEdit(path)
    if (edit) {
      this.edits.push({ path, edit })
      return
    }
    const { source, asset: imported } = await describe(path, { tools: this.#tools, signal })
    this.known.add(source.path)
    if (!source.isDirectory && imported.streams.some(({ sensor }) => sensor === 'video')) this.films.push(source.path)
    progress((n + 0.5) / count, say('work.fingerprinting', { name: basename(path) }))
    const sha256 = await hashSource(source, signal)
    const knownId = this.#idOf(sha256)
    if (knownId !== undefined) {
      log(`${basename(path)} is in the project already.`)
      this.entered.push({ path, assetId: knownId, already: true })
      return
    }
    const made = recordsFor(imported, { path: source.path, byteLength: source.byteLength, sha256 }, this.#titles)
    this.#titles.add(made.asset.title)
    this.fresh.push(made)
    this.entered.push({ path, assetId: made.asset.id, already: false })
  }

  /** The project is asked anew each time: while a long import runs, a person may remove recordings from it. */
  #idOf(sha256: string): string | undefined {
    const inProject = recordsOf(this.#session.document, 'asset').find((asset) => asset.sha256 === sha256)
    return inProject?.id ?? this.fresh.find(({ asset }) => asset.sha256 === sha256)?.asset.id
  }
}
