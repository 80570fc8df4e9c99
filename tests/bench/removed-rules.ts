/**
 * Each rule by which nothing is signed, sent or told that should not be, as the line that keeps it and what stands there
 * once it is gone. The test that is named must fail then; one that passes without the rule is worth nothing.
 */
import { rules, type RemovedRule } from './removed-rule.ts'
import { rulesOfPackages } from './removed-rules-of-packages.ts'

const policy = 'unit/chain/transaction-policy.test.ts'
const session = 'unit/chain/signer-session.test.ts'
const typed = 'unit/chain/typed-data-policy.test.ts'
const signIn = 'unit/chain/sign-in-policy.test.ts'
const spending = 'unit/chain/spending-ledger.test.ts'
const quorum = 'unit/chain/quorum.test.ts'
const networks = 'unit/chain/networks.test.ts'
const signer = 'integration/wallet-signer.test.ts'
const threats = 'integration/threats.test.ts'
const mint = 'integration/chain-mint.test.ts'
const web = 'integration/web-host.test.ts'
const LIES = 'lies about its chain'

export const removedRules: readonly RemovedRule[] = [
  ...rules('engine/chain/signer/transaction-policy.ts', policy, [
    [
      'any chain is signed for',
      'if (!policy) return refuse(',
      'if (!policy) return policyOf(7878787n)!\n  if (!policy) return refuse(',
    ],
    ['the practice key signs everywhere', 'account.practiceOnly && !policy.practice', 'false'],
    ['unwritten words sign on main networks', 'policy.main && account.uncheckedBackup', 'false'],
    ['main networks ask for no typed name', '...(policy.main ? { toBeTyped: policy.title } : {}),', ''],
    ['bytes of any length', 'if (unsigned.length / 2 > LONGEST_TRANSACTION_BYTES)', 'if (false)'],
    ['other kinds of fee', 'if (transaction.type !== 2)', 'if (false)'],
    ['signed ones again', 'if (transaction.isSigned())', 'if (false)'],
    ['access lists', 'if ((transaction.accessList ?? []).length > 0)', 'if (false)'],
    ['bytes that were not read', 'if (canonical !== unsigned)', 'if (false)'],
    ['contracts are created', 'if (to === null) return refuse', 'if (false) return refuse'],
    ['money is sent by an empty call', "if (data === '0x') return refuse", 'if (false) return refuse'],
    ['danger is not named', 'if (danger) return refuse', 'if (false) return refuse'],
    ['a swapped address', 'if (getAddress(to) !== target)', 'if (false)'],
    ['money with any call', 'if (value !== 0n && !call.takesMoney)', 'if (false)'],
    ['data behind the arguments', '|| call.contract.encodeFunctionData(fragment, args) !== data', ''],
    ['any gas limit', 'if (gasLimit > LARGEST_GAS_LIMIT)', 'if (false)'],
    ['any cost', 'if (costWei > policy.perTransactionWei)', 'if (false)'],
    ['the value counts for nothing in the limit', ' + transaction.value\n', '\n'],
    ['fields of the fee are not shown', '    ...feeFields(transaction, costWei),\n  ]', '  ]'],
    ['arguments are not shown', '    ...inputs.flatMap((input, n) => argumentFields(input, args[n])),\n', ''],
    ['the own collection is anybody’s', 'return collectionAddress(account)', 'return collectionAddress(creator)'],
  ]),
  ...rules('engine/chain/signer/without-call.ts', policy, [
    ['money to oneself, or to the deployer', 'if (value !== 0n) return null', ''],
    ['nothing, sent to anybody', "to === account.address && data === '0x'", "data === '0x'"],
    ['bytes, sent to oneself', "to === account.address && data === '0x'", 'to === account.address'],
    ['deployment to anybody', 'if (to !== CREATE2_DEPLOYER) return null', ''],
    [
      'deployment of anything',
      '=> deploymentData(each) === data',
      '=> data.startsWith(deploymentData(each).slice(0, 90))',
    ],
  ]),
  ...rules('engine/chain/signer/allowed-calls.ts', policy, [
    ['approvals are just unknown', "'0x095ea7b3'", "'0x095ea7b4'"],
    ['approvals of everything are just unknown', "'0xa22cb465'", "'0xa22cb466'"],
    ['plain transfers are just unknown', "'0x23b872dd'", "'0x23b872de'"],
    ['giving the collection away is just unknown', "'0xf2fde38b'", "'0xf2fde38c'"],
    ['giving the collection up is just unknown', "'0x715018a6'", "'0x715018a7'"],
    ['transfers of tokens are just unknown', "'0xa9059cbb'", "'0xa9059cbc'"],
    ['permits are just unknown', "'0xd505accf'", "'0xd505acce'"],
  ]),
  ...rules('engine/chain/signer/collection-calls.ts', policy, [
    ['any royalty', 'if (basisPoints > BigInt(MAX_ROYALTY_BASIS_POINTS))', 'if (false)'],
    ['empty and endless batches', 'if (ids.length === 0 || ids.length > MOST_TOKENS_IN_A_BATCH)', 'if (false)'],
    ['a work twice in a batch', 'if (new Set(ids).size !== ids.length)', 'if (false)'],
    ['another’s voucher', 'if (buyer !== ZeroAddress && getAddress(buyer) !== account.address)', 'if (false)'],
    ['a voucher at any price', 'if (price !== valueWei)', 'if (false)'],
    ['the market gets a work without terms', 'if (receiver === MARKET_ADDRESS)', 'if (false)'],
    ['a work to oneself', 'if (receiver === account.address)', 'if (false)'],
    ['terms to anybody', 'if (getAddress(String(to)) !== MARKET_ADDRESS)', 'if (false)'],
    ['terms that cannot be read', ": refuse(say('signing.noTerms'))", ': []'],
    ['works of others are moved', 'if (getAddress(from) !== account)', 'if (false)'],
  ]),
  ...rules('engine/chain/signer/market-calls.ts', policy, [
    ['money is paid out to others', 'if (getAddress(String(to)) !== account.address)', 'if (false)'],
  ]),
  ...rules('engine/chain/signer/stars-calls.ts', policy, [
    ['names hide signs', 'if (!/^[\\p{L}\\p{N}\\p{P}\\p{S} ]{1,128}$/u.test(text))', 'if (false)'],
  ]),
  ...rules('engine/chain/signer/typed-data-policy.ts', typed, [
    ['messages of any domain', ' || domain.name !== allowed.domainName', ''],
    ['messages of any version', ' || domain.version !== DOMAIN_VERSION', ''],
    ['messages for any contract', 'if (domain.verifyingContract !== contract)', 'if (false)'],
    ['fields too many', 'Object.keys(message).length !== names.length || ', ''],
    ['fields too few', ' || names.some((name) => message[name] === undefined)', ''],
    [
      'any chain',
      'const policy = judgeChain(BigInt(domain.chainId), account)',
      'const policy = judgeChain(7878787n, account)',
    ],
    ['packages of another creator', 'String(creator).toLowerCase() !== account.address.toLowerCase()', 'false'],
    ['keys asked for in another’s name', 'String(user).toLowerCase() !== account.address.toLowerCase()', 'false'],
    ['the word of another', 'String(issuer).toLowerCase() !== account.address.toLowerCase()', 'false'],
    ['lists of any kind', 'if (!Object.hasOwn(what, kind))', 'if (false)'],
    ['fields are not shown', '        ...names.map((name) => ({ name, value: String(message[name]) })),\n', ''],
  ]),
  ...rules('engine/chain/signer/sign-in-policy.ts', signIn, [
    ['nonces that are words', 'if (!/^[A-Za-z0-9]{8,128}$/.test(signIn.nonce))', 'if (false)'],
    ['sign-ins of another day', 'if (Math.abs(issued - now) > CLOCK_SKEW_MILLISECONDS)', 'if (false)'],
    ['sign-ins that are over', 'if (expires <= now)', 'if (false)'],
    ['sign-ins for ever', 'if (expires - issued > LONGEST_SESSION_MILLISECONDS)', 'if (false)'],
    ['addresses with a name in them', "|| address.username !== '' || address.password !== ''", ''],
    ['addresses written in another way', ' || address.href !== uri', ''],
    ['another server than is named', 'if (address.host !== domain)', 'if (false)'],
    ['in the open', "if (address.protocol !== 'https:' && ", 'if (false && '],
    [
      'any chain',
      'const policy = judgeChain(BigInt(signIn.chainId), account)',
      'const policy = judgeChain(7878787n, account)',
    ],
  ]),
  ...rules('engine/chain/signer/signer-session.ts', session, [
    ['anybody may ask', '!timingSafeEqual(digestOf(token), this.#tokenDigest)', 'false'],
    ['a second token', 'if (this.#tokenDigest) return\n', ''],
    ['an agreement to something else', 'timingSafeEqual(digestOf(confirmation), digestOf(expected)) && ', ''],
    ['nothing was shown', ' && givenAt !== undefined', ' || true'],
    ['an agreement counts twice', '    this.#confirmations.delete(expected)\n', ''],
    ['an agreement counts for ever', 'if (performance.now() - givenAt > CONFIRMATION_LIFE_MILLISECONDS)', 'if (false)'],
    ['never locks itself', 'this.#idleTimer = setTimeout(() => this.lock(), IDLE_LOCK_MILLISECONDS)', ''],
    [
      'strangers keep it open',
      "        refuse(say('signing.stranger",
      "        this.#touch()\n        refuse(say('signing.stranger",
    ],
    [
      'agreements outlive the lock',
      '    this.#account = null\n    this.#confirmations.clear()\n',
      '    this.#account = null\n',
    ],
    ['the key outlives the lock', '    this.#account?.key.wipe()\n    this.#account = null\n', ''],
    ['the key is not wiped', '    this.#account?.key.wipe()\n    this.#account = null\n', '    this.#account = null\n'],
    [
      'errors of libraries leave',
      "if (!(error instanceof AsterismError)) return { code: 'internal', message: 'The signer failed.' }",
      "if (!(error instanceof AsterismError)) return { code: 'internal', message: String(error) }",
    ],
    ['no limits at signing', '      await ledger.reserve(policy, account.address, digest, costWei)\n', ''],
    [
      'no limits at describing',
      'check: (ledger) => ledger.check(policy, account.address, digest, costWei),',
      'check: () => Promise.resolve(),',
    ],
  ]),
  ...rules('engine/chain/signer/signer-session.ts', 'unit/chain/devices.test.ts', [
    [
      'a signature of another key',
      'if (recoverAddress(what.digest, signature) === address) return signature',
      'if (signature) return signature',
    ],
  ]),
  ...rules('engine/chain/signer/spending-ledger.ts', spending, [
    ['no limit of the day', 'if (spent + wei > policy.perDayWei)', 'if (false)'],
    ['the same bytes count twice', 'if (own.some((entry) => entry.digest === digest)) return false\n', ''],
    [
      'a damaged record is forgotten',
      "if (!parsed.success) return refuse(say('signing.noRecord'), say('signing.fix.moveRecord', { path: this.#path }))",
      'if (!parsed.success) return { format: 1, entries: [] }',
    ],
    ['nothing is written down', 'await writeDurably(', 'if (false) await writeDurably('],
    ['entries of other chains count', 'entry.chain_id === policy.chainId && ', ''],
    ['yesterday is forgotten at once', 'entry.signed_at > since', 'entry.signed_at > this.#now()'],
    [
      'two at once each see the whole limit',
      'const lock = await waitForLock(`${this.#path}.lock`, LOCK_TIMEOUT_MILLISECONDS)',
      'const lock = { release() {} }',
    ],
  ]),
  ...rules('engine/chain/networks.ts', networks, [
    ['nodes are named without agreement', 'if (!(await agree(policy, origins, least)))', 'if (false)'],
    ['nodes of another chain', 'await requireChain(rpcs, least, policy, signal)\n  }\n  const path', '}\n  const path'],
    [
      'an open line to nodes',
      'for (const url of urls) requireSafe(parseRpcUrl(url))',
      'for (const url of urls) parseRpcUrl(url)',
    ],
    ['one node named twice', 'if (new Set(urls).size !== urls.length)', 'if (false)'],
    ['the paths of nodes are told', '?.origin ?? []', '?.href ?? []'],
  ]),
  ...rules('engine/chain/quorum.ts', quorum, [
    ['the first answer counts', 'if (count === quorum) {', 'if (count === 1) {'],
    [
      'the latest of any node',
      'const head = `0x${(await agreedNumber(',
      'const head = `0x${(1n << 40n | await agreedNumber(',
    ],
    ['the highest number of any', '[quorum - 1]!', '[0]!'],
    ['too few numbers', 'if (numbers.length < quorum) throw disagree(method)', ''],
    ['reads are not made at one block', 'if (!namesLatest(method, params)) return', 'if (true) return'],
    [
      'failures agree with each other',
      'return error instanceof RpcRefusal ? `refused ${error.revertData ?? error.message}` : null',
      "return 'failed'",
    ],
  ]),
  ...rules('engine/programs.ts', signer, [
    [
      'the signer inherits the environment',
      "env: chosen(['SystemRoot'], process.env)",
      'env: process.env',
      'planted key',
    ],
  ]),
  ...rules('workers/signer.ts', signer, [
    ['dumps hold memory', 'keepDumpsEmpty()\n', '', 'planted key'],
    [
      'the process outlives the lock',
      'onLocked: () => setImmediate(end)',
      'onLocked: () => undefined',
      'ends when it locks',
    ],
  ]),
  ...rules('engine/chain/durable-file.ts', signer, [['files of all may be read by all', '0o600', '0o644']]),
  ...rules('engine/chain/networks.ts', mint, [
    ['another chain answers', 'if (quantity(chainId) === BigInt(policy.chainId)) continue', 'continue', LIES],
  ]),
  ...rules('engine/chain/token-lookup.ts', mint, [
    ['a receipt of something else', ' || parsed.data.transactionHash !== transactionHash', '', 'shows the receipt'],
  ]),
  ...rules('engine/chain/rpc.ts', mint, [
    ['an answer to another question', 'if (answer.id !== id)', 'if (false)', LIES],
  ]),
  ...rules('engine/chain/deployment.ts', mint, [
    ['other code', 'if (sameCode(code, artifact)) return true', 'return true', LIES],
  ]),
  ...rules('engine/chain/transaction-plan.ts', threats, [
    ['any tip', 'const tip = usual > MOST_TIP ? MOST_TIP : usual', 'const tip = usual', 'the tip that is ever paid'],
  ]),
  ...rules('engine/chain/transaction-plan.ts', mint, [
    ['no want of money', 'if (balance >= needed) return', 'return', LIES],
  ]),
  ...rules('engine/chain/offline-signing.ts', 'unit/chain/mint-journal.test.ts', [
    ['what waits is forgotten', 'if (known && isSigned(known) &&', 'if (false && known && isSigned(known) &&'],
  ]),
  ...rules('engine/chain/journalled-transaction.ts', 'unit/chain/lying-node.test.ts', [
    ['what one block says is told', 'if (!receipt.succeeded) {', 'if (false) {', 'takes back the block'],
  ]),
  ...rules('engine/chain/reported-refusal.ts', 'unit/chain/lying-node.test.ts', [
    ['a refusal beside its own events', 'if (!events.some(', 'if (true || !events.some(', 'refused what it did'],
    ['a refusal for ever', 'if (receipt?.succeeded !== false) return raw', '', 'refused what it did'],
  ]),
  ...rules('engine/chain/journalled-transaction.ts', mint, [
    [
      'the journal comes after',
      'return await put(entry, context)',
      'void put(entry, context)\n  return entry',
      'a mint that is killed',
    ],
    [
      'too low a fee waits for ever',
      'if (baseFeePerGas > (Transaction.from(entry.rawTransaction).maxFeePerGas ?? 0n))',
      'if (false)',
      'has become too low',
    ],
    [
      'a place that never comes is waited for',
      "if (practice && (await nonceOf(network, signer.address, 'pending', signal)) < entry.nonce) return null",
      '',
      'the practice chain',
    ],
    [
      'the signer signs something else',
      'if (transaction.unsignedSerialized !== unsigned || transaction.from !== signer.address)',
      'if (false)',
      'cannot make the signer',
    ],
  ]),
  ...rules('engine/chain/mint.ts', mint, [
    [
      'the token is not looked for',
      'if ((await tokenOwner(network, collection, tokenId, options.signal)) === null) return null',
      'if (collection) return null',
      'finds its own token',
    ],
    [
      'it is not looked whether the token is there',
      'if ((await tokenOwner(network, collection, tokenId, signal)) !== signer.address)',
      'if (false)',
      'shows the receipt',
    ],
  ]),
  ...rules('engine/work/upload.ts', threats, [
    [
      'what lets in is in the log of the job',
      'if (answer.note !== undefined) log(answer.note)',
      'log(JSON.stringify(headers))',
      'stolen',
    ],
  ]),
  ...rules('engine/chain/ledger/works-of-others.ts', threats, [
    ['works of any contract', 'if (isOurs === true) found.set', 'found.set', 'dust'],
  ]),
  ...rules('engine/chain/act.ts', 'integration/chain-commands.test.ts', [
    ['the licence of another work', 'if (metadata && metadata.tokenId !== plan.tokenId)', 'if (false)', 'attested'],
  ]),
  ...rules('engine/work/lease-keys.ts', threats, [
    [
      'the key of a lessee is told',
      "progress(0.7, say('work.askingLessees'))",
      'progress(0.7, (await lesseeKey(home, request.user)).identity)',
      'stolen',
    ],
  ]),
  ...rules('hosts/web/access.ts', web, [
    ['any name of this host (DNS rebinding)', 'request.headers.host === this.#authority', 'true'],
    ['changes from other pages (CSRF)', 'request.headers.origin === this.origin', 'true'],
    ['no cookie is needed', 'return own && sameSecret(own, this.#session)', 'return true'],
    ['a link counts twice', '    this.#ticket = null\n    return', '    return'],
    ['any link lets in', 'if (!this.#ticket || !sameSecret(ticket, this.#ticket)) return null', ''],
  ]),
  ...rules('hosts/web/server.ts', web, [
    [
      'sockets from anywhere',
      'const verdict = [access.checkHost(request), access.checkOrigin(request), access.checkCookie(request)]',
      'const verdict = [access.checkHost(request)]',
    ],
    ['a port to the network', "server.listen(port, '127.0.0.1', resolve)", 'server.listen(port, resolve)'],
  ]),
  ...rules('hosts/web/open-in-browser.ts', web, [
    ['the link stands among the words of the browser', '[pathToFileURL(path).href]', '[link]'],
  ]),
  ...rules('hosts/web/confirm-server.ts', web, [
    ['the button needs no nonce', "sameSecret(each.nonce, typeof nonce === 'string' ? nonce : '')", 'each !== null'],
    ['the button may be pressed from elsewhere', 'if (!origin.ok) return send(origin.status, origin.reason)', ''],
    ['the question is shown to everybody', 'if (!cookie.ok) return send(cookie.status, cookie.reason)', ''],
    ['the cookies of studio and confirmation are one', "new Access('asterism_confirm')", "new Access('asterism')"],
    ['by any name of this host', 'if (!host.ok) return send(host.status, host.reason)', ''],
    ['forms of any length', 'if (bytes > MOST_FORM_BYTES)', 'if (false)'],
    ['a cancelled question stands', "signal.addEventListener('abort', refuse, { once: true })", ''],
  ]),
  ...rules('hosts/question.ts', web, [
    [
      'no name needs to be typed',
      "toBeTyped === undefined || (typeof typed === 'string' && typed.trim() === toBeTyped)",
      'true',
    ],
    ['whatever is pressed agrees', "if (form.get('verdict') !== 'sign') return { agreed: null }", ''],
    [
      'an empty pass phrase opens',
      "if (answers?.['passphrase']) return answers['passphrase']",
      "if (answers !== undefined) return answers?.['passphrase'] ?? ''",
    ],
  ]),
  ...rules('engine/chain/wallet-dialogues.ts', 'integration/wallet-window.test.ts', [
    ['a new pass phrase however weak', 'weaknessOf(passphrase) ?? ', ''],
    ['a new pass phrase typed once', "(passphrase === again ? undefined : 'different')", 'undefined'],
    ['a backup that nobody checked', 'places.includes(n + 1) ?', 'false ?'],
  ]),
  ...rules('hosts/confirm-page.ts', web, [
    ['the confirmation may be framed', "frame-ancestors 'none'", 'frame-ancestors *'],
    ['the confirmation runs scripts', "default-src 'none'", "default-src 'self'"],
  ]),
  ...rules('engine/window/app-handler.ts', web, [
    [
      'files above the window’s folder',
      "if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return null",
      '',
    ],
  ]),
  ...rules('engine/window/upload-handler.ts', web, [['uploads into folders above', "segment !== '..' &&", '']]),
  ...rules('engine/window/window-view.ts', 'contract/engine.test.ts', [
    [
      'errors tell the window where files lie',
      'message: sentenceForWindow(message, path),\n    ...(path === undefined ? {} : { path: withName(path) }),',
      'message,',
      'says of an error',
    ],
  ]),
  ...rulesOfPackages,
  ...rules('engine/lists/list-store.ts', 'unit/lists.test.ts', [
    [
      'fingerprints that were taken in another way',
      "if (list.kind === 'fingerprints') requireOwnPrints(list.content.prints_version)",
      '',
    ],
  ]),
  ...rules('engine/lists/signed-list.ts', 'unit/lists.test.ts', [
    ['a list of anybody', 'if (by !== getAddress(list.issuer)) throw', 'if (false) throw'],
    ['a list of another network', 'if (policyNamed(list.network).chainId !== list.chain_id)', 'if (false)'],
  ]),
]
