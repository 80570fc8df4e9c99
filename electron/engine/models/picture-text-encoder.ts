/** A model that a person brought and that holds pictures and words against one another, opened when it is first asked. */
import { AsterismError, isCancellation } from '../../../shared/errors.ts'
import { requireUnchanged, type BringContext } from './user-models.ts'
import { startModel } from './user-model-process.ts'
import type { ModelCard } from './model-card.ts'
import type { ModelProcess, ModelQuestion } from './model-process.ts'
import { type PictureTextFacts, readPictureTextFacts } from './picture-text-files.ts'

export class PictureTextEncoder {
  /** What its vectors are known by: those of another model are never held against them. */
  readonly identity: { readonly id: string; readonly sha256: string }
  readonly #card: ModelCard
  readonly #context: BringContext
  #facts: Promise<PictureTextFacts> | null = null
  #process: Promise<ModelProcess> | null = null
  #failure: AsterismError | null = null

  constructor(card: ModelCard, context: BringContext) {
    this.identity = { id: card.id, sha256: card.digest }
    this.#card = card
    this.#context = context
  }

  /** How pictures are to be given to it. @throws AsterismError `corrupt_file`, `unsupported_format` */
  facts(): Promise<PictureTextFacts> {
    this.#facts ??= this.#start().then(() => this.#noting(readPictureTextFacts(this.#card.folder)))
    return this.#facts
  }

  /** Why it could not be used, once that was so: what does not need it goes on without it. */
  get failure(): AsterismError | null {
    return this.#failure
  }

  /** The vector, of unit length, of a square picture of RGB bytes. */
  picture(rgb: Uint8Array): Promise<Float32Array> {
    return this.#ask({ kind: 'picture', rgb })
  }

  /** The vector, of unit length, of a sentence. */
  sentence(text: string): Promise<Float32Array> {
    return this.#ask({ kind: 'sentence', text })
  }

  async close(): Promise<void> {
    const opened = await this.#process?.catch(() => null)
    opened?.close()
  }

  /** @throws AsterismError `corrupt_file` where its files are not those that were taken into use */
  #start(): Promise<ModelProcess> {
    this.#process ??= this.#noting(requireUnchanged(this.#card, this.#context.signal)).then(() =>
      startModel(this.#card, this.#context.signal, this.#context.spawn),
    )
    return this.#process
  }

  async #ask(question: ModelQuestion): Promise<Float32Array> {
    const process = await this.#start()
    return (await this.#noting(process.ask(question))) as Float32Array
  }

  async #noting<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (error instanceof AsterismError && !isCancellation(error)) this.#failure ??= error
      throw error
    }
  }
}
