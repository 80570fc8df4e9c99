/**
 * The contracts as they were compiled, and where they are. The factory goes through the CREATE2 deployer that stands at
 * the same address on every network (https://github.com/Arachnid/deterministic-deployment-proxy), so every address
 * follows from the committed bytes alone: nobody has to be asked, and nobody can answer wrongly.
 */
import {
  AbiCoder,
  concat,
  getCreate2Address,
  getCreateAddress,
  Interface,
  keccak256,
  ZeroHash,
  zeroPadValue,
} from 'ethers'
import collectionArtifact from '../../../resources/contracts/artifacts/AsterismCollection.json' with { type: 'json' }
import contentArtifact from '../../../resources/contracts/artifacts/AsterismContent.json' with { type: 'json' }
import factoryArtifact from '../../../resources/contracts/artifacts/AsterismFactory.json' with { type: 'json' }

export const contentInterface = new Interface(contentArtifact.abi)
export const factoryInterface = new Interface(factoryArtifact.abi)

/** The deployer of deployers: takes 32 bytes of salt and creation code. */
export const CREATE2_DEPLOYER = '0x4e59b44847b379578588920cA78FbF26c0B4956C'
export const FACTORY_ADDRESS = getCreate2Address(CREATE2_DEPLOYER, ZeroHash, keccak256(factoryArtifact.bytecode))
/** The code behind all collections; the factory makes it as its first contract. */
export const CONTENT_ADDRESS = getCreateAddress({ from: FACTORY_ADDRESS, nonce: 1 })

/** What to send to CREATE2_DEPLOYER to bring the factory about. */
export const factoryDeploymentData = concat([ZeroHash, factoryArtifact.bytecode])

const COLLECTION_CODE_HASH = keccak256(
  concat([collectionArtifact.bytecode, AbiCoder.defaultAbiCoder().encode(['address'], [CONTENT_ADDRESS])]),
)

/** Where the collection of a creator is, or will be. Checksummed. */
export function collectionAddress(creator: string): string {
  return getCreate2Address(FACTORY_ADDRESS, zeroPadValue(creator, 32), COLLECTION_CODE_HASH)
}

/** Largest royalty the contract takes, in hundredths of a percent. */
export const MAX_ROYALTY_BASIS_POINTS = 1_000
