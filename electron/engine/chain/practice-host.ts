/**
 * The process behind the practice network. It holds the lock, keeps anvil alive, writes the chain to disk after every
 * change, deploys the contracts, funds the practice account and serves uploads, until it is told to stop.
 */
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { AsterismError, isCancellation } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import { printedBy } from '../programs.ts'
import { anvilMarker, startAnvil, type AnvilProcess } from './anvil.ts'
import { PRACTICE_CHAIN_ID } from './chain-policies.ts'
import { FACTORY_ADDRESS } from './contracts.ts'
import { contractAddresses, deployOnPractice } from './deployment.ts'
import { makePrivateFolder, readIfThere, readJsonIfThere, writeDurably } from './durable-file.ts'
import { ensurePracticeAccount } from './practice-account.ts'
import { startControl, type ControlServer } from './practice-control.ts'
import { lastRecord, practicePaths, rpcUrl, type PracticePaths, type PracticeRecord } from './practice-status.ts'
import { tryLock } from './process-lock.ts'
import { bytesAnswer, createRpc, quantity, type Rpc } from './rpc.ts'

const SAVE_EVERY_MILLISECONDS = 250
/** How long anvil may take to run a call; it is asked four times within it. */
const PATIENCE_MILLISECONDS = 20_000
const MAX_RESTARTS = 3
const FUNDS_WEI = 10_000n * 10n ** 18n
const portsSchema = z.object({ rpc: z.number().int(), control: z.number().int() })

export interface PracticeHostOptions {
  readonly home: string
  readonly log: (line: string) => void
  /** Stops the network after saving its state. */
  readonly signal: AbortSignal
  /** How long anvil may take for what it does in milliseconds before it counts as stuck. */
  readonly patienceMilliseconds?: number
}

/** Runs until told to stop. Returns false at once when another process runs the network of this home. */
export async function runPracticeNetwork(options: PracticeHostOptions): Promise<boolean> {
  const paths = practicePaths(options.home)
  await makePrivateFolder(paths.folder)
  const lock = await tryLock(paths.lock)
  if (!lock) return false
  try {
    await reapOrphan(options, paths)
    await serve(options, paths)
    return true
  } finally {
    await rm(paths.record, { force: true })
    lock.release()
  }
}

async function serve(
  { home, log, signal, patienceMilliseconds }: PracticeHostOptions,
  paths: PracticePaths,
): Promise<void> {
  const token = randomBytes(32).toString('base64url')
  const stopping = new AbortController()
  const stopped = AbortSignal.any([signal, stopping.signal])
  const ports = await lastPorts(paths)
  let chain = await startChain(paths, ports.rpc, log)
  let control: ControlServer | null = null
  try {
    await deployOnPractice(chain.rpc)
    await fund(chain.rpc, (await ensurePracticeAccount(home)).address)
    await chain.save()
    control = await onPort(ports.control, (port) =>
      startControl({
        port,
        token,
        uploads: paths.uploads,
        status: () => ({ pid: process.pid, chain_id: PRACTICE_CHAIN_ID }),
        onStop: () => stopping.abort(),
      }),
    )
    await announce(paths, chain.anvil, control, token)
    log(`Running: chain on port ${chain.anvil.port}, uploads on port ${control.port}.`)
    for (let restarts = 0; !stopped.aborted; restarts += 1) {
      const watching = watch(chain.anvil, patienceMilliseconds, stopped, log)
      await saveUntil(chain, stopped, log)
      await watching
      if (stopped.aborted) break
      if (restarts === MAX_RESTARTS) throw new AsterismError('tool_failed', say('practice.endsAgain'))
      log('anvil has ended; starting it again from the last saved state.')
      chain = await startChain(paths, chain.anvil.port, log)
      await announce(paths, chain.anvil, control, token)
    }
    await chain.save()
    log('Stopped.')
  } finally {
    await control?.close()
    await chain.anvil.stop()
  }
}

interface Chain {
  readonly anvil: AnvilProcess
  readonly rpc: Rpc
  /** Writes the state when a block has come since the last time. */
  save(): Promise<void>
}

async function startChain(paths: PracticePaths, port: number, log: (line: string) => void): Promise<Chain> {
  const anvil = await onPort(port, (free) => startAnvil({ folder: paths.folder, port: free, log }))
  const rpc = createRpc(`http://127.0.0.1:${anvil.port}`, 60_000)
  const state = await readIfThere(paths.state)
  if (state !== null) await restore(rpc, anvil, state, paths.state)
  let savedBlock = -1n
  return {
    anvil,
    rpc,
    async save() {
      const block = quantity(await rpc.call('eth_blockNumber', []))
      if (block === savedBlock) return
      await writeDurably(paths.state, bytesAnswer(await rpc.call('anvil_dumpState', [])))
      savedBlock = block
    },
  }
}

