// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title The clone that a creator owns: a forwarder to AsterismContent that can mint by itself.
/// @notice An EIP-1167 clone pays 2,600 gas to reach the cold code behind it. A mint writes one new word (22,100) and one
/// old word (5,000), logs (1,875) and starts at 21,576: with the forward it cannot cost less than 53,151. So the one
/// call that matters, `mint(uint256)` by the owner of a free id, is answered here, and everything else, refusals
/// included, is forwarded as EIP-1167 does.
/// @dev Shares its storage with CreatorTokens: slot 2 holds the owners of tokens, slot 3 the balances, whose bit 255 is
/// the right to mint. It declares no storage and has no way to change where it forwards to.
contract AsterismCollection {
    address private immutable CONTENT;

    /// @param content The AsterismContent to forward to.
    constructor(address content) {
        CONTENT = content;
    }

    fallback() external payable {
        address content = CONTENT;
        bytes4 mintSelector = bytes4(keccak256("mint(uint256)"));
        bytes32 transfer = keccak256("Transfer(address,address,uint256)");
        // Memory is used from 0x00 on without regard for Solidity, since no Solidity runs after this block.
        assembly {
            if and(eq(calldatasize(), 36), iszero(callvalue())) {
                if eq(shr(224, calldataload(0)), shr(224, mintSelector)) {
                    mstore(0x00, caller())
                    mstore(0x20, 3)
                    let balanceSlot := keccak256(0x00, 0x40)
                    let balanceWord := sload(balanceSlot)
                    if shr(255, balanceWord) {
                        let tokenId := calldataload(4)
                        mstore(0x00, tokenId)
                        mstore(0x20, 2)
                        let ownerSlot := keccak256(0x00, 0x40)
                        if iszero(sload(ownerSlot)) {
                            sstore(ownerSlot, caller())
                            sstore(balanceSlot, add(balanceWord, 1))
                            log4(0x00, 0x00, transfer, 0x00, caller(), tokenId)
                            stop()
                        }
                    }
                }
            }
            calldatacopy(0x00, 0x00, calldatasize())
            let done := delegatecall(gas(), content, 0x00, calldatasize(), 0x00, 0x00)
            returndatacopy(0x00, 0x00, returndatasize())
            if done {
                return(0x00, returndatasize())
            }
            revert(0x00, returndatasize())
        }
    }
}
