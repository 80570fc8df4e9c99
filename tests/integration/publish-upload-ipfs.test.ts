import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { uploadPackage } from '../../electron/engine/publish/upload/index.ts'
import { startKubo, type KuboServer } from '../fixtures/publish/kubo-server.ts'
import { startPinning, type PinningServer } from '../fixtures/publish/pinning-server.ts'
import { packageOf } from '../fixtures/publish/large-package.ts'
import { scratchFolder } from '../fixtures/publish/scratch.ts'

async function kubo(): Promise<KuboServer> {
  const server = await startKubo()
  onTestFinished(() => server.close())
  return server
}

async function pinning(node: KuboServer): Promise<PinningServer> {
  const server = await startPinning(node)
  onTestFinished(() => server.close())
  return server
}

describe('uploading to an IPFS node', () => {
  it('sends the blocks, pins the root, reads every block back, and sends nothing the second time', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 5_000_000)
    const node = await kubo()
    const options = { stateDirectory: join(folder, 'state') }
    const first = await uploadPackage(built.path, `kubo+${node.url}`, options)
    expect(first).toMatchObject({
      target: 'kubo',
      location: `ipfs://${built.root_cid}`,
      bytes_skipped: 0,
      verified: true,
    })
    expect(node.pinned).toEqual(new Set([built.root_cid]))
    const received = node.received
    expect(received).toBeGreaterThan(5_000_000)
    const again = await uploadPackage(built.path, `kubo+${node.url}`, options)
    expect(again).toEqual({ ...first, bytes_sent: 0, bytes_skipped: first.bytes_sent })
    expect(node.received).toBe(received)
  })

  it('goes on where the connection was cut, and never calls a lost or changed block there', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 20_000_000)
    const node = await kubo()
    const options = { stateDirectory: join(folder, 'state') }
    node.importsLeft = 1
    const cut = uploadPackage(built.path, `kubo+${node.url}`, options)
    await expect(cut).rejects.toMatchObject({ code: 'network_failed', kept: expect.stringContaining('run again') })
    expect(node.pinned.size).toBe(0)
    node.importsLeft = Infinity
    const resumed = await uploadPackage(built.path, `kubo+${node.url}`, options)
    expect(resumed.bytes_skipped).toBeGreaterThan(15_000_000)
    expect(resumed.verified).toBe(true)
    const [key, bytes] = [...node.blocks][0]
    node.blocks.set(
      key,
      bytes.map((byte) => byte ^ 1),
    )
    const changed = uploadPackage(built.path, `kubo+${node.url}`, options)
    await expect(changed).rejects.toMatchObject({
      code: 'network_failed',
      message: expect.stringContaining('something else'),
    })
  })

  it('says so when it is no node', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 1000)
    const nowhere = uploadPackage(built.path, 'kubo+http://127.0.0.1:1', { stateDirectory: folder })
    await expect(nowhere).rejects.toMatchObject({
      code: 'network_failed',
      message: expect.stringContaining('cannot be reached'),
    })
  })
})

describe('uploading to a pinning service', () => {
  it('brings the package to a node, has it pinned, and reads it back from a gateway', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 100_000)
    const node = await kubo()
    const service = await pinning(node)
    const headers = { Authorization: `Bearer ${service.token}` }
    const options = { stateDirectory: join(folder, 'state'), headers }
    const target = `pin+${service.url}?via=${node.url}&gateway=${service.gateway}`
    const first = await uploadPackage(built.path, target, options)
    expect(first).toMatchObject({ target: 'pinning', location: `ipfs://${built.root_cid}`, verified: true })
    expect(service.pins).toMatchObject([{ status: 'pinned', pin: { cid: built.root_cid, name: 'Kitchen-take-1' } }])
    expect(await uploadPackage(built.path, target, options)).toMatchObject({ bytes_sent: 0, verified: true })
    expect(service.pins.length).toBe(1)
    service.hideOne = true
    await expect(uploadPackage(built.path, target, options)).rejects.toMatchObject({ code: 'network_failed' })
  })

  it('without a gateway it is pinned, not verified; without a node that has it, it fails with the reason', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 1000)
    const node = await kubo()
    const service = await pinning(node)
    const headers = { Authorization: `Bearer ${service.token}` }
    const options = { stateDirectory: join(folder, 'state'), headers }
    await expect(uploadPackage(built.path, `pin+${service.url}`, options)).rejects.toMatchObject({
      code: 'network_failed',
      message: expect.stringContaining('no provider was found'),
    })
    const pinned = await uploadPackage(built.path, `pin+${service.url}?via=${node.url}`, options)
    expect(pinned).toMatchObject({ verified: false, note: expect.stringContaining('gateway') })
    await expect(uploadPackage(built.path, `pin+${service.url}`, { stateDirectory: folder })).rejects.toMatchObject({
      message: expect.stringContaining('401'),
    })
  })
})

describe('nothing leaves', () => {
  it('to an address that carries a password, or with a header that is none', async () => {
    const folder = await scratchFolder()
    const built = await packageOf(folder, 1000)
    const withPassword = uploadPackage(built.path, 'kubo+http://me:secret@127.0.0.1:5001', { stateDirectory: folder })
    await expect(withPassword).rejects.toMatchObject({ code: 'bad_input' })
    await expect(withPassword).rejects.not.toMatchObject({ message: expect.stringContaining('secret') })
    const withToken = uploadPackage(built.path, 'https://up.example.org/files?Upload-Token=secret', {
      stateDirectory: folder,
    })
    await expect(withToken).rejects.toMatchObject({ code: 'bad_input', kept: 'Nothing was sent.' })
    const { readHeadersFile } = await import('../../electron/engine/publish/upload/headers-file.ts')
    const path = join(folder, 'headers')
    await writeFile(path, '# who I am\nAuthorization: Bearer abc\r\n\nX-Note:  two words \n')
    expect(await readHeadersFile(path)).toEqual({ Authorization: 'Bearer abc', 'X-Note': 'two words' })
    for (const bad of ['secret without a colon', 'Content-Length: 3', 'A: b\u0000c']) {
      await writeFile(path, `Good: yes\n${bad}\n`)
      await expect(readHeadersFile(path)).rejects.toMatchObject({
        code: 'bad_input',
        message: 'Line 2 is no header that may be sent.',
      })
    }
  })
})