async function restore(rpc: Rpc, anvil: AnvilProcess, state: string, path: string): Promise<void> {
  try {
    await rpc.call('anvil_loadState', [bytesAnswer(state)])
  } catch (error) {
    await anvil.stop()
    throw new AsterismError('corrupt_file', say('practice.stateUnreadable'), {
      fix: say('practice.fix.state'),
      path,
      cause: error,
    })
  }
}

/** Saves until told to stop or until anvil ends. */
async function saveUntil(chain: Chain, stopped: AbortSignal, log: (line: string) => void): Promise<void> {
  const end = new AbortController()
  void chain.anvil.ended.then(() => end.abort())
  const over = AbortSignal.any([stopped, end.signal])
  while (!over.aborted) {
    await pause(over, SAVE_EVERY_MILLISECONDS)
    try {
      if (!over.aborted) await chain.save()
    } catch (error) {
      log(`The chain could not be saved: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

/**
 * Ends an anvil that no longer runs calls, so that it is started again. It was seen, after some thousand blocks, to say
 * its block number as ever while every `eth_call` waited for ever, one thread each.
 */
async function watch(
  anvil: AnvilProcess,
  patienceMilliseconds: number | undefined,
  stopped: AbortSignal,
  log: (line: string) => void,
): Promise<void> {
  const patience = patienceMilliseconds ?? PATIENCE_MILLISECONDS
  const end = new AbortController()
  void anvil.ended.then(() => end.abort())
  const over = AbortSignal.any([stopped, end.signal])
  const rpc = createRpc(`http://127.0.0.1:${anvil.port}`, patience)
  while (!over.aborted) {
    await pause(over, patience / 4)
    if (over.aborted) return
    try {
      await rpc.call('eth_call', [{ to: FACTORY_ADDRESS, data: '0x' }, 'latest'], over)
    } catch (error) {
      if (!(error instanceof AsterismError) || error.code !== 'timeout') continue
      log('anvil no longer runs calls; ending it.')
      anvil.kill()
      return
    }
  }
}

/** Waits for the next check of the chain, or for the end. */
async function pause(over: AbortSignal, milliseconds: number): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal: over })
  } catch (error) {
    if (!isCancellation(error)) throw error
  }
}

async function announce(
  paths: PracticePaths,
  anvil: AnvilProcess,
  control: ControlServer,
  token: string,
): Promise<void> {
  const record: PracticeRecord = {
    format: 1,
    pid: process.pid,
    anvil_pid: anvil.pid,
    rpc_port: anvil.port,
    control_port: control.port,
    control_token: token,
    contracts: contractAddresses,
  }
  await writeDurably(paths.ports, JSON.stringify({ rpc: anvil.port, control: control.port }))
  await writeDurably(paths.record, `${JSON.stringify(record, null, 2)}\n`)
}

async function fund(rpc: Rpc, address: string): Promise<void> {
  const balance = quantity(await rpc.call('eth_getBalance', [address, 'latest']))
  if (balance < FUNDS_WEI / 10n) await rpc.call('anvil_setBalance', [address, `0x${FUNDS_WEI.toString(16)}`])
}

async function lastPorts(paths: PracticePaths): Promise<z.infer<typeof portsSchema>> {
  const parsed = portsSchema.safeParse(await readJsonIfThere(paths.ports))
  return parsed.success ? parsed.data : { rpc: 0, control: 0 }
}

/** The port of the last run if it is free, otherwise any. */
async function onPort<T>(preferred: number, start: (port: number) => Promise<T>): Promise<T> {
  if (preferred === 0) return await start(0)
  try {
    return await start(preferred)
  } catch (error) {
    if (error instanceof AsterismError && error.code === 'tool_missing') throw error
    return await start(0)
  }
}

/** If the last host was killed, its anvil still runs: its blocks are fetched, then it is stopped. */
async function reapOrphan({ home, log }: PracticeHostOptions, paths: PracticePaths): Promise<void> {
  const record = await lastRecord(home)
  if (!record || !(await commandLine(record.anvil_pid)).includes(anvilMarker(paths.folder))) return
  log(`Taking over from a practice network that was killed (anvil ${record.anvil_pid}).`)
  try {
    const state = bytesAnswer(await createRpc(rpcUrl(record), 10_000).call('anvil_dumpState', []))
    await writeDurably(paths.state, state)
  } catch (error) {
    log(`Its last blocks could not be fetched: ${error instanceof Error ? error.message : String(error)}`)
  }
  process.kill(record.anvil_pid, 'SIGKILL')
}

/** Empty when there is no such process, or no way to ask (Windows: the orphan then keeps its port, we take another). */
async function commandLine(pid: number): Promise<string> {
  return (await printedBy('ps', ['-ww', '-o', 'args=', '-p', String(pid)], 5_000)) ?? ''
}
