/**
 * Each rule of verifying, broken alone: the package was changed in one thing and described anew around it, so that this
 * rule and no digest tells.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { appendFile, cp, mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildPackage } from '../../../electron/engine/publish/package/build.ts'
import { signaturePath } from '../../../electron/engine/publish/package/signature.ts'
import { verifyPackage } from '../../../electron/engine/publish/package/verify.ts'
import { alter, describeAnew, forge, writeManifest } from '../../fixtures/publish/forge.ts'
import { ALIGNMENT_ALTERATIONS } from '../../fixtures/publish/alignment-alterations.ts'
import type { Alignment, Croissant, Metadata, Rights, Sealed } from '../../fixtures/publish/documents.ts'
import { packageInput, scanProject } from '../../fixtures/publish/project.ts'
import { scratchFolder } from '../../fixtures/publish/scratch.ts'

const folder = mkdtempSync(join(tmpdir(), 'publish-rules-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const good = { open: '', sealed: '' }
beforeAll(async () => {
  const input = packageInput(await scanProject(join(folder, 'a')))
  good.open = (await buildPackage(input, join(folder, 'open'))).path
  const sealing = packageInput(await scanProject(join(folder, 'b')), { sealingSecret: new Uint8Array(32).fill(9) })
  good.sealed = (await buildPackage(sealing, join(folder, 'sealed'))).path
})

type Break = (path: string) => Promise<unknown>

/** What is told of a copy that was broken; the rest of the package is as it was. */
async function told(kind: keyof typeof good, change: Break): Promise<string> {
  const path = join(await scratchFolder(), 'work')
  await cp(good[kind], path, { recursive: true })
  await change(path)
  const { ok, failures } = await verifyPackage(path)
  expect(ok).toBe(failures.length === 0)
  return failures.map((failure) => `${failure.path} ${failure.what}`).join('\n')
}

/** A document of a package, changed by what is given. */
const changed =
  <Document>(file: string) =>
  (change: (document: Document) => void): Break =>
  (path) =>
    alter(path, file, change)
const metadata = changed<Metadata>('metadata.json')
const croissant = changed<Croissant>('croissant.json')
const alignment = changed<Alignment>('alignment.json')
const rights = changed<Rights>('rights.json')
const written =
  (file: string, text: string): Break =>
  async (path) => {
    await writeFile(join(path, file), text)
    await describeAnew(path, file)
  }
const removed =
  (file: string): Break =>
  async (path) => {
    await rm(join(path, file))
    await describeAnew(path)
  }
const replaced =
  (file: string, from: string | RegExp, to: string): Break =>
  async (path) => {
    const text = await readFile(join(path, file), 'utf8')
    expect(text).toMatch(from)
    await writeFile(join(path, file), text.replace(from, to))
    await describeAnew(path, file)
  }

