// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {IStarRegistry} from "contracts/IStarRegistry.sol";

/// @dev A lab that is a contract and signs by saying so (ERC-1271).
contract ContractLab {
    bytes32 public agreed;

    function agree(bytes32 digest) external {
        agreed = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == agreed ? this.isValidSignature.selector : bytes4(0);
    }
}

contract StarsTest is Base {
    function suite() internal pure override returns (string memory) {
        return "StarsTest";
    }

    uint256 private constant LAB_KEY = 0x1AB1AB;
    uint8 private constant STANDS = 1;
    uint8 private constant REVOKED = 2;

    function stars() private view returns (IStarRegistry.Stars memory) {
        address issuer = vm.addr(LAB_KEY);
        return IStarRegistry.Stars(issuer, address(collection), 1, 3_200, 2_900, 3_500, bytes32(uint256(7)), 1_800_000_000);
    }

    function contribution() private view returns (IStarRegistry.Contribution memory) {
        address issuer = vm.addr(LAB_KEY);
        return
            IStarRegistry.Contribution(
                issuer,
                address(collection),
                1,
                14_090,
                "walker-7b",
                "rooms-2026",
                bytes32(0),
                1_800_000_000
            );
    }

    function test_stars_are_published_by_anybody_with_the_signature_of_the_issuer() public {
        IStarRegistry.Stars memory s = stars();
        bytes32 digest = registry.digestOf(s);
        same(registry.stateOf(s.issuer, digest), 0, "before");
        bytes memory signature = signed(LAB_KEY, digest);
        vm.expectEmit();
        emit IStarRegistry.StarsAttested(digest, address(collection), 1, s);
        vm.prank(creator);
        registry.attestStars(s, signature);
        same(registry.stateOf(s.issuer, digest), STANDS, "after");
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.AlreadyPublished.selector, digest));
        registry.attestStars(s, signature);
    }

    function test_contributions_are_published_in_parts_per_million() public {
        IStarRegistry.Contribution memory c = contribution();
        bytes32 digest = registry.digestOf(c);
        bytes memory signature = signed(LAB_KEY, digest);
        vm.expectEmit();
        emit IStarRegistry.ContributionAttested(digest, address(collection), 1, c);
        registry.attestContribution(c, signature);
        same(registry.stateOf(c.issuer, digest), STANDS, "after");
    }

    function test_the_digest_is_the_one_of_the_standard() public view {
        IStarRegistry.Contribution memory c = contribution();
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Asterism stars"),
                keccak256("1"),
                block.chainid,
                address(registry)
            )
        );
        bytes32 message = keccak256(
            abi.encode(
                keccak256(
                    "Contribution(address issuer,address collection,uint256 tokenId,int32 partsPerMillion,string model,string benchmark,bytes32 evidence,uint64 issuedAt)"
                ),
                c.issuer,
                c.collection,
                c.tokenId,
                c.partsPerMillion,
                keccak256(bytes(c.model)),
                keccak256(bytes(c.benchmark)),
                c.evidence,
                c.issuedAt
            )
        );
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", domain, message));
        require(registry.digestOf(c) == digest, "another digest");
    }

    function testFuzz_nobody_else_speaks_for_an_issuer(uint256 key, address who) public {
        key = within(key, 1, type(uint128).max);
        IStarRegistry.Stars memory s = stars();
        vm.assume(key != LAB_KEY && who != s.issuer);
        bytes memory signature = signed(key, registry.digestOf(s));
        vm.startPrank(who);
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.NotSignedByIssuer.selector, s.issuer));
        registry.attestStars(s, signature);
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.NotSignedByIssuer.selector, s.issuer));
        registry.attestStars(s, "");
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.NotSignedByIssuer.selector, s.issuer));
        registry.attestContribution(contribution(), signature);
        vm.stopPrank();
    }

    function test_an_issuer_needs_no_signature_when_it_calls_itself_and_may_be_a_contract() public {
        IStarRegistry.Stars memory s = stars();
        vm.prank(s.issuer);
        registry.attestStars(s, "");
        ContractLab contractLab = new ContractLab();
        s.issuer = address(contractLab);
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.NotSignedByIssuer.selector, s.issuer));
        registry.attestStars(s, "x");
        contractLab.agree(registry.digestOf(s));
        registry.attestStars(s, "x");
    }

    function test_only_the_issuer_revokes_and_for_ever() public {
        IStarRegistry.Stars memory s = stars();
        bytes32 digest = registry.digestOf(s);
        bytes memory signature = signed(LAB_KEY, digest);
        registry.attestStars(s, signature);
        vm.prank(creator);
        registry.revoke(digest);
        same(registry.stateOf(s.issuer, digest), STANDS, "another's word");
        vm.prank(s.issuer);
        registry.revoke(digest);
        same(registry.stateOf(s.issuer, digest), REVOKED, "the issuer's word");
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.RevokedByIssuer.selector, digest));
        registry.attestStars(s, signature);
        vm.prank(s.issuer);
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.RevokedByIssuer.selector, digest));
        registry.revoke(digest);
    }

    function test_what_was_revoked_before_is_never_published() public {
        IStarRegistry.Contribution memory c = contribution();
        bytes32 digest = registry.digestOf(c);
        bytes memory signature = signed(LAB_KEY, digest);
        vm.prank(c.issuer);
        registry.revoke(digest);
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.RevokedByIssuer.selector, digest));
        registry.attestContribution(c, signature);
    }

    function testFuzz_an_attestation_counts_on_its_chain_only(uint64 other) public {
        vm.assume(other != 0 && other != block.chainid);
        IStarRegistry.Stars memory s = stars();
        bytes memory signature = signed(LAB_KEY, registry.digestOf(s));
        vm.chainId(other);
        vm.expectRevert(abi.encodeWithSelector(IStarRegistry.NotSignedByIssuer.selector, s.issuer));
        registry.attestStars(s, signature);
    }

    function testFuzz_stars_lie_in_their_interval(uint16 value, uint16 low, uint16 high) public {
        IStarRegistry.Stars memory s = stars();
        (s.milliStars, s.lowMilliStars, s.highMilliStars) = (value % 6_000, low % 6_000, high % 6_000);
        bool fine = s.lowMilliStars <= s.milliStars &&
            s.milliStars <= s.highMilliStars &&
            s.highMilliStars <= 5_000;
        if (!fine) vm.expectRevert(IStarRegistry.OutOfBounds.selector);
        vm.prank(s.issuer);
        registry.attestStars(s, "");
    }

    function testFuzz_contributions_are_a_whole_at_most(int32 ppm) public {
        IStarRegistry.Contribution memory c = contribution();
        c.partsPerMillion = ppm % 1_500_000;
        bool fine = c.partsPerMillion <= 1_000_000 && c.partsPerMillion >= -1_000_000;
        if (!fine) vm.expectRevert(IStarRegistry.OutOfBounds.selector);
        vm.prank(c.issuer);
        registry.attestContribution(c, "");
    }

    function test_contributions_name_a_model_and_a_benchmark_shortly() public {
        string memory long = string(new bytes(129));
        refuse("", "rooms-2026");
        refuse(long, "rooms-2026");
        refuse("walker-7b", "");
        refuse("walker-7b", long);
    }

    function refuse(string memory model, string memory benchmark) private {
        IStarRegistry.Contribution memory c = contribution();
        c.model = model;
        c.benchmark = benchmark;
        vm.expectRevert(IStarRegistry.OutOfBounds.selector);
        vm.prank(c.issuer);
        registry.attestContribution(c, "");
    }
}
