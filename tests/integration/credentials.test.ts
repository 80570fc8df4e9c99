import { X509Certificate } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { initSync, WasmReader } from '@contentauth/c2pa-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import type { MediaTools } from '../../electron/engine/media/tools.ts'
import { buildPackage } from '../../electron/engine/publish/package/build.ts'
import { verifyPackage } from '../../electron/engine/publish/package/verify.ts'
import { credentialsFolder, writeCredentials } from '../../electron/engine/publish/provenance/credentials.ts'
import { credentialsIdentity } from '../../electron/engine/publish/provenance/identity.ts'
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

let tools: MediaTools
beforeAll(async () => {
  tools = await realTools()
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
    await mkdir(join(folder, 'in'))
    const home = join(folder, 'home')
    const built = await buildPackage(packageInput(await filmProject(tools, join(folder, 'in')), { tools }), folder)
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
    const film = await readFile(join(copies, 'media/cam.mov'))
    const store = await readAs('video/quicktime', film, rootPem)
    expect(store.validation_state).toBe('Trusted')
    const other = new X509Certificate((await credentialsIdentity(join(folder, 'other'))).certificates[1]!).toString()
    expect((await readAs('video/quicktime', film, other)).validation_state).not.toBe('Trusted')
    const { assertions } = store.manifests[store.active_manifest]!
    const training = assertions.find(({ label }) => label === 'cawg.training-mining')
    expect(training?.data).toMatchObject({ entries: { 'cawg.ai_training': { use: 'allowed' } } })

    // The preview names what it was cut from.
    const preview = await readAs('video/mp4', await readFile(join(copies, 'preview/preview.mp4')), rootPem)
    expect(preview.validation_state).toBe('Trusted')
    const titles = preview.manifests[preview.active_manifest]!.ingredients!.map(({ title }) => title)
    expect(titles).toContain('cam.mov')

    film[film.length - 100]! ^= 1
    expect((await readAs('video/quicktime', film, rootPem)).validation_state).toBe('Invalid')
  })

  it('that do not hold, or are of another file, are named', async () => {
    const folder = await scratchFolder()
    await mkdir(join(folder, 'in'))
    const home = join(folder, 'home')
    const built = await buildPackage(packageInput(await filmProject(tools, join(folder, 'in')), { tools }), folder)
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
    await writeFile(join(sidecars, first!), good.subarray(0, 100))
    expect(await failures()).toContain('is no manifest that can be read')
    await writeFile(join(sidecars, first!), good)
    await writeFile(join(sidecars, 'ghost.mov.c2pa'), good)
    expect(await failures()).toContain('is of a file that is not in the package')
  })
})
