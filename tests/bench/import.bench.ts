/** How fast geometry is read, beside three's loader on the same file in the same run. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PLYLoader } from 'three/examples/jsm/loaders/PLYLoader.js'
import { describe } from '../../electron/engine/import/describe.ts'
import type { ImportContext } from '../../electron/engine/import/importer.ts'

const context: ImportContext = { tools: { ffmpeg: null, ffprobe: null }, signal: new AbortController().signal }

/** A binary PLY of `count` coloured points on a wavy floor, 15 bytes each. */
function writePly(path: string, count: number): void {
  const file = openSync(path, 'w')
  const names = ['float x', 'float y', 'float z', 'uchar red', 'uchar green', 'uchar blue']
  const properties = names.map((name) => `property ${name}`).join('\n')
  writeSync(file, `ply\nformat binary_little_endian 1.0\nelement vertex ${count}\n${properties}\nend_header\n`)
  const block = Buffer.alloc(15 * 100_000)
  for (let first = 0; first < count; first += 100_000) {
    const size = Math.min(100_000, count - first)
    for (let i = 0; i < size; i++) {
      block.writeFloatLE(((first + i) % 3163) * 0.002, 15 * i)
      block.writeFloatLE(Math.sin((first + i) * 1e-3) * 0.1, 15 * i + 4)
      block.writeFloatLE(Math.floor((first + i) / 3163) * 0.002, 15 * i + 8)
      block[15 * i + 12] = i & 255
    }
    writeSync(file, block, 0, 15 * size)
  }
  closeSync(file)
}

/** Writes `count` records of `bytes` each behind a header, a block at a time. */
function writeRecords(
  path: string,
  header: Uint8Array,
  count: number,
  bytes: number,
  put: (block: Buffer, at: number, i: number) => void,
): void {
  const file = openSync(path, 'w')
  writeSync(file, header)
  const block = Buffer.alloc(bytes * 100_000)
  for (let first = 0; first < count; first += 100_000) {
    const size = Math.min(100_000, count - first)
    for (let i = 0; i < size; i++) put(block, bytes * i, first + i)
    writeSync(file, block, 0, bytes * size)
  }
  closeSync(file)
}

/** LAS 1.2 with colours, point format 2. */
function writeLas(path: string, count: number): void {
  const header = Buffer.alloc(227)
  header.write('LASF')
  header.set([1, 2], 24)
  header.writeUInt16LE(227, 94)
  header.writeUInt32LE(227, 96)
  header[104] = 2
  header.writeUInt16LE(26, 105)
  header.writeUInt32LE(count, 107)
  for (let axis = 0; axis < 3; axis++) header.writeDoubleLE(0.001, 131 + 8 * axis)
  writeRecords(path, header, count, 26, (block, at, i) => {
    block.writeInt32LE((i % 3163) * 2, at)
    block.writeInt32LE(Math.floor(i / 3163) * 2, at + 4)
    block.writeInt32LE(i & 127, at + 8)
    block.writeUInt16LE((i & 255) << 8, at + 20)
  })
}

/** Binary PCD of coordinates and packed colour. */
function writePcd(path: string, count: number): void {
  const header = `VERSION 0.7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F U\nCOUNT 1 1 1 1\nWIDTH ${count}\nHEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS ${count}\nDATA binary\n`
  writeRecords(path, Buffer.from(header), count, 16, (block, at, i) => {
    block.writeFloatLE((i % 3163) * 0.002, at)
    block.writeFloatLE(Math.floor(i / 3163) * 0.002, at + 4)
    block.writeFloatLE((i & 127) * 0.001, at + 8)
    block.writeUInt32LE(i & 0xffffff, at + 12)
  })
}

async function writeXyz(path: string, count: number): Promise<void> {
  const rows = Array.from(
    { length: count },
    (_, i) => `${(i * 0.001).toFixed(4)} ${(i * 0.0007).toFixed(4)} 1.25 200 100 50`,
  )
  await writeFile(path, rows.join('\n'))
}

/** Least of three runs, in milliseconds of processor time: what else the machine does does not count. */
async function best(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity
  for (let run = 0; run < 3; run++) {
    const start = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(start)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

async function load(path: string): Promise<number> {
  const { importer, source } = await describe(path, context)
  return best(async () => importer.loadScan?.(source, 0, context))
}

export async function run(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'asterism-bench-import-'))
  try {
    const large = join(folder, 'large.ply')
    writePly(large, 10_000_000)
    const described = await best(() => describe(large, context))
    const before = process.memoryUsage().rss
    const loaded = await load(large)
    const grown = (process.memoryUsage().rss - before) / 1e6
    print(
      `PLY 10 M coloured points (150 MB): describe ${described.toFixed(0)} ms, load ${loaded.toFixed(0)} ms, ${grown.toFixed(0)} MB more resident`,
    )

    for (const [name, write, bytes] of [
      ['LAS', writeLas, 26],
      ['PCD', writePcd, 16],
    ] as const) {
      const path = join(folder, `large.${name.toLowerCase()}`)
      write(path, 10_000_000)
      print(`${name} 10 M coloured points (${10 * bytes} MB): load ${(await load(path)).toFixed(0)} ms`)
      await rm(path)
    }

    const small = join(folder, 'small.ply')
    writePly(small, 1_000_000)
    const own = await load(small)
    const bytes = (await readFile(small)).buffer.slice(0) as ArrayBuffer
    const theirs = await best(async () => new PLYLoader().parse(bytes))
    print(
      `PLY 1 M coloured points: ${own.toFixed(0)} ms; three's PLYLoader ${theirs.toFixed(0)} ms (without reading the file); ratio ${(own / theirs).toFixed(3)}`,
    )

    const text = join(folder, 'points.xyz')
    await writeXyz(text, 1_000_000)
    print(`XYZ 1 M coloured points as text: ${(await load(text)).toFixed(0)} ms`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
