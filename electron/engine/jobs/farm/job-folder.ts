/**
 * A job's own folder under the shared one, through which two machines exchange order and answer. Redis carries only its
 * name, so nobody can learn or say more through Redis than that the job exists.
 */
import { lstatSync, realpathSync } from 'node:fs'
import { lstat, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { z } from 'zod'
import { failureSchema, JOB_KINDS } from '../../../../shared/contract/jobs.ts'
import { recordSchema } from '../../../../shared/document/records.ts'
import { AsterismError } from '../../../../shared/errors.ts'
import { say, type Saying } from '../../../../shared/sayings/saying.ts'
import { withFileErrors } from '../../file-errors.ts'
import { writeWholeBytes } from '../../publish/export/whole-file.ts'

const orderSchema = z.strictObject({
  /** Version of the asking program. */
  version: z.string().max(100),
  kind: z.enum(JOB_KINDS),
  /** Absolute path of the project file, which the asking machine has open. */
  project: z.string().max(4000),
  /** The result of `prepare`. */
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
    /** Label of the change in the undo menu. */
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
/** Folders untouched for this long were left by machines that are gone. */
const STALE_MILLISECONDS = 7 * 24 * 3600_000

export class JobFolder {
  readonly #shared: string
  readonly #path: string

  /** @throws AsterismError `bad_input` for an invalid name. */
  constructor(sharedFolder: string, jobId: string) {
    if (!JOB_ID.test(jobId)) throw new AsterismError('bad_input', say('misfit.jobName'))
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
    const refuse = (why: Saying): AsterismError => new AsterismError('corrupt_file', why, { path })
    const entry = await lstat(path).catch(() => null)
    if (!entry) throw new AsterismError('not_found', say('misfit.noJob'), { path })
    this.#assertOwn(path)
    if (!entry.isFile() || entry.size > MOST_BYTES) throw refuse(say('misfit.noJobFile'))
    let value: unknown
    try {
      value = JSON.parse(await readFile(path, 'utf8'))
    } catch {
      throw refuse(say('misfit.jobUnreadable'))
    }
    const parsed = schema.safeParse(value)
    if (parsed.success) return parsed.data
    const issue = parsed.error.issues[0]
    throw refuse(say('misfit.jobFile', { place: issue?.path.join('.') ?? '', fault: issue?.message ?? '' }))
  }

  /** Refuses links that lead out of the folder of a job. */
  #assertOwn(path: string): void {
    const own = join(realpathSync(this.#shared), relative(this.#shared, path))
    if (realpathSync(path) !== own) throw new AsterismError('bad_input', say('misfit.jobElsewhere'), { path })
  }
}

/**
 * The first of these paths that is outside the shared folder, with links resolved; null if there is none. A path that
 * does not exist yet is judged by the folder that it would be in.
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
    // A dangling link may lead somewhere by the time it is written to.
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
