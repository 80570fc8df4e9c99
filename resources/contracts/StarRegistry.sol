// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IStarRegistry} from "./IStarRegistry.sol";

/// @title A public book of attestations: stars of works, and what works contributed to models.
/// @notice An issuer signs off the chain and pays nothing; anybody, as a rule the creator, publishes the signature. Only
/// the issuer revokes, before or after it is published. Who is worth believing is for the reader to decide: the book
/// keeps no list of good issuers, has no owner and no settings.
/// @dev Attestations are in the events; storage holds one word each, whether it stands.
contract StarRegistry is IStarRegistry, EIP712 {
    /// @notice What is known of an attestation.
    enum State {
        Unknown,
        Stands,
        Revoked
    }

    uint16 public constant MOST_MILLI_STARS = 5_000;
    int32 public constant MOST_PARTS_PER_MILLION = 1_000_000;
    /// @notice Longest name of a model or benchmark, in bytes.
    uint256 public constant LONGEST_NAME = 128;

    bytes32 private constant STARS_TYPE =
        keccak256(
            "Stars(address issuer,address collection,uint256 tokenId,uint16 milliStars,uint16 lowMilliStars,uint16 highMilliStars,bytes32 pack,uint64 issuedAt)"
        );
    bytes32 private constant CONTRIBUTION_TYPE =
        keccak256(
            "Contribution(address issuer,address collection,uint256 tokenId,int32 partsPerMillion,string model,string benchmark,bytes32 evidence,uint64 issuedAt)"
        );

    mapping(address issuer => mapping(bytes32 digest => State)) private _states;

    constructor() EIP712("Asterism stars", "1") {}

    /// @notice Whether an attestation stands.
    /// @param issuer Who signed it: the state is the issuer's own, nobody else can touch it.
    /// @param digest The EIP-712 digest that was signed.
    function stateOf(address issuer, bytes32 digest) external view returns (State) {
        return _states[issuer][digest];
    }

    /// @notice Publishes the stars of a work.
    /// @param stars What is attested.
    /// @param signature The issuer's, over the EIP-712 digest; may be empty when the issuer itself calls.
    /// @return digest What names it from now on.
    function attestStars(Stars calldata stars, bytes calldata signature) external returns (bytes32 digest) {
        if (
            stars.highMilliStars > MOST_MILLI_STARS ||
            stars.lowMilliStars > stars.milliStars ||
            stars.milliStars > stars.highMilliStars
        ) revert OutOfBounds();
        digest = digestOf(stars);
        _publish(stars.issuer, digest, signature);
        emit StarsAttested(digest, stars.collection, stars.tokenId, stars);
    }

    /// @notice Publishes what a work contributed to a model's score.
    /// @param contribution What is attested.
    /// @param signature The issuer's, over the EIP-712 digest; may be empty when the issuer itself calls.
    /// @return digest What names it from now on.
    function attestContribution(
        Contribution calldata contribution,
        bytes calldata signature
    ) external returns (bytes32 digest) {
        uint256 model = bytes(contribution.model).length;
        uint256 benchmark = bytes(contribution.benchmark).length;
        if (
            contribution.partsPerMillion > MOST_PARTS_PER_MILLION ||
            contribution.partsPerMillion < -MOST_PARTS_PER_MILLION ||
            model == 0 ||
            model > LONGEST_NAME ||
            benchmark == 0 ||
            benchmark > LONGEST_NAME
        ) revert OutOfBounds();
        digest = digestOf(contribution);
        _publish(contribution.issuer, digest, signature);
        emit ContributionAttested(digest, contribution.collection, contribution.tokenId, contribution);
    }

    /// @notice Takes back what the caller signed, published or not, for ever.
    function revoke(bytes32 digest) external {
        if (_states[msg.sender][digest] == State.Revoked) revert RevokedByIssuer(digest);
        _states[msg.sender][digest] = State.Revoked;
        emit Revoked(digest, msg.sender);
    }

    /// @notice What the issuer of stars signs.
    function digestOf(Stars calldata stars) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        STARS_TYPE,
                        stars.issuer,
                        stars.collection,
                        stars.tokenId,
                        stars.milliStars,
                        stars.lowMilliStars,
                        stars.highMilliStars,
                        stars.pack,
                        stars.issuedAt
                    )
                )
            );
    }

    /// @notice What the issuer of a contribution signs.
    function digestOf(Contribution calldata contribution) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        CONTRIBUTION_TYPE,
                        contribution.issuer,
                        contribution.collection,
                        contribution.tokenId,
                        contribution.partsPerMillion,
                        keccak256(bytes(contribution.model)),
                        keccak256(bytes(contribution.benchmark)),
                        contribution.evidence,
                        contribution.issuedAt
                    )
                )
            );
    }

    function _publish(address issuer, bytes32 digest, bytes calldata signature) private {
        State state = _states[issuer][digest];
        if (state == State.Stands) revert AlreadyPublished(digest);
        if (state == State.Revoked) revert RevokedByIssuer(digest);
        bool itself = signature.length == 0 && msg.sender == issuer;
        if (!itself && !SignatureChecker.isValidSignatureNowCalldata(issuer, digest, signature)) {
            revert NotSignedByIssuer(issuer);
        }
        _states[issuer][digest] = State.Stands;
    }
}
