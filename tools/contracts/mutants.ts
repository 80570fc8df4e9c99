/**
 * Bugs that are planted into the contracts, one at a time: a refund, a check, an access rule left out. Tests that let
 * one of them pass are worth nothing there. Without the optimiser, since only what they do matters.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compileSolidity, contractSources } from './compile.ts'

const FOLDER = fileURLToPath(new URL('../../out/forge/mutants/', import.meta.url))

export interface PlantedBug {
  readonly name: string
  readonly contract: 'AsterismMarket' | 'StarRegistry'
  /** Stands in the source exactly once. */
  readonly line: string
  readonly becomes: string
  /** The suite that must find it. */
  readonly suite: string
}

const planted =
  (contract: PlantedBug['contract'], suite: string) =>
  (name: string, line: string, becomes = ''): PlantedBug => ({ name, contract, line, becomes, suite })
const market = planted('AsterismMarket', 'MarketTest')
const auction = planted('AsterismMarket', 'AuctionTest')
const lease = planted('AsterismMarket', 'LeaseTest')
const solvency = planted('AsterismMarket', 'InvariantTest')
const registry = planted('StarRegistry', 'StarsTest')

/** The contracts without a bug, compiled in the same way: everything must pass on them, or a failure means nothing. */
const UNCHANGED = ['AsterismFactory', 'AsterismMarket', 'StarRegistry'] as const

export const plantedBugs: readonly PlantedBug[] = [
  auction('the outbid get nothing back', 'if (listing.bid > 0) owed[listing.party] += listing.bid;'),
  auction('a withdrawal can be repeated', 'owed[msg.sender] = 0;'),
  market('any token is taken', 'if (!FACTORY.isCollection(msg.sender)) revert NotACollection(msg.sender);'),
  market('anybody takes a work back', 'if (listing.seller != msg.sender) revert NotTheSeller(listing.seller);'),
  auction(
    'an auction with bids is called off',
    'if (listing.kind == Kind.Auction && listing.party != address(0)) revert HasBids(listing.party);',
  ),
  auction(
    'an auction is settled early',
    'if (block.timestamp < listing.endsAt) revert AuctionRunning(listing.endsAt);',
  ),
  auction('bids count after the end', 'if (block.timestamp >= endsAt) revert AuctionOver(endsAt);'),
  auction('late bids do not lengthen', 'listing.endsAt = extended;'),
  auction('an early bid shortens', 'if (endsAt < extended) {', 'if (endsAt != extended) {'),
  market('any price buys', 'if (msg.value != listing.price) revert WrongAmount(listing.price);'),
  solvency('the royalty is kept', 'owed[receiver] += royalty;'),
  market('the royalty is paid on top', 'owed[seller] += price - royalty;', 'owed[seller] += price;'),
  auction('the increment is forgotten', 'last + Math.ceilDiv(last, INCREMENT_DIVISOR)', 'last + 1'),
  lease('rent is not checked', 'if (periods == 0 || msg.value != amount) revert WrongAmount(amount);'),
  lease('rent is earned before its time', '(until - held.startsAt) / held.spanSeconds + 1', 'held.periods'),
  lease('rent is earned twice', 'rental.startsAt = uint40(held.startsAt + begun * held.spanSeconds);'),
  lease('rent not begun is kept', 'owed[held.user] += rest;'),
  lease(
    'what was given back is kept once it is lent again',
    'if (times != rental.givenBack)',
    'if (times != rental.givenBack && IERC4907(collection).userOf(tokenId) != rental.user)',
  ),
  lease('periods begin after it was given back', 'return (false, latest);', 'return (false, block.timestamp);'),
  lease('a lease lasts a second too long', 'uint64(endsAt - 1)', 'uint64(endsAt)'),
  lease(
    'no limit ahead',
    'if (endsAt - block.timestamp > uint256(spanSeconds) * listing.mostPeriods) revert TooFarAhead();',
  ),
  market(
    'a work meant for one is sold to all',
    'if (listing.party != address(0) && listing.party != msg.sender) revert ForAnother(listing.party);',
  ),
  registry('anybody attests', 'revert NotSignedByIssuer(issuer);'),
  registry('an empty signature is enough', 'signature.length == 0 && msg.sender == issuer', 'signature.length == 0'),
  registry('what was revoked comes back', 'if (state == State.Revoked) revert RevokedByIssuer(digest);'),
  registry('an attestation is published twice', 'if (state == State.Stands) revert AlreadyPublished(digest);'),
  registry(
    'anybody revokes',
    '_states[msg.sender][digest] = State.Revoked;',
    '_states[tx.origin][digest] = State.Revoked;',
  ),
  registry('the benchmark is not signed', 'keccak256(bytes(contribution.benchmark)),', 'bytes32(0),'),
]

export interface Mutants {
  /** Artifact by contract. The market asks the factory, so that has to come from here too. */
  readonly unchanged: ReadonlyMap<string, string>
  /** Artifact by name of the bug. */
  readonly mutants: ReadonlyMap<string, string>
}

/** Compiles all of them in one run. */
export function writeMutants(): Mutants {
  const originals = contractSources()
  const sources: Record<string, string> = { ...originals }
  plantedBugs.forEach(({ name, contract, line, becomes }, n) => {
    const source = originals[`${contract}.sol`]!
    if (source.split(line).length !== 2) throw new Error(`"${name}": its line does not stand there exactly once`)
    sources[fileOf(n)] = source.replace(line, () => becomes)
  })
  const settings = {
    optimizer: { enabled: false },
    viaIR: false,
    evmVersion: 'cancun',
    outputSelection: Object.fromEntries(
      [
        ...plantedBugs.map(({ contract }, n) => [fileOf(n), contract]),
        ...UNCHANGED.map((name) => [`${name}.sol`, name]),
      ].map(([file, contract]) => [file, { [contract!]: ['abi', 'evm.bytecode.object'] }]),
    ),
  }
  // A check left out leaves variables that nobody uses.
  const { contracts } = compileSolidity(sources, settings, ['info', 'warning'])
  mkdirSync(FOLDER, { recursive: true })
  const write = (file: string, contract: string): string => {
    const path = join(FOLDER, `${file}.json`)
    const { abi, evm } = contracts[file]![contract]!
    writeFileSync(path, JSON.stringify({ abi, bytecode: `0x${evm.bytecode.object}` }))
    return path
  }
  return {
    unchanged: new Map(UNCHANGED.map((name) => [name, write(`${name}.sol`, name)])),
    mutants: new Map(plantedBugs.map(({ name, contract }, n) => [name, write(fileOf(n), contract)])),
  }
}

const fileOf = (n: number): string => `mutant-${n}.sol`
