/** What the practice network leaves on disk for others to find it, and how they ask whether it is still there. */
import { join } from 'node:path'
import { z } from 'zod'
import { PRACTICE_CHAIN_ID } from './chain-policies.ts'
import { parseJson, readIfThere } from './durable-file.ts'

const ANSWER_TIMEOUT_MILLISECONDS = 3_000
const LOOPBACK = '127.0.0.1'

/** As on the command line. */
export interface PracticeStatus {
  readonly running: boolean
  readonly rpc_url: string | null
  readonly upload_url: string | null
  readonly chain_id: number
  readonly contracts: Readonly<Record<string, string>>
}

const recordSchema = z.object({
  format: z.literal(1),
  pid: z.number().int().positive(),
  anvil_pid: z.number().int().positive(),
  rpc_port: z.number().int().min(1).max(65_535),
  control_port: z.number().int().min(1).max(65_535),
  /** Whoever can read this private file may stop the network. */
  control_token: z.string().min(32),
  contracts: z.record(z.string(), z.string()),
})
export type PracticeRecord = z.infer<typeof recordSchema>

const aliveSchema = z.object({ pid: z.number().int(), chain_id: z.number().int() })

export interface PracticePaths {
  readonly folder: string
  /** The private record of the network that runs now. */
  readonly record: string
  /** Held by the network's process for as long as it lives. */
  readonly lock: string
  /** The chain, as anvil dumps it. */
  readonly state: string
  readonly account: string
  readonly uploads: string
  readonly log: string
  /** Ports of the last run, so that addresses stay the same. */
  readonly ports: string
}

export function practicePaths(home: string): PracticePaths {
  const folder = join(home, 'practice')
  return {
    folder,
    record: join(folder, 'network.json'),
    lock: join(folder, 'network.lock'),
    state: join(folder, 'chain-state.hex'),
    account: join(folder, 'account.json'),
    uploads: join(folder, 'uploads'),
    log: join(folder, 'practice.log'),
    ports: join(folder, 'ports.json'),
  }
}

export const rpcUrl = (record: PracticeRecord): string => `http://${LOOPBACK}:${record.rpc_port}`
const uploadUrl = (record: PracticeRecord): string => `http://${LOOPBACK}:${record.control_port}/files/`
export const controlUrl = (record: PracticeRecord, action: string): string =>
  `http://${LOOPBACK}:${record.control_port}/practice/${action}`

/** Whether the practice network runs, and where. Never throws for one that does not. */
export async function practiceStatus(home: string): Promise<PracticeStatus> {
  const record = await runningRecord(home)
  return record ? statusOf(record) : stoppedStatus
}

export const stoppedStatus: PracticeStatus = {
  running: false,
  rpc_url: null,
  upload_url: null,
  chain_id: PRACTICE_CHAIN_ID,
  contracts: {},
}

export function statusOf(record: PracticeRecord): PracticeStatus {
  return {
    running: true,
    rpc_url: rpcUrl(record),
    upload_url: uploadUrl(record),
    chain_id: PRACTICE_CHAIN_ID,
    contracts: record.contracts,
  }
}

/** The record of a network that answers as itself: the same process, the right chain. */
export async function runningRecord(home: string): Promise<PracticeRecord | null> {
  const record = await lastRecord(home)
  if (!record) return null
  const alive = await askAlive(record)
  return alive && alive.pid === record.pid && alive.chain_id === PRACTICE_CHAIN_ID ? record : null
}

/** The record on disk, whether its network lives or not; null when there is none that can be read. */
export async function lastRecord(home: string): Promise<PracticeRecord | null> {
  const text = await readIfThere(practicePaths(home).record)
  if (text === null) return null
  const parsed = recordSchema.safeParse(parseJson(text))
  return parsed.success ? parsed.data : null
}

async function askAlive(record: PracticeRecord): Promise<z.infer<typeof aliveSchema> | null> {
  const answer = await fetch(controlUrl(record, 'status'), {
    headers: { authorization: `Bearer ${record.control_token}` },
    redirect: 'error',
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MILLISECONDS),
  }).then(
    async (response) => (response.ok ? parseJson(await response.text()) : null),
    () => null,
  )
  const parsed = aliveSchema.safeParse(answer)
  return parsed.success ? parsed.data : null
}
