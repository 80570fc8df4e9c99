/** Each rule by which a package that was changed is noticed, as the line that keeps it. */
import { rules, type RemovedRule } from './removed-rule.ts'

const SEALED = 'is sealed'
const alone = 'unit/publish/verify-rules.test.ts'

export const rulesOfPackages: readonly RemovedRule[] = [
  ...rules('engine/publish/package/verify.ts', 'unit/publish/package.test.ts', [
    [
      'odd entries are passed over',
      'for (const { path: odd, what } of source.faults) verification.fail(odd, what)',
      '',
      'tampering',
    ],
    [
      'documents written in another way',
      "if (canonicalJson(data) !== bytes.toString('utf8'))",
      'if (false)',
      'tampering',
    ],
    ['half a character', "      this.fail(path, 'holds a text with half a character')\n", '', 'tampering'],
    [
      'a file that is listed and not there',
      "if (file === undefined) this.fail(entry.path, 'is missing')\n      else if (entry",
      'if (file === undefined) continue\n      else if (entry',
      'tampering',
    ],
    ['an entry of another digest', 'else if (file.sha256 !== entry.sha256)', 'else if (false)', 'tampering'],
  ]),
  ...rules('engine/publish/package/verify.ts', alone, [
    ['a missing document', "      this.fail(path, 'is missing')\n      return undefined", '      return undefined'],
    ['a document larger than any', 'if (this.measured.get(path)!.bytes > LARGEST_DOCUMENT_BYTES)', 'if (false)'],
    ['a document that is none', '    this.fail(path, parsed.fault)\n', ''],
    ['a document of another form', 'if (data !== undefined && !schema.safeParse(data).success)', 'if (false)'],
    ['a text of another form', 'if (what !== null) this.fail(path, what)', ''],
    ['a missing text', "await fault(this.#source, path) : 'is missing'", 'await fault(this.#source, path) : null'],
    [
      'a manifest of another form',
      "      this.fail(MANIFEST_NAME, `is malformed at ${parsed.error.issues[0].path.join('.') || 'its top'}`)\n",
      '',
    ],
    ['an entry twice', 'if (listed.has(entry.path)) this.fail', 'if (false) this.fail'],
    ['an entry of another kind', 'else if (entry.media_type !== mediaTypeOf(entry.path))', 'else if (false)'],
    ['an entry of another length', 'else if (file.bytes !== entry.bytes)', 'else if (false)'],
    ['an entry of another address', 'else if (file.address.cid.toString() !== entry.cid)', 'else if (false)'],
    ['a file that is not listed', 'if (!listed.has(path)) this.fail(path', 'if (false) this.fail(path'],
    ['a check twice', 'if (new Set(checks).size !== checks.length)', 'if (false)'],
    ['failed checks that do not block', 'if (blocking.join() !== manifest.blocking.join())', 'if (false)'],
    [
      'a token of another form',
      "      this.fail(path, `is malformed at ${parsed.error.issues[0].path.join('.') || 'its top'}`)\n      return tokenIdOf",
      '      return tokenIdOf',
    ],
    ['a token of any length', 'if (bytes.length > MAX_METADATA_BYTES)', 'if (false)'],
    ['a picture from elsewhere', 'if (uri !== undefined && !known.has(uri))', 'if (false)'],
    ['a preview from elsewhere', 'of [parsed.data.image, parsed.data.animation_url]', 'of [parsed.data.image]'],
    [
      'files that the token leaves out',
      'for (const fault of unlinked(this.measured.keys(), links)) this.fail(path, fault)',
      '',
    ],
    [
      'a link that leads nowhere',
      'if (place === null) this.fail(path, `names ${link.path}, which is not in the package`)',
      'if (place === null) continue',
    ],
    ['a link to another content', 'link.uri !== `ipfs://${place.cid}` || ', ''],
    ['a link of another length', ' || link.bytes !== place.bytes', ''],
    [
      'a link of another kind',
      "else if (link.type !== (place.isFolder ? 'inode/directory' : mediaTypeOf(link.path)))",
      'else if (false)',
    ],
    ['any croissant', 'for (const fault of croissantFaults(data)) this.fail(path, fault)', ''],
    [
      'a croissant without what others are held against',
      '    if (!parsed.success) return this.fail(path,',
      '    if (!parsed.success) return void (path,',
    ],
    ['the archive of another package', 'if ((await rootOfArchive(archive)) !== rootCid)', 'if (false)'],
    ['an archive that is none', "      this.fail(basename(archive), 'is no archive of a package')\n", ''],
    [
      'alignment that leads nowhere',
      'for (const fault of misplaced(alignment.data, sha256Of)) this.fail(ALIGNMENT_NAME, fault)',
      '',
    ],
    [
      'an edit of nothing',
      'for (const fault of timelineFaults(timeline, isThere)) this.fail(TIMELINE_NAME, fault)',
      '',
    ],
    ['a seal that does not hold', '    this.failures.push(...failures)\n    return answer', '    return answer'],
    [
      'a signature that does not hold',
      'if (signed.what !== null) verification.fail(basename(signaturePath(path)), signed.what)',
      '',
    ],
  ]),
  ...rules('engine/publish/package/verify.ts', 'unit/publish/flipped.test.ts', [
    [
      'a manifest of another digest',
      'if (parsed.data.own_sha256 !== ownDigest(parsed.data))',
      'if (false)',
      'anywhere in a package',
    ],
  ]),
  ...rules('engine/publish/package/croissant-files.ts', alone, [
    ['a list that is none', "return ['does not list files']", 'return []'],
    [
      'a file that is not there',
      'if (file === undefined) faults.push(`names ${contentUrl}, which is not in the package`)',
      'if (file === undefined) continue',
    ],
    ['another digest', 'file.sha256 !== sha256 || ', ''],
    ['another length', ' || (contentSize !== undefined && contentSize !== `${file.bytes} B`)', ''],
    ['another kind', 'else if (encodingFormat !== mediaTypeOf(path))', 'else if (false)'],
    ['a file left out', 'if (!isListed) faults.push', 'if (false) faults.push'],
  ]),
  ...rules('engine/publish/formats/croissant-rules.ts', alone, [
    [
      'terms of another meaning',
      '} else if (Object.entries(CROISSANT_CONTEXT).some(([term, meaning]) => !isDeepStrictEqual(context[term], meaning))) {',
      '} else if (isDeepStrictEqual(CROISSANT_CONTEXT, 1)) {',
    ],
  ]),
  ...rules('engine/publish/package/timeline-form.ts', alone, [
    ['recordings from elsewhere', '.filter((url) => !isThere(decoded(url)))', '.filter(() => false)'],
  ]),
  ...rules('engine/publish/package/alignment-form.ts', alone, [
    ['one id twice', 'if (there.size !== all.length)', 'if (false)'],
    ['a recording that is not there', 'if (strange !== undefined)', 'if (false)'],
    ['another recording', 'else if (there !== sha256)', 'else if (false)'],
    ['a clock of nothing', '...[...time.clocks, ...space.transforms,', '...[...space.transforms,'],
    ['a place of nothing', '...[...time.clocks, ...space.transforms,', '...[...time.clocks,'],
    ['a world of nothing', '    space.world_asset,\n', ''],
    [
      'a clock twice',
      "known('a clock', time.clocks, [",
      "known('a clock', [...new Map(time.clocks.map((each) => [each.id, each])).values()], [",
    ],
    ['a stream on no clock', '    ...streams.map((stream) => stream.clock),\n', ''],
    ['time from no clock', '    time.reference_clock,\n', ''],
    ['a place without its evidence', 'space.transforms.flatMap(({ evidence }) => evidence)', '[]'],
    ['a stream twice', "  known('a stream', streams)\n", ''],
    ['time without its evidence', 'time.clocks.flatMap(({ map }) => map?.evidence ?? [])', '[]'],
    ['evidence of no clock', '    ...time.evidence.flatMap((each) => [each.clock_a, each.clock_b]),\n', ''],
    ['evidence of no recording', '    ...space.evidence.flatMap(({ target, source }) => [target, source]),\n', ''],
  ]),
  ...rules('engine/publish/package/document-forms.ts', alone, [
    ['stars outside of their interval', '.refine(({ stars, low, high }) => low <= stars && stars <= high)', ''],
    ['one consent twice', '.refine((digests) => new Set(digests).size === digests.length)', ''],
    ['a royalty of more than all', '.int().min(0).max(10_000)', ''],
    [
      'a line that is no annotation',
      'if (!z.looseObject({ kind: z.string() }).safeParse(parsed.value).success)',
      'if (false)',
    ],
    [
      'a line that is no JSON',
      "if ('fault' in parsed) return `has a line ${number} that ${parsed.fault}`",
      "if ('fault' in parsed) continue",
    ],
  ]),
  ...rules('engine/publish/package/measured-files.ts', alone, [
    ['a file named twice', "named.size === links.length ? [] : ['names a file twice']", '[]'],
  ]),
  ...rules('engine/publish/package/read-document.ts', alone, [
    ['a member twice', "if (names?.has(name)) return 'names a member twice'", ''],
    ['what is no text', "if (!isUtf8(text)) return { fault: 'is not UTF-8' }", ''],
  ]),
  ...rules('engine/publish/package/read-document.ts', 'unit/publish/package.test.ts', [
    ['any depth', "> MOST_DEPTH) return 'is nested without end'", '> MOST_DEPTH) isName = false', 'tampering'],
  ]),
  ...rules('engine/publish/package/agreement.ts', 'unit/publish/forged.test.ts', [
    ['another licence', "compare(RIGHTS_NAME, 'the licence', granted?.spdx ?? null, licence)", ''],
    ['another creator', "compare(RIGHTS_NAME, 'the creator', maker.name, creator.name)", ''],
    ['another account', "compare(RIGHTS_NAME, 'the creator’s account', maker.address, creator.address)", ''],
    ['other uses', 'compare(RIGHTS_NAME, `what ${purpose} may`, entry.use, use)', ';'],
    ['another licence for loaders', 'croissant.data.license !== granted.url', 'false'],
    ['what was not declared', 'found.push(...undeclared(rights.data, documents.manifest))', ''],
    ['another title', "compare(CROISSANT_NAME, 'the title', croissant.data.name, metadata.data.name)", ''],
    ['another key', "compare(SEALED_NAME, 'the key of the recordings', recipient, sealed?.recipient ?? null)", ''],
  ]),
  ...rules('engine/publish/package/agreement.ts', alone, [
    [
      'another description',
      "compare(CROISSANT_NAME, 'the description', croissant.data.description, metadata.data.description)",
      '',
    ],
    [
      'another creator for loaders',
      "compare(CROISSANT_NAME, 'the creator', croissant.data.creator.name, creator.name || CREATOR_NOT_NAMED)",
      '',
    ],
    ['another licence for markets', 'if (shown.get(trait) === value) continue', 'continue'],
  ]),
  ...rules('engine/publish/sealed/check.ts', alone, [
    ['any recipient', ' || !isRecipient(parsed.data.recipient)', ''],
    ['recordings that lie open', "if (path.startsWith('media/') && !listed.has(path))", 'if (false)'],
    [
      'a sealed recording that is not there',
      'if (there === null) failures.push',
      'if (there === null) continue\n    else if (false) failures.push',
    ],
    ['a sealed recording of another length', 'else if (there !== sealedBytes(bytes))', 'else if (false)'],
  ]),
  ...rules('engine/publish/sealed/check.ts', 'unit/publish/sealed.test.ts', [
    [
      'bytes that nobody sealed',
      'else if (!isSealed(await startOf(path, HEADER_BYTES)))',
      'else if (false)',
      'says which',
    ],
  ]),
  ...rules('engine/publish/package/signature.ts', alone, [
    [
      'a signature of any form',
      "if (!parsed.success) return wrong('is no signature of a package')\n",
      'if (!parsed.success) return { signer: null, what: null }\n',
    ],
  ]),
  ...rules('engine/named-file.ts', alone, [
    ['what lies beside a package, of any length', "if (bytes > mostBytes) return 'too long'\n", ''],
  ]),
  ...rules('engine/named-file.ts', 'unit/publish/signature.test.ts', [
    ['what lies beside a package and is no file', "if (!(await file.stat()).isFile()) return 'no file'\n", ''],
  ]),
  ...rules('engine/publish/package/signature.ts', 'unit/publish/signature.test.ts', [
    ['a signature written in another way', "if (text !== signatureBytes(asWritten).toString('utf8'))", 'if (false)'],
  ]),
  ...rules('engine/publish/content/indexed-car.ts', 'unit/publish/content.test.ts', [
    [
      'a block that is not what its address says',
      "if (!createHash('sha256').update(block).digest().equals(cid.multihash.digest))",
      'if (false)',
      'any change',
    ],
    ['an archive that is cut short', 'if (section.length < length) throw', 'if (false) throw', 'any change'],
  ]),
  ...rules('engine/publish/content/car-walk.ts', 'unit/publish/content.test.ts', [
    ['names that lead out', 'else if (!isFileName(name)) throw', 'else if (false) throw', 'refuses'],
    [
      'files without end',
      'if (this.#entries > SHARED_ENTRIES + MOST_REPEATS * this.#car.blocks.size)',
      'if (false)',
      'refuses',
    ],
    ['bytes without end', 'unfolded.bytes > SHARED_BYTES + MOST_REPEATS * this.#archiveBytes ||', '', 'refuses'],
    [
      'pieces without end',
      'unfolded.pieces > SHARED_PIECES + MOST_REPEATS * this.#car.blocks.size',
      'false',
      'refuses',
    ],
  ]),
  ...rules('engine/publish/package/signature.ts', 'unit/publish/signature.test.ts', [
    [
      'the signature of another package',
      'if (signed.manifest_sha256 !== digests.manifest || signed.metadata_sha256 !== digests.metadata)',
      'if (false)',
    ],
    ['the signature of another account', 'if (signer.toLowerCase() !== signed.creator.toLowerCase())', 'if (false)'],
  ]),
  ...rules('engine/publish/package/signature.ts', 'unit/publish/forged.test.ts', [
    ['the signature of another than the creator', 'if (digests.creator !== null && ', 'if (false && '],
  ]),
  ...rules('engine/publish/package/verify.ts', 'unit/publish/forged.test.ts', [
    ['a file with holes is hashed for days', '    await verification.refuseExcess()\n', ''],
    ['documents that contradict each other', '    this.failures.push(...disagreements(this.#spoken))\n', ''],
  ]),
  ...rules('engine/publish/provenance/credentials.ts', 'integration/credentials.test.ts', [
    ['credentials that grant other uses', 'if (uses !== undefined && ', 'if (false && '],
    ['credentials of another package', 'if (manifestSha256 !== null && ', 'if (false && '],
  ]),
  ...rules('engine/chain/ledger/event-index.ts', 'unit/chain/event-index.test.ts', [
    [
      'blocks without end',
      'if (head <= (mostBlocks(policy) ?? BigInt(Number.MAX_SAFE_INTEGER))) return head',
      'return head',
    ],
    ['blocks that were made up', 'if (checkpoints.length > 0) store.rollBack(scope, null)', ''],
    ['one node is taken for another', "policy.practice ? ''", "true ? ''"],
  ]),
  ...rules('engine/chain/ledger/first-block.ts', 'integration/chain-ledger-start.test.ts', [
    ['a recorded start that is not looked at', 'if (isFirst !== false) {', 'if (true) {'],
    ['a node that says nothing was where it has forgotten', '=== false ? null : block', '=== false ? block : block'],
  ]),
  ...rules('engine/chain/ledger/report.ts', 'unit/chain/lying-node.test.ts', [
    ['words that are no text', '    log?.args.toArray(true)\n', '', 'words are no text'],
  ]),
  ...rules('engine/work/lease-keys.ts', 'integration/chain-commands.test.ts', [
    ['a lease in whichever collection', '    await requireOwnCollection(home, creator, request)\n', '', SEALED],
  ]),
  ...rules('engine/chain/key-request.ts', 'integration/chain-commands.test.ts', [
    ['a key for whoever asks', 'if (lease?.user === getAddress(request.user)) return', 'if (lease) return', SEALED],
    [
      'a key without a lease',
      'if (lease?.user === getAddress(request.user)) return',
      'if (!lease) return 0\n  if (lease.user === getAddress(request.user)) return',
      SEALED,
    ],
    ['a request in another’s name', 'if (by !== getAddress(request.user)) throw', 'if (false) throw', SEALED],
  ]),
]
