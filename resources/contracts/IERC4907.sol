// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title ERC-4907: a user of a token beside its owner, until a time.
/// @dev https://eips.ethereum.org/EIPS/eip-4907. Interface id 0xad092b5c.
interface IERC4907 {
    /// @notice A user was set, or taken away when `user` is zero.
    /// @param tokenId Digest of the metadata.
    /// @param user Who may use the token.
    /// @param expires Last second, as a Unix time, in which the user may.
    event UpdateUser(uint256 indexed tokenId, address indexed user, uint64 expires);

    function setUser(uint256 tokenId, address user, uint64 expires) external;

    function userOf(uint256 tokenId) external view returns (address);

    function userExpires(uint256 tokenId) external view returns (uint256);
}
