import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { ensurePracticeAccount } from '../../electron/engine/chain/practice-account.ts'
import type { SigningDescription } from '../../electron/engine/chain/signer/description.ts'
import { createEngine, type Engine } from '../../electron/engine/engine.ts'
import { findOriginality } from '../../electron/engine/originality/index.ts'
import { OriginalityLibrary } from '../../electron/engine/originality/library.ts'
import { NO_PRINTS, packPrints, PRINTS_VERSION, type AssetPrints } from '../../electron/engine/originality/prints.ts'
import { openSigner } from '../../electron/engine/chain/wallet.ts'
import { signList } from '../../electron/engine/lists/signed-list.ts'
import { loadWantedList } from '../../electron/engine/stars/wanted-file.ts'
import { runJob } from '../../shared/contract/client.ts'
import type { FingerprintContent, SignedList } from '../../shared/contract/lists.ts'
import { missingFor } from '../../shared/lists/match-need.ts'
import { signerInThisProcess } from '../fixtures/chain/signer-here.ts'

const WANTED = {
  title: 'Kitchens, winter',
  until: 4_000_000_000,
  needs: [
    { id: 'any', text: 'Anything at all', budget_wei: '1000', weight: 2, examples: [{ text: 'a kettle' }] },
    { id: 'sound', title: 'An hour of sound', sensors: ['audio'], least_seconds: 3600, licences: ['CC-BY-4.0'] },
  ],
}

let shown: SigningDescription[] = []
let lab: Engine
let creator: Engine
beforeEach(async () => {
  shown = []
  ;[lab, creator] = [await engine(), await engine()]
})

async function engine(): Promise<Engine> {
  const home = mkdtempSync(join(tmpdir(), 'asterism-lists-'))
  await ensurePracticeAccount(home)
  const confirmSigning = (description: SigningDescription) => Promise.resolve(shown.push(description) > 0)
  const made = await createEngine({
    home,
    resumeJobs: false,
    host: { confirmSigning, spawnSigner: signerInThisProcess },
  })
  onTestFinished(async () => {
    await made.close()
    rmSync(home, { recursive: true, force: true })
  })
  return made
}

const homeOf = ({ session }: Engine): string => session.options.home

async function signed(by: Engine, name: string, content: object | null): Promise<string> {
  const [from, out] = [join(homeOf(by), `${name}.json`), join(homeOf(by), `${name}.signed.json`)]
  if (content !== null) writeFileSync(from, JSON.stringify(content))
  await runJob(by.client, 'listSign', {
    kind: content === null ? 'fingerprints' : 'wanted',
    content: content === null ? null : by.grantFile(from),
    network: 'practice',
    account: null,
    out: by.grantFile(out),
  })
  return out
}

const taken = async (path: string) => await creator.client.lists.take({ file: creator.grantFile(path) })

describe('a wanted list', () => {
  it('is shown before it is signed, taken in elsewhere, and held against the open project offline', async () => {
    const path = await signed(lab, 'wanted', WANTED)
    expect(shown[0]!.words.join(' ')).toContain('"Kitchens, winter": what you want and what you would pay')
    const { lists } = await taken(path)
    expect(lists).toMatchObject([
      { kind: 'wanted', title: 'Kitchens, winter', over: false, needs: [{ fits: false }, {}] },
    ])
    await creator.client.projects.openFile({
      file: creator.grantFile(join(homeOf(creator), 'p.asterism')),
      create: true,
    })
    const [list] = (await creator.client.lists.all()).lists
    expect(list!.needs).toMatchObject([
      { id: 'any', fits: true, missing: [], examples: [{ text: 'a kettle' }] },
      { id: 'sound', fits: false, missing: ['no audio', '0 s long, not 3600 s', 'licence not chosen, not CC-BY-4.0'] },
    ])
    // The stars read the same file.
    expect(await loadWantedList(path)).toMatchObject({
      by: list!.issuer,
      needs: [
        { id: 'any', sentences: ['Anything at all', 'a kettle'], weight: 2 },
        { id: 'sound', text: 'An hour of sound', senses: ['sound'], seconds: 3600 },
      ],
    })
    expect((await creator.client.lists.remove({ id: list!.id })).lists).toEqual([])
  })

  it('is refused when it was changed, signed by another, or is no list; what is here stays', async () => {
    const path = await signed(lab, 'wanted', WANTED)
    await taken(path)
    const list = JSON.parse(readFileSync(path, 'utf8')) as SignedList
    const forged: [object, string][] = [
      [
        { ...list, content: { ...list.content, needs: [{ ...WANTED.needs[0], budget_wei: '999999' }] } },
        'changed after',
      ],
      [{ ...list, content: { ...list.content, title: 'Other' } }, 'changed after'],
      [{ ...list, issuer: `0x${'ab'.repeat(20)}` }, 'changed after'],
      [{ ...list, issued_at: list.issued_at + 1 }, 'changed after'],
      [{ ...list, network: 'sepolia' }, 'the number of another'],
      [{ title: 'x' }, 'not a signed list'],
    ]
    for (const [content, reason] of forged) {
      writeFileSync(join(homeOf(creator), 'forged.json'), JSON.stringify(content))
      await expect(taken(join(homeOf(creator), 'forged.json')), reason).rejects.toThrow(reason)
      if (!('format' in content)) continue
      await expect(loadWantedList(join(homeOf(creator), 'forged.json')), reason).rejects.toThrow(reason)
    }
    expect((await creator.client.lists.all()).lists).toHaveLength(1)
  })

  it('gives way to a newer one of its issuer and title, never to an older one', async () => {
    const first = await signed(lab, 'first', WANTED)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    const second = await signed(lab, 'second', { ...WANTED, needs: [WANTED.needs[0]] })
    await taken(first)
    expect((await taken(second)).lists).toMatchObject([{ needs: [{ id: 'any' }] }])
    await expect(taken(first)).rejects.toThrow('newer list')
  })

  it('asks for what training may do at least', () => {
    const need = { id: 'a', title: 'a', note: '', sensors: [], least_seconds: 0, licences: [], budget_wei: '0' }
    const work = { sensors: new Set<string>(), longestSeconds: 1, licence: null, trainingUse: 'constrained' } as const
    expect(missingFor({ ...need, training_use: 'allowed' }, work)).toHaveLength(1)
    expect(missingFor({ ...need, training_use: 'constrained' }, work)).toEqual([])
  })
})

