/**
 * Packages that are sent to every kind of target while the sender, the server or both are killed at random moments:
 * resumed, nothing twice, nothing half under a final name, and read back. `upload-kills:tus` runs one kind.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { seededRandom } from '../../shared/geometry/random.ts'
import { verifyPackage } from '../../electron/engine/publish/package/verify.ts'
import type { BuiltPackage } from '../../electron/engine/publish/package/build.ts'
import { runUploadKills, sha256OfFile, type Place } from '../fixtures/publish/upload-kill-run.ts'

const KILLS = 24
const SEED = 7
const TOKEN = 'let-me-in-7f3a'

function serverOf(script: string, args: readonly string[]): ChildProcess {
  const path = new URL(`../fixtures/publish/${script}`, import.meta.url).pathname
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
}

const tus: Place = {
  start: (folder, [port = '0']) => serverOf('tus-server-child.ts', [folder, port]),
  destination: (_, [port]) => `http://127.0.0.1:${port}/files`,
  // A tus server gives an upload its name before its first byte: there is no other.
  halves: () => Promise.resolve([]),
  async count(folder, built) {
    const sent = await sha256OfFile(built.car)
    let [copies, rest] = [0, 0]
    for (const name of await readdir(folder)) {
      // A server that is killed between the two has a file of which it knows nothing.
      if (name.endsWith('.json') || !existsSync(join(folder, `${name}.json`))) continue
      const about = JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8')) as {
        metadata: { sha256: string }
      }
      if (about.metadata.sha256 !== sent) continue
      if ((await sha256OfFile(join(folder, name))) === sent) copies += 1
      else rest += 1
    }
    return { copies, rest }
  },
}

const s3: Place = {
  start: (folder, [port = '0']) => serverOf('s3-server-child.ts', [folder, port]),
  destination: (_, [port]) => `s3://takes/from?endpoint=http://127.0.0.1:${port}`,
  // One key for all works: of an earlier one the object is replaced, whole.
  async halves(folder) {
    const whole = await Promise.all(
      (await objectsOf(folder)).map(async (path) => [path, await isPackage(path)] as const),
    )
    return whole.filter(([, isWhole]) => !isWhole).map(([path]) => path)
  },
  async count(folder, built) {
    const sent = await sha256OfFile(built.car)
    const objects = await objectsOf(folder)
    const same = await Promise.all(objects.map(async (path) => (await sha256OfFile(path)) === sent))
    return { copies: same.filter(Boolean).length, rest: (await unfinished(folder)).length }
  },
}

const IN_STORE = '._S3rver_object'
async function objectsOf(folder: string): Promise<string[]> {
  const bucket = join(folder, 'takes')
  if (!existsSync(bucket)) return []
  const names = await readdir(bucket, { recursive: true })
  return names.filter((name) => name.endsWith(IN_STORE)).map((name) => join(bucket, name))
}
async function unfinished(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, 'takes'), { recursive: true })
  return names.filter((name) => /_S3rver_uploads\/[^/]+$/.test(name))
}
const isPackage = async (path: string): Promise<boolean> => (await verifyPackage(path)).ok

const folder: Place = {
  start: () =>
    spawn(process.execPath, ['-e', 'console.log(0); setInterval(() => {}, 1e6)'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  destination: (place) => join(place, 'disk'),
  async halves(place, built) {
    const found: string[] = []
    for (const name of [basename(built.path), basename(built.car)]) {
      const path = join(place, 'disk', name)
      if (existsSync(path) && !(await isPackage(path))) found.push(path)
    }
    return found
  },
  async count(place, built) {
    const disk = join(place, 'disk')
    const names = await readdir(disk)
    const own = [basename(built.path), basename(built.car)]
    const isWhole =
      (await sha256OfFile(join(disk, own[1]!))) === (await sha256OfFile(built.car)) &&
      (await verifyPackage(join(disk, own[0]!))).root_cid === built.root_cid
    return { copies: isWhole ? 1 : 0, rest: names.filter((name) => !own.includes(name)).length }
  },
}

async function pinsOf(place: string, built: BuiltPackage): Promise<string[]> {
  const file = join(place, 'pins.json')
  if (!existsSync(file)) return []
  const pins = JSON.parse(await readFile(file, 'utf8')) as { pin: { cid: string }; status: string }[]
  return pins.filter(({ pin }) => pin.cid === built.root_cid).map(({ status }) => status)
}

const rootsOf = async (place: string): Promise<string[]> => {
  const file = join(place, 'node', 'pinned')
  return existsSync(file) ? (await readFile(file, 'utf8')).split('\n').filter(Boolean) : []
}

const kubo: Place = {
  start: (place, [node = '0', service = '0']) => serverOf('ipfs-child.ts', [place, node, service]),
  destination: (_, [node]) => `kubo+http://127.0.0.1:${node}`,
  // A root that is pinned has everything below it: the node refuses to pin any other. Blocks are whole or not there.
  halves: () => Promise.resolve([]),
  count: async (place, built) => ({
    copies: (await rootsOf(place)).filter((root) => root === built.root_cid).length,
    rest: 0,
  }),
}

const pinning: Place = {
  ...kubo,
  headers: { Authorization: `Bearer ${TOKEN}` },
  destination: (_, [node, service]) =>
    `pin+http://127.0.0.1:${service}/psa?via=http://127.0.0.1:${node}&gateway=http://127.0.0.1:${service}`,
  async count(place, built) {
    const states = await pinsOf(place, built)
    const copies = states.filter((state) => state === 'pinned').length
    return { copies, rest: states.length - copies }
  },
}

const PLACES: Readonly<Record<string, Place>> = { folder, tus, s3, kubo, pinning }

export async function run(print: (line: string) => void, parts: readonly string[]): Promise<void> {
  process.env['AWS_ACCESS_KEY_ID'] = 'S3RVER'
  process.env['AWS_SECRET_ACCESS_KEY'] = 'S3RVER'
  for (const [name, place] of Object.entries(PLACES)) {
    if (parts.length > 0 && !parts.includes(name)) continue
    const home = await mkdtemp(join(tmpdir(), 'upload-kills-'))
    const began = performance.now()
    try {
      const found = await runUploadKills(place, home, KILLS, seededRandom(SEED).next)
      const seconds = ((performance.now() - began) / 1000).toFixed(0)
      print(
        `upload-kills: ${name.padEnd(8)} ${found.kills} kill -9, ${found.works} works: ${found.verified} verified, ${found.resumed} went on from what was there, ${found.copies} copies, ${found.rest} left over, ${found.halves.length} half under a final name, ${found.sentAgainBytes} bytes sent again after success (${seconds} s)`,
      )
      for (const each of found.halves) print(`  half: ${each}`)
      for (const each of found.wild) print(`  ended: ${each}`)
    } finally {
      await rm(home, { recursive: true, force: true })
    }
  }
}
