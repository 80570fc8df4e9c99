/**
 * The compiled contracts and their addresses. The factory is deployed by the CREATE2 deployer that is at the same
 * address on every network (https://github.com/Arachnid/deterministic-deployment-proxy), so every address
 * follows from the committed bytes alone: nobody has to be asked, and nobody can answer wrongly.
 */
import {
  AbiCoder,
  concat,
  getAddress,
  getCreate2Address,
  getCreateAddress,
  Interface,
  keccak256,
  ZeroAddress,
  ZeroHash,
  zeroPadValue,
} from 'ethers'
import collectionArtifact from '../../../resources/contracts/artifacts/AsterismCollection.json' with { type: 'json' }
import contentArtifact from '../../../resources/contracts/artifacts/AsterismContent.json' with { type: 'json' }
import factoryArtifact from '../../../resources/contracts/artifacts/AsterismFactory.json' with { type: 'json' }
import marketArtifact from '../../../resources/contracts/artifacts/AsterismMarket.json' with { type: 'json' }
import starsArtifact from '../../../resources/contracts/artifacts/StarRegistry.json' with { type: 'json' }

export const contentInterface = new Interface(contentArtifact.abi)
export const factoryInterface = new Interface(factoryArtifact.abi)
export const marketInterface = new Interface(marketArtifact.abi)
export const starsInterface = new Interface(starsArtifact.abi)

/** The deployer of deployers: takes 32 bytes of salt and creation code. */
export const CREATE2_DEPLOYER = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
const create2 = (initcode: string): string => getCreate2Address(CREATE2_DEPLOYER, ZeroHash, keccak256(initcode))
const withAddress = (bytecode: string, address: string): string =>
  concat([bytecode, AbiCoder.defaultAbiCoder().encode(['address'], [address])])

export const FACTORY_ADDRESS = create2(factoryArtifact.bytecode)
/** The code behind all collections; the factory creates it as its first contract. */
export const CONTENT_ADDRESS = getCreateAddress({ from: FACTORY_ADDRESS, nonce: 1 })
const marketInitcode = withAddress(marketArtifact.bytecode, FACTORY_ADDRESS)
export const MARKET_ADDRESS = create2(marketInitcode)
export const STARS_ADDRESS = create2(starsArtifact.bytecode)

/** A contract to send to CREATE2_DEPLOYER, and the code that must then be on the chain. */
export interface Deployable {
  readonly name: string
  readonly address: string
  readonly initcode: string
  readonly artifact: {
    readonly deployedBytecode: string
    readonly immutableRanges: readonly { readonly start: number; readonly length: number }[]
  }
}

/** In the order in which they are deployed. */
export const deployables: readonly Deployable[] = [
  {
    name: 'AsterismFactory',
    address: FACTORY_ADDRESS,
    initcode: factoryArtifact.bytecode,
    artifact: factoryArtifact,
  },
  { name: 'AsterismMarket', address: MARKET_ADDRESS, initcode: marketInitcode, artifact: marketArtifact },
  { name: 'StarRegistry', address: STARS_ADDRESS, initcode: starsArtifact.bytecode, artifact: starsArtifact },
]
export const contentArtifactCode: Deployable['artifact'] = contentArtifact

/** The data to send to CREATE2_DEPLOYER to create a contract. */
export const deploymentData = ({ initcode }: Deployable): string => concat([ZeroHash, initcode])

const COLLECTION_CODE_HASH = keccak256(withAddress(collectionArtifact.bytecode, CONTENT_ADDRESS))

/** Where the collection of a creator is, or will be. Checksummed. */
export function collectionAddress(creator: string): string {
  return getCreate2Address(FACTORY_ADDRESS, zeroPadValue(creator, 32), COLLECTION_CODE_HASH)
}

/** Largest royalty the contract takes, in hundredths of a percent. */
export const MAX_ROYALTY_BASIS_POINTS = 1_000
/** Accounts that would be credited at the market and could never withdraw. */
export const takesNoRoyalty = (receiver: string): boolean =>
  [ZeroAddress, FACTORY_ADDRESS, CONTENT_ADDRESS, MARKET_ADDRESS, STARS_ADDRESS].includes(getAddress(receiver))
/** Royalty of a collection that is created without one being chosen. */
export const DEFAULT_ROYALTY_BASIS_POINTS = 500