describe('a list of fingerprints', () => {
  const shape = Float32Array.from({ length: 8 }, (_, n) => n)
  const sha256 = 'ab'.repeat(32)
  const tokenId = `0x${'cd'.repeat(32)}`

  function mintedBy(by: Engine, prints: AssetPrints): void {
    const library = new OriginalityLibrary(homeOf(by))
    library.keepPrints(sha256, prints)
    library.register('w', 'Their room', { tokenId, root: 'bafy', supersedes: null }, [{ sha256, title: 'room.ply' }])
    library.markMinted(tokenId)
    library.close()
  }

  /** A list as the lab would sign it, whatever is in it. */
  async function byLab(content: FingerprintContent): Promise<string> {
    const signer = await openSigner({
      home: homeOf(lab),
      networkId: 'practice',
      spawn: signerInThisProcess,
      confirmSigning: () => Promise.resolve(true),
      askPassphrase: () => Promise.reject(new Error('there is no pass phrase')),
    })
    const path = join(homeOf(lab), 'by-lab.json')
    writeFileSync(path, JSON.stringify(await signList('fingerprints', content, 'practice', signer)))
    await signer.close()
    return path
  }

  const looked = () =>
    findOriginality({
      home: homeOf(creator),
      work: 'mine',
      recordings: [{ asset: { id: 'a1', sha256, title: 'mine.ply' }, streams: [], path: null }],
      tools: { ffmpeg: null, ffprobe: null },
      signal: new AbortController().signal,
    })

  it('joins the index of known works under its own origin, and leaves it when it is removed', async () => {
    mintedBy(lab, { ...NO_PRINTS, shape })
    const path = await signed(lab, 'minted', null)
    expect((await looked()).status).toBe('original')
    const [list] = (await taken(path)).lists
    expect(list).toMatchObject({ kind: 'fingerprints', works: 1 })
    expect(await looked()).toMatchObject({
      status: 'seen-before',
      findings: [{ kind: 'exact', workTitle: 'Their room' }],
    })
    const library = new OriginalityLibrary(homeOf(creator))
    // What others say of a recording is not taken for what was seen of it here.
    expect(library.prints(sha256)).toBeNull()
    expect(library.ownMinted()).toEqual([])
    library.close()
    await creator.client.lists.remove({ id: list!.id })
    expect((await looked()).status).toBe('original')
  })

  it('takes in nothing where a print is none, and no work that is one’s own', async () => {
    mintedBy(lab, { ...NO_PRINTS, shape })
    const path = await signed(lab, 'minted', null)
    mintedBy(creator, { ...NO_PRINTS, shape })
    await taken(path)
    const library = new OriginalityLibrary(homeOf(creator))
    expect(library.others('x')).toHaveLength(1)
    library.close()
    const prints = Buffer.from(packPrints({ ...NO_PRINTS, shape }))
    const works = [prints, prints.subarray(0, 10)].map((bytes, n) => ({
      title: `Work ${n}`,
      token_id: `0x${String(n).repeat(64)}`,
      recordings: [{ title: 'a', sha256: String(n).repeat(64), prints: bytes.toString('base64') }],
    }))
    const bad = await byLab({ title: 'Bad', prints_version: PRINTS_VERSION, works })
    await expect(taken(bad)).rejects.toThrow('cannot be read')
    const after = new OriginalityLibrary(homeOf(creator))
    expect(after.others('x')).toHaveLength(1)
    after.close()
  })

  it('is refused with the way out where its prints were taken in another way, also when it lies here from before', async () => {
    const print = Buffer.from(packPrints({ ...NO_PRINTS, shape })).toString('base64')
    const works = [{ title: 'W', token_id: tokenId, recordings: [{ title: 'a', sha256, prints: print }] }]
    const ways: [number | undefined, string, string][] = [
      [undefined, 'older version', 'sign it anew'],
      [PRINTS_VERSION - 1, `version ${PRINTS_VERSION - 1}`, 'sign it anew'],
      [PRINTS_VERSION + 1, `version ${PRINTS_VERSION + 1}`, 'update yours'],
    ]
    for (const [version, message, fix] of ways) {
      const path = await byLab({ title: 'Theirs', ...(version && { prints_version: version }), works })
      await expect(taken(path)).rejects.toMatchObject({
        message: expect.stringContaining(message) as string,
        data: { code: 'unsupported_format', fix: expect.stringContaining(fix) as string },
      })
      const kept = join(homeOf(creator), 'lists', `${'0'.repeat(16)}.json`)
      mkdirSync(dirname(kept), { recursive: true })
      writeFileSync(kept, readFileSync(path))
      expect(await creator.client.lists.all()).toMatchObject({
        lists: [],
        refused: [{ id: '0'.repeat(16), reason: expect.stringContaining(message) as string }],
      })
      expect((await creator.client.lists.remove({ id: '0'.repeat(16) })).refused).toEqual([])
    }
    expect((await looked()).status).toBe('original')
  })
})
