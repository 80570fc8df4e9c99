/**
 * Recordings under way. Their samples lie beside the project under a name of their own (`.wav.part`, with what is known of
 * them in `.json`) and are on the disk before they are acknowledged: whatever ends, what was acknowledged becomes a take.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  beginTakeInput,
  type BeginTake,
  type KeptTake,
  type TakePlacement,
} from '../../../shared/contract/commentary.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { readJsonIfThere, writeDurably } from '../chain/durable-file.ts'
import { pathsOfAssets } from '../assets/asset-location.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { fileError } from '../file-errors.ts'
import { requireFreeSpace } from '../media/disk.ts'
import { WavePart } from '../media/wave-file.ts'
import type { Session } from '../session.ts'
import { enterTake, type TakeHead } from './enter-take.ts'

/** Room for a quarter of an hour of what is usual. */
const BYTES_TO_BEGIN = 200e6
const PART = '.wav.part'
const HEAD = '.json'

const headSchema = beginTakeInput.omit({ recorderId: true }).extend({ startedAt: z.string() })

interface Recording {
  readonly id: string
  readonly recorderId: string
  readonly folder: string
  readonly head: TakeHead
  readonly part: WavePart
  /** Pieces are written one after the other, whoever sends them. */
  last: Promise<unknown>
  /** Once it is being made a take, by whoever asked first: the window, or its going away. */
  kept?: Promise<KeptTake | null>
}

export class Recordings {
  readonly #session: Session
  readonly #recorders = new Set<string>()
  readonly #active = new Map<string, Recording>()
  /** Work that nobody waits for: what a window left behind is being kept. */
  readonly #behind = new Set<Promise<unknown>>()
  #recovering: Promise<KeptTake[]> = Promise.resolve([])

