// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {AsterismCollection} from "./AsterismCollection.sol";
import {AsterismContent} from "./AsterismContent.sol";

/// @title Gives every creator one collection, at an address that anybody can work out beforehand.
/// @notice Deployed through the same CREATE2 deployer on every network, so that it, and every collection, has the same
/// address everywhere. It has no owner and nothing in it can be changed.
contract AsterismFactory {
    /// @notice The code behind all collections.
    address public immutable content;

    /// @notice Whether a contract is a collection that was made here. Its code alone does not tell: whoever writes the
    /// creation code of a contract can fill its storage before that very code stands there.
    mapping(address collection => bool) public isCollection;

    event CollectionCreated(address indexed creator, address collection);

    constructor() {
        content = address(new AsterismContent());
    }

    /// @notice Makes the caller's collection; a second call returns the one that is there and changes nothing.
    /// @param royaltyBasisPoints Share of later sales in hundredths of a percent, at most 1,000.
    /// @return collection Its address, equal to `collectionOf(caller)`.
    function create(uint96 royaltyBasisPoints) external returns (address collection) {
        collection = collectionOf(msg.sender);
        if (collection.code.length > 0) return collection;
        Create2.deploy(0, _salt(msg.sender), _initcode());
        isCollection[collection] = true;
        AsterismContent(collection).initialize(msg.sender, royaltyBasisPoints);
        emit CollectionCreated(msg.sender, collection);
    }

    /// @notice Where the collection of a creator is, or will be.
    function collectionOf(address creator) public view returns (address) {
        return Create2.computeAddress(_salt(creator), keccak256(_initcode()));
    }

    function _salt(address creator) private pure returns (bytes32) {
        return bytes32(uint256(uint160(creator)));
    }

    function _initcode() private view returns (bytes memory) {
        return abi.encodePacked(type(AsterismCollection).creationCode, abi.encode(content));
    }
}
