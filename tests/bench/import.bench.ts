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

async function writeXyz(path: string, count: number): Promise<void> {
  const rows = Array.from(
    { length: count },
    (_, i) => `${(i * 0.001).toFixed(4)} ${(i * 0.0007).toFixed(4)} 1.25 200 100 50`,
  )
  await writeFile(path, rows.join('\n'))
}

/** Least of three runs, in milliseconds. */
async function best(work: () => Promise<unknown>): Promise<number> {
  let least = Infinity
  for (let run = 0; run < 3; run++) {
    const start = performance.now()
    await work()
    least = Math.min(least, performance.now() - start)
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
