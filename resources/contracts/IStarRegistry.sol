// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What valuators and labs state about works.
interface IStarRegistry {
    /// @notice The stars of a work, as somebody values it.
    /// @param issuer Who says so, and signs.
    /// @param collection Contract of the work.
    /// @param tokenId Sha-256 of its metadata.json.
    /// @param milliStars Thousandths of a star, 0 to 5,000.
    /// @param lowMilliStars Lower end of the interval that holds the value with 90 percent.
    /// @param highMilliStars Upper end of it.
    /// @param pack Sha-256 of the valuation pack by which it was valued.
    /// @param issuedAt Unix time in seconds.
    struct Stars {
        address issuer;
        address collection;
        uint256 tokenId;
        uint16 milliStars;
        uint16 lowMilliStars;
        uint16 highMilliStars;
        bytes32 pack;
        uint64 issuedAt;
    }

    /// @notice How much a work contributed to a model's score on a benchmark.
    /// @param issuer Who says so, and signs: as a rule the lab that trained the model.
    /// @param partsPerMillion Of the score; 14,090 are 1.409 percent. Negative where the work did harm.
    /// @param model Name and version of the model.
    /// @param benchmark Name and version of the benchmark.
    /// @param evidence Sha-256 of the report that says how it was measured; zero when there is none.
    /// @param issuedAt Unix time in seconds.
    struct Contribution {
        address issuer;
        address collection;
        uint256 tokenId;
        int32 partsPerMillion;
        string model;
        string benchmark;
        bytes32 evidence;
        uint64 issuedAt;
    }

    event StarsAttested(
        bytes32 indexed digest,
        address indexed collection,
        uint256 indexed tokenId,
        Stars stars
    );
    event ContributionAttested(
        bytes32 indexed digest,
        address indexed collection,
        uint256 indexed tokenId,
        Contribution contribution
    );
    event Revoked(bytes32 indexed digest, address indexed issuer);

    error NotSignedByIssuer(address issuer);
    error AlreadyPublished(bytes32 digest);
    error RevokedByIssuer(bytes32 digest);
    error OutOfBounds();
}
