/**
 * What two machines tell each other of a job, in a folder of its own under the shared one: the order, and the answer.
 * Redis carries its name only, so that nobody learns or says more through it than that there is such a job.
 */
import { lstatSync, realpathSync } from 'node:fs'
import { lstat, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { failureSchema, JOB_KINDS } from '../../../../shared/contract/jobs.ts'
import { recordSchema } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { withFileErrors } from '../../file-errors.ts'
import { writeWholeBytes } from '../../publish/export/whole-file.ts'

const orderSchema = z.strictObject({
  /** Of the program that asks. */
  version: z.string().max(100),
  kind: z.enum(JOB_KINDS),
  /** Absolute path of the project file, which the asking machine has open. */
  project: z.string().max(4000),
  /** What `prepare` made of the caller's words. */
  input: z.json(),
  /** The document as it was when the job was handed over. */
  records: z.array(recordSchema),
})
export type Order = z.infer<typeof orderSchema>

const answerSchema = z.discriminatedUnion('outcome', [
  z.strictObject({
    outcome: z.literal('done'),
    version: z.string().max(100),
    result: z.json(),
    /** What the undo menu says of what was changed. */
    label: z.string().max(200),
    changed: z.array(recordSchema),
    removed: z.array(z.string()),
  }),
  z.strictObject({ outcome: z.literal('failed'), version: z.string().max(100), failure: failureSchema }),
])
export type Answer = z.infer<typeof answerSchema>

const JOB_ID = /^job-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const JOBS_FOLDER = '.asterism-jobs'
const MOST_BYTES = 512 * 1024 * 1024
/** Folders that nobody has touched for this long were left by machines that are gone. */
const STALE_MILLISECONDS = 7 * 24 * 3600_000

export class JobFolder {
  readonly #shared: string
  readonly #path: string

  /** @throws AsterismError `bad_input` for what is no name of a job. */
  constructor(sharedFolder: string, jobId: string) {
    if (!JOB_ID.test(jobId)) throw new AsterismError('bad_input', 'This is no name of a job.')
    this.#shared = sharedFolder
    this.#path = join(sharedFolder, JOBS_FOLDER, jobId)
  }

  async writeOrder(order: Order): Promise<void> {
    await sweep(dirname(this.#path))
    await this.remove()
    await withFileErrors(this.#path, () => mkdir(this.#path, { recursive: true }))
    await this.#write('order.json', order)
  }

  readOrder(): Promise<Order> {
    return this.#read('order.json', orderSchema)
  }

  async writeAnswer(answer: Answer): Promise<void> {
    await this.#write('answer.json', answer)
  }

  readAnswer(): Promise<Answer> {
    return this.#read('answer.json', answerSchema)
  }

  async remove(): Promise<void> {
    await rm(this.#path, { recursive: true, force: true })
  }

  async #write(name: string, value: unknown): Promise<void> {
    this.#assertOwn(this.#path)
    await writeWholeBytes(join(this.#path, name), Buffer.from(JSON.stringify(value)), undefined)
  }

  async #read<T>(name: string, schema: z.ZodType<T>): Promise<T> {
    const path = join(this.#path, name)
    const refuse = (why: string): AsterismError => new AsterismError('corrupt_file', why, { path })
    const entry = await lstat(path).catch(() => null)
    if (!entry) throw new AsterismError('not_found', 'There is no such job in the shared folder.', { path })
    this.#assertOwn(path)
    if (!entry.isFile() || entry.size > MOST_BYTES) throw refuse('This is no file of a job.')
    let value: unknown
    try {
      value = JSON.parse(await readFile(path, 'utf8'))
    } catch {
      throw refuse('The file of the job cannot be read.')
    }
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw refuse(`The file of the job is malformed: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}.`)
  }

  /** No link leads from a job to somewhere else. */
  #assertOwn(path: string): void {
    const own = join(realpathSync(this.#shared), relative(this.#shared, path))
    if (realpathSync(path) !== own) throw new AsterismError('bad_input', 'This job lies elsewhere.', { path })
  }
}

/**
 * The first of these paths that does not lie in the shared folder, links followed; null where all do. What is not there
 * yet is taken by the folder it would lie in.
 */
export function firstOutside(sharedFolder: string, paths: readonly string[]): string | null {
  const shared = realPath(sharedFolder)
  return paths.find((path) => !realPath(path).startsWith(shared + sep)) ?? null
}

function realPath(path: string): string {
  const absolute = resolve(path)
  try {
    return realpathSync(absolute)
  } catch (error) {
    const parent = dirname(absolute)
    // A link that leads nowhere may lead somewhere by the time it is written to.
    const isNothing = (error as NodeJS.ErrnoException).code === 'ENOENT' && !isLink(absolute)
    return isNothing && parent !== absolute ? join(realPath(parent), basename(absolute)) : ''
  }
}

async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const entry = await stat(join(folder, name)).catch(() => null)
    if (!entry || !JOB_ID.test(name) || Date.now() - entry.mtimeMs < STALE_MILLISECONDS) continue
    await rm(join(folder, name), { recursive: true, force: true })
  }
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false
}
