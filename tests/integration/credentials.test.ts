import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { initSync, WasmReader } from '@contentauth/c2pa-wasm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPackage, type BuiltPackage } from '../../electron/engine/publish/package/build.ts'
import { verifyPackage } from '../../electron/engine/publish/package/verify.ts'
import { credentialsFolder, writeCredentials } from '../../electron/engine/publish/provenance/credentials.ts'
import { credentialsIdentity } from '../../electron/engine/publish/provenance/identity.ts'
import { forge } from '../fixtures/publish/forge.ts'
import { packageInput } from '../fixtures/publish/project.ts'
import { filmProject, realTools } from '../fixtures/publish/recordings.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

interface Store {
  readonly validation_state: string
  readonly validation_status?: readonly { readonly code: string }[]
  readonly active_manifest: string
  readonly manifests: Readonly<
    Record<
      string,
      {
        readonly assertions: readonly { readonly label: string; readonly data: unknown }[]
        readonly ingredients?: readonly { readonly title: string; readonly relationship: string }[]
      }
    >
  >
}

const made = mkdtempSync(join(tmpdir(), 'credentials-'))
afterAll(() => rmSync(made, { recursive: true, force: true }))
let film: BuiltPackage
beforeAll(async () => {
  const tools = await realTools()
  await mkdir(join(made, 'in'))
  film = await buildPackage(packageInput(await filmProject(tools, join(made, 'in')), { tools }), made)
  initSync({ module: await readFile(createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm')) })
})

/** As any other program would read a file with its manifest inside. */
async function readAs(format: string, bytes: Uint8Array, rootPem: string): Promise<Store> {
  const settings = JSON.stringify({ trust: { user_anchors: rootPem }, verify: { verify_trust: true } })
  return (await WasmReader.fromBytes(format, bytes, settings)).manifestStore() as Store
}

describe('credentials of a package', () => {
  it('lie beside it, hold, say what training may use, and are also carried inside of copies', async () => {
    const folder = await scratchFolder()
    const home = join(folder, 'home')
    const built = film
    const copies = join(folder, 'copies')
    const written = await writeCredentials(built.path, { home, version: '0.0.0', embedIn: copies })
    expect(written.files.map(({ path }) => path)).toContain('media/cam.mov')
    expect((await stat(join(home, 'credentials/identity.json'))).mode & 0o077).toBe(0)

    // The package is the same, and knows of them.
    const verified = await verifyPackage(built.path)
    expect(verified).toMatchObject({ ok: true, failures: [], root_cid: built.root_cid })
    expect(verified.credentials).toMatchObject({ files: written.files.length })
    expect(verified.credentials!.signers).toHaveLength(1)
    expect(verified.credentials!.signers[0]).toContain('self-signed')

    // Another reader trusts them once it is given our root, and not without.
    const identity = await credentialsIdentity(home)
    const rootPem = new X509Certificate(identity.certificates[1]!).toString()
    const copied = await readFile(join(copies, 'media/cam.mov'))
    const store = await readAs('video/quicktime', copied, rootPem)
    expect(store.validation_state).toBe('Trusted')
    const other = new X509Certificate((await credentialsIdentity(join(folder, 'other'))).certificates[1]!).toString()
    expect((await readAs('video/quicktime', copied, other)).validation_state).not.toBe('Trusted')
    const { assertions } = store.manifests[store.active_manifest]!
    const training = assertions.find(({ label }) => label === 'cawg.training-mining')
    expect(training?.data).toMatchObject({ entries: { 'cawg.ai_training': { use: 'allowed' } } })

    // The preview names what it was cut from.
    const preview = await readAs('video/mp4', await readFile(join(copies, 'preview/preview.mp4')), rootPem)
    expect(preview.validation_state).toBe('Trusted')
    const titles = preview.manifests[preview.active_manifest]!.ingredients!.map(({ title }) => title)
    expect(titles).toContain('cam.mov')

    copied[copied.length - 100]! ^= 1
    expect((await readAs('video/quicktime', copied, rootPem)).validation_state).toBe('Invalid')
  })

  it('that do not hold, or are of another file, are named', async () => {
    const folder = await scratchFolder()
    const home = join(folder, 'home')
    const copyAs = async (name: string): Promise<{ path: string }> => {
      await cp(film.path, join(folder, name), { recursive: true })
      return { path: join(folder, name) }
    }
    const built = await copyAs('take')
    await writeCredentials(built.path, { home, version: '0.0.0', embedIn: null })
    const sidecars = join(credentialsFolder(built.path), 'media')
    const [first, second] = (await readdir(sidecars)).sort()
    const good = await readFile(join(sidecars, first!))
    const failures = async (): Promise<string> => JSON.stringify((await verifyPackage(built.path)).failures)

    await writeFile(join(sidecars, first!), await readFile(join(sidecars, second!)))
    expect(await failures()).toContain('is of other bytes than the file has')
    const forged = Buffer.from(good)
    const at = forged.indexOf('cawg.ai_training') + 'cawg.ai_training'.length + 8
    forged[at]! ^= 1
    await writeFile(join(sidecars, first!), forged)
    expect(await failures()).toMatch(/does not hold|no manifest/)
    // Of another take, which holds the same recording and grants other uses; of another machine's key; one too few.
    const another = await copyAs('another')
    await forge(another.path, 'rights.json', '"use": "allowed"', '"use": "notAllowed"')
    const sidecarOf = async (path: string, keyHome: string): Promise<Buffer> => {
      await writeCredentials(path, { home: keyHome, version: '0.0.0', embedIn: null })
      return await readFile(join(credentialsFolder(path), 'media', first!))
    }
    await writeFile(join(sidecars, first!), await sidecarOf(another.path, home))
    expect(await failures()).toContain('states other uses for training than rights.json')
    await forge(another.path, 'rights.json', '"notAllowed"', '"allowed" ')
    await writeFile(join(sidecars, first!), await sidecarOf(another.path, home))
    expect(await failures()).toContain('is of another package')
    const kept = join(folder, 'kept')
    await cp(credentialsFolder(built.path), kept, { recursive: true })
    const strange = await sidecarOf(built.path, join(folder, 'another-home'))
    await cp(kept, credentialsFolder(built.path), { recursive: true })
    await writeFile(join(sidecars, first!), strange)
    expect(await failures()).toContain('is signed with another key than the others')
    await rm(join(sidecars, first!))
    expect(await failures()).toContain('is missing beside the others')
    await writeFile(join(sidecars, first!), good.subarray(0, 100))
    expect(await failures()).toContain('is no manifest that can be read')
    await writeFile(join(sidecars, first!), good)
    await writeFile(join(sidecars, 'ghost.mov.c2pa'), good)
    expect(await failures()).toContain('is of a file that is not in the package')
  })
})