describe('alone, and described anew, is named', () => {
  it.each<readonly [what: string, change: Break, named: RegExp]>([
    ['a document that is missing', removed('rights.json'), /^rights\.json is missing$/m],
    ['a text that is missing', removed('transcript.vtt'), /^transcript\.vtt is missing$/m],
    ['a document that is no UTF-8', written('rights.json', '\u{fffd}'), /^rights\.json is not JSON$/m],
    [
      'a document of half a character',
      async (path) => {
        await writeFile(join(path, 'rights.json'), Buffer.from([0x22, 0xff, 0x22]))
        await describeAnew(path)
      },
      /^rights\.json is not UTF-8$/m,
    ],
    [
      'a member that is named twice',
      replaced('rights.json', '"use": "allowed"', '"use": "allowed", "\\u0075se": "allowed"'),
      /^rights\.json names a member twice$/m,
    ],
    [
      'an annotation with a member twice',
      replaced('annotations.jsonl', '"kind":', '"kind":"marker","kind":'),
      /^annotations\.jsonl has a line 1 that names a member twice$/m,
    ],
    ['an annotation of no kind', written('annotations.jsonl', '{"kin":"d"}\n'), /has a line 1 that is not an annot/],
    [
      'stars outside of their interval',
      written('stars.json', '{"stars":4,"low":1,"high":3,"pack":{"id":"a"}}'),
      /^stars\.json is not a pred/m,
    ],
    ['stars of no pack', written('stars.json', '{"stars":2,"low":1,"high":3}'), /^stars\.json is not a prediction/m],
    [
      'a royalty of more than all',
      rights((each) => (each.royalty_basis_points = 10_001)),
      /^rights\.json does not state/m,
    ],
    [
      'one person who consents twice',
      rights(({ consents }) => consents.digests_sha256.push(consents.digests_sha256[0]!)),
      /^rights\.json does not state rights/m,
    ],
    [
      'a file without its entry',
      (path) => writeManifest(path, ({ files }) => files.splice(0, 1)),
      /^alignment\.json is not in the manifest$/m,
    ],
    [
      'an entry twice',
      (path) => writeManifest(path, ({ files }) => files.push(files[0]!)),
      /^alignment\.json is listed twice$/m,
    ],
    [
      'an entry of another kind',
      (path) => writeManifest(path, ({ files }) => void (files[0]!.media_type = 'image/png')),
      /^alignment\.json is listed as of another kind$/m,
    ],
    [
      'an entry of another length',
      (path) => writeManifest(path, ({ files }) => void (files[0]!.bytes += 1)),
      /^alignment\.json has \d+ bytes, not \d+$/m,
    ],
    [
      'an entry of another address',
      (path) => writeManifest(path, ({ files }) => void (files[0]!.cid = files[1]!.cid)),
      /^alignment\.json has another CID than the manifest says$/m,
    ],
    [
      'an entry of no digest',
      (path) => writeManifest(path, ({ files }) => void (files[0]!.sha256 = 'x')),
      /^manifest\.json is malformed at files\.0\.sha256$/m,
    ],
    [
      'a check twice',
      (path) => writeManifest(path, ({ checks }) => checks.push(checks[0]!)),
      /^manifest\.json names a check twice$/m,
    ],
    [
      'a failed check that does not block',
      (path) => writeManifest(path, ({ checks }) => void (checks[0]!.ok = false)),
      /^manifest\.json names other blocking checks/m,
    ],
    [
      'a token without a creator',
      metadata(({ properties }) => delete properties.creator),
      /^metadata\.json is malformed at properties\.creator$/m,
    ],
    [
      'a creator at no address',
      metadata(({ properties }) => (properties.creator = { name: 'Ada', address: 'me' })),
      /^metadata\.json is malformed at properties\.creator\.address$/m,
    ],
    [
      'a token of more than a mebibyte',
      metadata((each) => (each.padding = 'x'.repeat(1 << 20))),
      /^metadata\.json is longer than/m,
    ],
    [
      'a picture from elsewhere',
      metadata((each) => (each.image = 'ipfs://elsewhere')),
      /^metadata\.json names ipfs:\/\/elsewhere, which/m,
    ],
    [
      'a preview from elsewhere',
      metadata((each) => (each.animation_url = 'ipfs://elsewhere')),
      /^metadata\.json names ipfs:\/\/elsewhere, which/m,
    ],
    [
      'a file left out',
      metadata(({ properties }) => properties.files.splice(0, 1)),
      /^metadata\.json does not name media\//m,
    ],
    [
      'a file named twice',
      metadata(({ properties }) => properties.files.push(properties.files[0]!)),
      /^metadata\.json names a file twice$/m,
    ],
    [
      'a file that is not there',
      metadata(({ properties }) => properties.files.push({ ...properties.files[0]!, path: 'media/x' })),
      /^metadata\.json names media\/x, which is not/m,
    ],
    [
      'a file at another address',
      metadata(({ properties: { files } }) => (files[0]!.uri = files[1]!.uri)),
      /^metadata\.json names .* by another content$/m,
    ],
    [
      'a file of another length',
      metadata(({ properties: { files } }) => (files[0]!.bytes += 1)),
      /^metadata\.json names .* by another content$/m,
    ],
    [
      'a file of another kind',
      metadata(({ properties: { files } }) => (files[0]!.type = 'a/b')),
      /^metadata\.json names .* as of another kind$/m,
    ],
    [
      'another licence for a market',
      metadata(({ attributes }) => (attributes.find((each) => each.trait_type === 'Licence')!.value = 'CC0-1.0')),
      /^metadata\.json shows another Licence/m,
    ],
    [
      'another use for a market',
      metadata((each) => (each.attributes = each.attributes.filter(({ value }) => value !== 'allowed'))),
      /^metadata\.json shows another AI training/m,
    ],
    [
      'terms of another meaning',
      croissant((each) => (each['@context']['column'] = 'cr:format')),
      /^croissant\.json @context must give/m,
    ],
    [
      'files that are no list',
      croissant(({ distribution }) => Object.assign(distribution[0]!, { contentUrl: 7 })),
      /^croissant\.json does not list files$/m,
    ],
    [
      'a description that is none',
      croissant((each) => Object.assign(each, { description: 7 })),
      /^croissant\.json is malformed at description$/m,
    ],
    [
      'another description',
      croissant((each) => (each.description = 'Another.')),
      /^croissant\.json names "Another\." as the description/m,
    ],
    [
      'another creator',
      croissant(({ creator }) => (creator.name = 'Eve')),
      /^croissant\.json names "Eve" as the creator/m,
    ],
    [
      'a file that croissant.json invents',
      croissant(({ distribution }) => distribution.push({ ...distribution[0]!, contentUrl: 'x' })),
      /^croissant\.json names x, which is not in/m,
    ],
    [
      'a file that croissant.json leaves out',
      croissant(
        (each) => (each.distribution = each.distribution.filter(({ contentUrl }) => contentUrl !== 'stars.json')),
      ),
      /^croissant\.json does not name stars\.json$/m,
    ],
    [
      'another digest',
      croissant(({ distribution }) => (distribution[0]!.sha256 = distribution[1]!.sha256!)),
      /^croissant\.json names alignment\.json by another/m,
    ],
    [
      'another length',
      croissant(({ distribution }) => (distribution[0]!.contentSize = '1 B')),
      /^croissant\.json names alignment\.json by another/m,
    ],
    [
      'another kind',
      croissant(({ distribution }) => (distribution[0]!.encodingFormat = 'a/b')),
      /^croissant\.json names alignment\.json as of another/m,
    ],
    [
      'a time line of nothing',
      written('timeline.otio', '{"OTIO_SCHEMA":"Timeline.1"}'),
      /^timeline\.otio is not a time line/m,
    ],
    [
      'a time line of strange recordings',
      replaced('timeline.otio', /"target_url": "media/, '"target_url": "elsewhere'),
      /^timeline\.otio names elsewhere.*, which is not in/m,
    ],
    ...ALIGNMENT_ALTERATIONS.map(([what, change, named]) => [what, alignment(change), named] as const),
    [
      'a signature that is none',
      (path) => writeFile(signaturePath(path), '{}'),
      /^work\.signature\.json is no signature of a package$/m,
    ],
    [
      'a signature that is too long',
      (path) => writeFile(signaturePath(path), ' '.repeat(20_000)),
      /^work\.signature\.json is no signature/m,
    ],
    [
      'the archive of another package',
      (path) => cp(`${good.sealed}.car`, `${path}.car`),
      /^work\.car is the archive of another package$/,
    ],
    ['an archive that is none', (path) => writeFile(`${path}.car`, 'none'), /^work\.car is no archive of a package$/],
  ])('%s', async (_what, change, named) => {
    expect(await told('open', change)).toMatch(named)
  })

  it.each<readonly [what: string, change: Break, named: RegExp]>([
    [
      'a recipient that is none',
      (path) => alter<Sealed>(path, 'sealed.json', (each) => void (each.recipient = 'age1x')),
      /^sealed\.json does not say how/m,
    ],
    [
      'a recording that is not there',
      (path) => alter<Sealed>(path, 'sealed.json', ({ files }) => files.push({ ...files[0]!, path: 'media/x.age' })),
      /^media\/x\.age is missing, and sealed\.json names it$/m,
    ],
    [
      'a recording of another length',
      (path) => alter<Sealed>(path, 'sealed.json', ({ files }) => void (files[0]!.bytes += 1)),
      /cannot hold the \d+ bytes it is said to$/m,
    ],
    [
      'a recording that lies open',
      async (path) => {
        await writeFile(join(path, 'media/open.ply'), 'ply')
        await describeAnew(path)
      },
      /^media\/open\.ply is not sealed, as the others are$/m,
    ],
    [
      'a recording that is said to be another',
      (path) => forge(path, 'alignment.json', '"path": "media/room-scan.ply"', '"path": "media/room-scan-3.ply"'),
      /^alignment\.json names media\/room-scan-3\.ply, which/m,
    ],
  ])('of a sealed package %s', async (_what, change, named) => {
    expect(await told('sealed', change)).toMatch(named)
  })
})

it('nothing is named of packages as they are made, nor of what may lie beside them', async () => {
  for (const kind of ['open', 'sealed'] as const) expect(await told(kind, describeAnew)).toBe('')
  expect(await told('open', (path) => mkdir(`${path}.car`))).toBe('')
})

it('a document larger than any is not read', async () => {
  expect(
    await told('open', async (path) => {
      await appendFile(join(path, 'croissant.json'), ' ')
      await truncate(join(path, 'croissant.json'), (64 << 20) + 1)
    }),
  ).toContain('croissant.json is larger than any document of a package')
})
