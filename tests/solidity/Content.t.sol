// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base, Content} from "./Base.sol";

contract ContentTest is Base {
    function suite() internal pure override returns (string memory) {
        return "ContentTest";
    }

    bytes32 private constant VOUCHER =
        keccak256("Voucher(uint256 tokenId,address buyer,uint256 price,uint64 validUntil,uint256 series)");
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    function voucherOf(uint256 tokenId) private pure returns (Content.Voucher memory) {
        return Content.Voucher(tokenId, address(0), 1 ether, uint64(START + 1 days), 0);
    }

    function signedFor(Content.Voucher memory v, address to, uint256 chain) private pure returns (bytes memory) {
        bytes32 domain = keccak256(abi.encode(DOMAIN, keccak256("Asterism"), keccak256("1"), chain, to));
        bytes32 message = keccak256(abi.encode(VOUCHER, v.tokenId, v.buyer, v.price, v.validUntil, v.series));
        return signed(CREATOR_KEY, keccak256(abi.encodePacked(hex"1901", domain, message)));
    }

    function testFuzz_a_voucher_counts_on_its_chain_only(uint64 other) public {
        vm.assume(other != 0 && other != block.chainid);
        Content.Voucher memory v = voucherOf(1);
        bytes memory signature = signedFor(v, address(collection), block.chainid);
        vm.chainId(other);
        vm.expectRevert(Content.VoucherNotSignedByOwner.selector);
        vm.prank(ada);
        collection.redeem{value: 1 ether}(v, signature);
    }

    function test_a_voucher_counts_in_its_collection_only_and_once() public {
        vm.prank(ada);
        Content other = Content(factory.create(0));
        Content.Voucher memory v = voucherOf(1);
        bytes memory signature = signedFor(v, address(collection), block.chainid);
        vm.prank(bob);
        vm.expectRevert(Content.VoucherNotSignedByOwner.selector);
        other.redeem{value: 1 ether}(v, signature);
        vm.prank(bob);
        collection.redeem{value: 1 ether}(v, signature);
        same(collection.ownerOf(1), bob, "owner");
        vm.prank(lab);
        vm.expectRevert(abi.encodeWithSelector(Content.ERC721InvalidSender.selector, address(0)));
        collection.redeem{value: 1 ether}(v, signature);
    }

    function testFuzz_a_voucher_that_was_altered_counts_nothing(uint256 field, uint256 value) public {
        Content.Voucher memory v = voucherOf(1);
        bytes memory signature = signedFor(v, address(collection), block.chainid);
        if (field % 2 == 0) {
            vm.assume(value != v.tokenId);
            v.tokenId = value;
        } else {
            value = within(value, START, type(uint64).max);
            vm.assume(value != v.validUntil);
            v.validUntil = uint64(value);
        }
        vm.expectRevert(Content.VoucherNotSignedByOwner.selector);
        vm.prank(ada);
        collection.redeem{value: 1 ether}(v, signature);
    }

    function testFuzz_only_the_owner_of_a_collection_mints_into_it(address who, uint256 tokenId) public {
        vm.assume(who != creator);
        uint256[] memory ids = new uint256[](1);
        ids[0] = tokenId;
        vm.startPrank(who);
        vm.expectRevert(abi.encodeWithSelector(Content.OwnableUnauthorizedAccount.selector, who));
        collection.mint(tokenId);
        vm.expectRevert(abi.encodeWithSelector(Content.OwnableUnauthorizedAccount.selector, who));
        collection.mintBatch(ids);
        vm.expectRevert(abi.encodeWithSelector(Content.OwnableUnauthorizedAccount.selector, who));
        collection.setRoyalty(who, 1);
        vm.stopPrank();
    }

    function testFuzz_an_id_is_minted_once_by_whatever_way(uint256 tokenId, bool first, bool second) public {
        uint256[] memory ids = new uint256[](1);
        ids[0] = tokenId;
        vm.startPrank(creator);
        if (first) collection.mint(tokenId);
        else collection.mintBatch(ids);
        vm.expectRevert(abi.encodeWithSelector(Content.ERC721InvalidSender.selector, address(0)));
        if (second) collection.mint(tokenId);
        else collection.mintBatch(ids);
        vm.stopPrank();
        same(collection.balanceOf(creator), 1, "balance");
    }

    function testFuzz_a_royalty_is_a_tenth_at_most(uint96 points, uint256 price) public {
        vm.startPrank(creator);
        if (points > 1_000) {
            vm.expectRevert(abi.encodeWithSelector(Content.RoyaltyTooHigh.selector, points));
            collection.setRoyalty(lab, points);
        } else {
            collection.setRoyalty(lab, points);
        }
        vm.stopPrank();
        (, uint256 royalty) = collection.royaltyInfo(1, price);
        require(royalty <= price / 10, "more than a tenth");
    }

    function testFuzz_a_lease_is_over_at_its_end_and_not_before(uint32 length, uint32 later) public {
        uint64 expires = uint64(START + within(length, 1, 3_650 days));
        minted(1);
        vm.prank(creator);
        collection.setUser(1, lab, expires);
        vm.warp(START + later);
        same(collection.userOf(1), START + later <= expires ? lab : address(0), "user");
        if (START + later > expires) {
            vm.expectRevert(abi.encodeWithSelector(Content.NotTheUser.selector, lab));
            vm.prank(lab);
            collection.endLease(1);
        }
    }
}
