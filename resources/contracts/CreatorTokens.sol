// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

/// @title Tokens that only the owner of the collection mints, each named by the digest of what it stands for.
/// @notice The right to mint is bit 255 of the owner's balance word. A mint has to read and write that word anyway, so
/// the check of the right costs no storage access of its own.
/// @dev `TOKEN_OWNERS_SLOT` and `BALANCES_SLOT` are where OpenZeppelin's ERC721 5.7 keeps `_owners` and `_balances`. The
/// compile script refuses to write artifacts when the compiler's storage layout says otherwise.
abstract contract CreatorTokens is ERC721, Ownable2Step {
    uint256 internal constant TOKEN_OWNERS_SLOT = 2;
    uint256 internal constant BALANCES_SLOT = 3;
    uint256 internal constant MINTER = 1 << 255;

    /// @notice Mints one token to the owner of the collection.
    /// @dev A collection answers this call itself when it can (see AsterismCollection); what gets here is refused, or
    /// is done with OpenZeppelin's own mint.
    /// @param tokenId Sha-256 of metadata.json.
    function mint(uint256 tokenId) external onlyOwner {
        _mint(_msgSender(), tokenId);
    }

    /// @notice Mints several tokens to the owner of the collection: all of them, or none.
    /// @param tokenIds Sha-256 of each metadata.json.
    function mintBatch(uint256[] calldata tokenIds) external {
        address minter = _msgSender();
        uint256 balanceSlot = _balanceSlot(minter);
        uint256 balanceWord;
        assembly ("memory-safe") {
            balanceWord := sload(balanceSlot)
        }
        if (balanceWord & MINTER == 0) revert OwnableUnauthorizedAccount(minter);
        bytes32 transfer = Transfer.selector;
        bool taken;
        assembly ("memory-safe") {
            mstore(0x20, TOKEN_OWNERS_SLOT)
            let end := add(tokenIds.offset, shl(5, tokenIds.length))
            for {
                let at := tokenIds.offset
            } lt(at, end) {
                at := add(at, 0x20)
            } {
                let tokenId := calldataload(at)
                mstore(0x00, tokenId)
                let ownerSlot := keccak256(0x00, 0x40)
                taken := or(taken, iszero(iszero(sload(ownerSlot))))
                sstore(ownerSlot, minter)
                log4(0x00, 0x00, transfer, 0x00, minter, tokenId)
            }
            sstore(balanceSlot, add(balanceWord, tokenIds.length))
        }
        if (taken) revert ERC721InvalidSender(address(0));
    }

    /// @inheritdoc ERC721
    function balanceOf(address owner) public view override returns (uint256) {
        return super.balanceOf(owner) & ~MINTER;
    }

    /// @dev Moves the right to mint together with the ownership.
    function _transferOwnership(address newOwner) internal override(Ownable2Step) {
        address previous = owner();
        if (previous != address(0)) {
            uint256 slot = _balanceSlot(previous);
            assembly ("memory-safe") {
                sstore(slot, and(sload(slot), not(MINTER)))
            }
        }
        super._transferOwnership(newOwner);
        if (newOwner != address(0)) {
            uint256 slot = _balanceSlot(newOwner);
            assembly ("memory-safe") {
                sstore(slot, or(sload(slot), MINTER))
            }
        }
    }

    function _balanceSlot(address account) private pure returns (uint256 slot) {
        assembly ("memory-safe") {
            mstore(0x00, account)
            mstore(0x20, BALANCES_SLOT)
            slot := keccak256(0x00, 0x40)
        }
    }
}
