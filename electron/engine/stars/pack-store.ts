/** Packs that a person installed, each a file named by its digest in the home folder; read and checked whenever asked. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { PackEntry, PacksAnswer } from '../../../shared/contract/packs.ts'
import { AsterismError } from '../../../shared/errors.ts'
import { say } from '../../../shared/sayings/saying.ts'
import type { Starpack } from '../../../shared/stars/starpack.ts'
import { writeDurably } from '../chain/durable-file.ts'
import { builtInStarpack } from './built-in-pack.ts'
import { canonicalStarpack, loadStarpack } from './starpack-file.ts'
import { doubtsOfPack } from './starpack-task.ts'

function folderOf(home: string): string {
  return join(home, 'packs')
}

/** What people see of a pack. */
export function packEntry(pack: Starpack): PackEntry {
  const { id, title, digest, kind, createdAt, benchmark, note, signature, tasks } = pack
  const key = signature && createHash('sha256').update(Buffer.from(signature.publicKey, 'base64')).digest('hex')
  return {
    id,
    title,
    digest,
    kind,
    created: createdAt,
    benchmark,
    note,
    signed_by: key ? key.slice(0, 16) : null,
    bytes: canonicalStarpack(pack).length,
    tasks: tasks.map((task) => ({
      id: task.id,
      encoder: task.encoder.id,
      targets: task.targets ?? 'classes',
      classes: task.targets === 'captions' ? 0 : task.classes,
      base_size: task.scores.baseSize,
      held_out: task.heldOut
        ? {
            spearman: task.heldOut.spearman,
            spearman_low: task.heldOut.spearmanLow,
            creators: task.heldOut.creators,
            samples: task.heldOut.samples,
            score: task.scores.current,
            chance: task.heldOut.chance,
          }
        : null,
    })),
    warnings: doubtsOfPack(pack),
  }
}

/** Reads packs; those that are refused come with the reason. */
export async function verifyPacks(
  paths: readonly string[],
): Promise<PacksAnswer & { readonly read: readonly Starpack[] }> {
  const read: Starpack[] = []
  const refused: PacksAnswer['refused'] = []
  for (const path of paths) {
    try {
      read.push(await loadStarpack(path))
    } catch (error) {
      if (!(error instanceof AsterismError)) throw error
      refused.push({ path, code: error.code, ...error.reason })
    }
  }
  return { packs: read.map(packEntry), refused, read }
}

/** The pack that ships, then those that were installed. */
export async function listPacks(home: string): Promise<PacksAnswer> {
  const folder = folderOf(home)
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  const paths = names
    .filter((name) => name.endsWith('.starpack'))
    .sort()
    .map((name) => join(folder, name))
  const { packs, refused } = await verifyPacks(paths)
  return { packs: [packEntry(builtInStarpack()), ...packs], refused }
}

/** Checks packs and keeps those that pass. */
export async function installPacks(home: string, paths: readonly string[]): Promise<PacksAnswer> {
  const { packs, refused, read } = await verifyPacks(paths)
  if (read.length > 0) await mkdir(folderOf(home), { recursive: true })
  for (const pack of read) await writeDurably(join(folderOf(home), `${pack.digest}.starpack`), canonicalStarpack(pack))
  return { packs, refused }
}

/** Where an installed pack lies. @throws AsterismError `not_found`. */
export function installedPackPath(home: string, digest: string): string {
  const path = join(folderOf(home), `${digest.toLowerCase()}.starpack`)
  if (!/^[0-9a-f]{64}$/i.test(digest) || !existsSync(path))
    throw new AsterismError('not_found', say('starpack.notInstalled'), {
      fix: say('starpack.fix.notInstalled'),
    })
  return path
}

/** Takes an installed pack away. @throws AsterismError `not_found`. */
export async function removePack(home: string, digest: string): Promise<PacksAnswer> {
  await rm(installedPackPath(home, digest))
  return listPacks(home)
}