  constructor(session: Session) {
    this.#session = session
    session.onProject(() => this.#letGo())
  }

  /** True while a person has the recorder open in some window. */
  get isOpen(): boolean {
    return this.#recorders.size > 0
  }

  openRecorder(): string {
    const recorderId = randomUUID()
    this.#recorders.add(recorderId)
    return recorderId
  }

  /** The recorder was closed, or its window is gone: what was being recorded is kept as far as it came. */
  closeRecorder(recorderId: string): void {
    this.#recorders.delete(recorderId)
    for (const recording of this.#active.values()) {
      if (recording.recorderId !== recorderId) continue
      // If this fails too, the parts stay where they are and are recovered later.
      const kept = this.#keep(recording, recording.head.placement, true).catch(() => null)
      this.#behind.add(kept)
      void kept.then(() => this.#behind.delete(kept))
    }
  }

  /** @throws AsterismError `conflict` where the recorder is closed or records already, `disk_full`, `not_writable` */
  async begin({ recorderId, ...begun }: BeginTake): Promise<string> {
    if (!this.#recorders.has(recorderId))
      throw new AsterismError('conflict', say('take.recorderClosed'), { fix: say('take.fix.openAgain') })
    if ([...this.#active.values()].some((each) => each.recorderId === recorderId))
      throw new AsterismError('conflict', say('take.already'), { fix: say('take.fix.stop') })
    const folder = folderOf(this.#session)
    await requireFreeSpace(folder, BYTES_TO_BEGIN)
    const startedAt = new Date().toISOString()
    const id = `commentary-${startedAt.replaceAll(/[^0-9]/g, '').slice(0, 14)}-${randomUUID().slice(0, 8)}`
    const head: TakeHead = { ...begun, startedAt }
    await writeDurably(join(folder, `${id}${HEAD}`), JSON.stringify(head))
    const part = await WavePart.create(join(folder, `${id}${PART}`), head)
    this.#active.set(id, { id, recorderId, folder, head, part, last: Promise.resolve() })
    return id
  }

  /**
   * Keeps a piece; returns how many frames are on the disk.
   * @throws AsterismError `conflict` where a piece before it is missing, `bad_input`, `disk_full`
   */
  async append(id: string, frame: number, samples: Uint8Array): Promise<number> {
    const recording = this.#require(id)
    if (recording.kept) throw notUnderWay()
    const { part, head } = recording
    const frameBytes = 4 * head.channels
    if (samples.length % frameBytes !== 0) throw new AsterismError('bad_input', say('misfit.pieceWithinSample'))
    return await inTurn(recording, async () => {
      if (frame > part.frames) throw new AsterismError('conflict', say('take.pieceMissing'))
      const known = (part.frames - frame) * frameBytes
      const fresh = Uint8Array.from(samples.subarray(known))
      if (fresh.length > 0) {
        await part.append(new Float32Array(fresh.buffer))
        await part.sync()
      }
      return part.frames
    }).catch((error: unknown) => {
      throw fileError(error, part.path, say('kept.project'))
    })
  }

  async finish(id: string, placement: TakePlacement): Promise<KeptTake | null> {
    return await this.#keep(this.#require(id), placement, false)
  }

  async discard(id: string): Promise<boolean> {
    const recording = this.#active.get(id)
    if (!recording || recording.kept) return false
    await this.#drop(recording)
    return true
  }

  /** Makes takes of what an earlier run of the engine left unfinished; what cannot be read stays where it is. */
  async recover(): Promise<KeptTake[]> {
    this.#recovering = this.#recovering.catch(() => []).then(() => this.#recoverAll())
    return await this.#recovering
  }

  /** Keeps what windows left behind and lets go of the rest, which the next start recovers. */
  async close(): Promise<void> {
    for (const recorderId of this.#recorders) this.closeRecorder(recorderId)
    await Promise.all(this.#behind)
  }

  async #recoverAll(): Promise<KeptTake[]> {
    const folder = folderOf(this.#session)
    if (!existsSync(folder)) return []
    const kept: KeptTake[] = []
    const failures: unknown[] = []
    for (const name of await readdir(folder)) {
      const id = name.endsWith(HEAD) ? name.slice(0, -HEAD.length) : null
      if (id === null || this.#active.has(id)) continue
      try {
        const take = await this.#recoverOne(folder, id)
        if (take) kept.push(take)
      } catch (error) {
        // The others are not to wait for it; it stays where it is and is tried again at the next start.
        failures.push(error)
      }
    }
    if (kept.length === 0 && failures.length > 0) throw failures[0]
    return kept
  }

  async #recoverOne(folder: string, id: string): Promise<KeptTake | null> {
    const headPath = join(folder, `${id}${HEAD}`)
    const head = headSchema.safeParse(await readJsonIfThere(headPath))
    if (!head.success) return null
    const [partPath, path] = [join(folder, `${id}${PART}`), join(folder, `${id}.wav`)]
    if (existsSync(partPath)) {
      const part = await WavePart.reopen(partPath, head.data)
      const recording = { id, recorderId: '', folder, head: head.data, part, last: Promise.resolve() }
      this.#active.set(id, recording)
      return await this.#keep(recording, head.data.placement, true)
    }
    // It had its name: either it is in the project and only this was left to do, or it still is to enter it.
    const isEntered = pathsOfAssets(this.#session).includes(path)
    const take =
      existsSync(path) && !isEntered ? await enterTake(this.#session, path, head.data, head.data.placement, true) : null
    await rm(headPath, { force: true })
    return take
  }

  async #drop(recording: Recording): Promise<void> {
    const { id, part, folder } = recording
    this.#active.delete(id)
    await recording.last.catch(() => undefined)
    await part.abandon()
    await rm(join(folder, `${id}${HEAD}`), { force: true })
  }

  async #keep(recording: Recording, placement: TakePlacement, interrupted: boolean): Promise<KeptTake | null> {
    recording.kept ??= this.#makeTake(recording, placement, interrupted)
    return await recording.kept
  }

  async #makeTake(recording: Recording, placement: TakePlacement, interrupted: boolean): Promise<KeptTake | null> {
    const { id, part, folder, head } = recording
    try {
      await recording.last.catch(() => undefined)
      if (part.frames === 0) {
        await this.#drop(recording)
        return null
      }
      const path = join(folder, `${id}.wav`)
      await part.finish(path)
      const take = await enterTake(this.#session, path, head, placement, interrupted)
      await rm(join(folder, `${id}${HEAD}`), { force: true })
      return take
    } finally {
      this.#active.delete(id)
    }
  }

  #require(id: string): Recording {
    const recording = this.#active.get(id)
    if (!recording) throw notUnderWay()
    return recording
  }

  /** The project was closed: its parts wait there for the next time that it is open. */
  #letGo(): void {
    for (const { part, last } of this.#active.values())
      void last.catch(() => undefined).then(() => part.close().catch(() => undefined))
    this.#active.clear()
  }
}

function notUnderWay(): AsterismError {
  return new AsterismError('not_found', say('take.notUnderWay'), {
    kept: say('take.kept'),
  })
}

function folderOf(session: Session): string {
  return join(`${session.requireProject().path}.media`, 'commentary')
}

async function inTurn<T>(recording: Recording, work: () => Promise<T>): Promise<T> {
  const mine = recording.last.catch(() => undefined).then(work)
  recording.last = mine
  return await mine
}
