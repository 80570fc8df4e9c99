/**
 * Content addressing, archives and uploads. The reference is one plain sha-256 over the same bytes, read in the same
 * way in the same run: what hashing alone costs on this machine at this moment.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyCar } from '../../electron/engine/publish/content/car-reader.ts'
import { writeCarOfDirectory } from '../../electron/engine/publish/content/car.ts'
import { addressOfContent, addressOfFile, readPieces } from '../../electron/engine/publish/content/unixfs.ts'
import { tusTarget } from '../../electron/engine/publish/upload/tus.ts'
import { LARGE_FILE_VECTORS, chachaStream } from '../fixtures/publish/kubo-vectors.ts'

const BYTES = 1024 * (1 << 20)

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

async function writeSample(path: string, bytes: number): Promise<void> {
  const handle = await open(path, 'w')
  try {
    for await (const piece of chachaStream('bench', bytes)) await handle.write(piece)
  } finally {
    await handle.close()
  }
}

async function plainSha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const piece of readPieces(path)) hash.update(piece)
  return hash.digest('hex')
}

/** A tus server in a process of its own, as in life: until all was sent, and from then on until it was read back. */
async function benchUpload(
  folder: string,
  car: string,
  rootCid: string,
  carBytes: number,
): Promise<{ readonly sendingSeconds: number; readonly readingBackSeconds: number }> {
  const directory = join(folder, 'server')
  await mkdir(directory)
  const script = new URL('../fixtures/publish/tus-server-child.ts', import.meta.url).pathname
  const server = spawn(process.execPath, [script, directory, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const port = await new Promise<string>((resolve) =>
      server.stdout.once('data', (data: Buffer) => resolve(`${data}`.trim())),
    )
    const carSha256 = await plainSha256(car)
    const start = performance.now()
    let sent = start
    await tusTarget.upload({
      folder: null,
      car,
      carBytes,
      carSha256,
      rootCid,
      destination: `http://127.0.0.1:${port}/files`,
      stateDirectory: folder,
      headers: {},
      claims: {},
      bytesPerSecond: null,
      patienceMilliseconds: 30_000,
      signal: new AbortController().signal,
      onProgress: () => void (sent = performance.now()),
    })
    return { sendingSeconds: (sent - start) / 1000, readingBackSeconds: (performance.now() - sent) / 1000 }
  } finally {
    server.kill()
  }
}

export async function run(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'publish-bench-'))
  try {
    const directory = join(folder, 'package')
    const sample = join(directory, 'sample.bin')
    await mkdir(directory)
    await writeSample(sample, BYTES)
    const megabytes = BYTES / 1e6
    await plainSha256(sample)
    const reference = megabytes / (await seconds(() => plainSha256(sample)))
    print(`publish: plain sha-256 of ${Math.round(megabytes)} MB (reference)   ${reference.toFixed(0)} MB/s`)
    const report = (what: string, rate: number): void =>
      print(`publish: ${what.padEnd(46)} ${rate.toFixed(0)} MB/s, ${(rate / reference).toFixed(2)} of the reference`)

    report('CID and sha-256 of a file', megabytes / (await seconds(() => addressOfFile(sample))))
    const car = join(folder, 'package.car')
    let rootCid = ''
    let carBytes = 0
    const before = process.cpuUsage()
    const writing = await seconds(async () => ({ rootCid, carBytes } = await writeCarOfDirectory(directory, car)))
    const { user, system } = process.cpuUsage(before)
    report('CAR written and flushed (goal: 100 MB/s)', megabytes / writing)
    print(
      `publish: CAR written, for each second of processor time  ${(megabytes / ((user + system) / 1e6)).toFixed(0)} MB`,
    )
    report('CAR verified, every block', megabytes / (await seconds(() => verifyCar(car))))
    const { sendingSeconds, readingBackSeconds } = await benchUpload(folder, car, rootCid, carBytes)
    report('CAR by tus on loopback, sent (goal: 100 MB/s)', megabytes / sendingSeconds)
    report('the same, read back and compared', megabytes / readingBackSeconds)
    report('sent and read back', megabytes / (sendingSeconds + readingBackSeconds))

    for (const vector of LARGE_FILE_VECTORS) {
      let cid = ''
      const took = await seconds(async () => {
        cid = (await addressOfContent(chachaStream(vector.seed, vector.byteLength))).cid.toString()
      })
      if (cid !== vector.cid) throw new Error(`${vector.title}: ${cid} is not kubo's ${vector.cid}`)
      print(`publish: kubo's vector of ${vector.byteLength} bytes (${vector.title}) agrees, ${took.toFixed(1)} s`)
    }
    print(
      `publish: memory at its highest                          ${(process.resourceUsage().maxRSS / 1e3).toFixed(0)} MB`,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
