// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base, Content} from "./Base.sol";

/// @dev What a collection says and does besides minting; the parts of its interface that Base does not name.
interface Collection {
    error ERC721NonexistentToken(uint256);
    error InvalidInitialization();
    error LeaseRunning(address user, uint64 expires);
    error RoyaltyReceiverMissing();
    error VoucherExpired(uint64 validUntil);
    error VoucherForAnother(address buyer);
    error VoucherWithdrawn(uint256 series);
    error WrongPrice(uint256 price, uint256 sent);

    event MetadataUpdate(uint256 tokenId);
    event VouchersWithdrawn(uint256 series);

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function tokenURI(uint256 tokenId) external view returns (string memory);
    function supportsInterface(bytes4 id) external view returns (bool);
    function initialize(address creator, uint96 royalty) external;
    function withdrawVouchers() external;
    function voucherSeries() external view returns (uint256);
    function refreshMetadata(uint256 tokenId) external;
    function transferOwnership(address to) external;
    function acceptOwnership() external;
}

contract CollectionTest is Base {
    bytes32 private constant VOUCHER =
        keccak256("Voucher(uint256 tokenId,address buyer,uint256 price,uint64 validUntil,uint256 series)");
    bytes32 private constant DOMAIN =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");

    function suite() internal pure override returns (string memory) {
        return "CollectionTest";
    }

    function its() private view returns (Collection) {
        return Collection(address(collection));
    }

    function signedVoucher(Content.Voucher memory v) private view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN, keccak256("Asterism"), keccak256("1"), block.chainid, address(collection))
        );
        bytes32 message = keccak256(abi.encode(VOUCHER, v.tokenId, v.buyer, v.price, v.validUntil, v.series));
        return signed(CREATOR_KEY, keccak256(abi.encodePacked(hex"1901", domain, message)));
    }

    function refused(Content.Voucher memory v, uint256 sent, bytes memory reason) private {
        bytes memory signature = signedVoucher(v);
        vm.expectRevert(reason);
        vm.prank(ada);
        collection.redeem{value: sent}(v, signature);
    }

    function test_a_voucher_is_for_its_buyer_time_series_and_exact_price() public {
        uint64 until = uint64(START + 1 days);
        Content.Voucher memory v = Content.Voucher(1, address(0), 1 ether, until, 0);
        refused(v, 1 ether - 1, abi.encodeWithSelector(Collection.WrongPrice.selector, 1 ether, 1 ether - 1));
        v.buyer = bob;
        refused(v, 1 ether, abi.encodeWithSelector(Collection.VoucherForAnother.selector, bob));
        v.buyer = ada;
        v.series = 1;
        refused(v, 1 ether, abi.encodeWithSelector(Collection.VoucherWithdrawn.selector, 1));
        v.series = 0;
        vm.warp(uint256(until) + 1);
        refused(v, 1 ether, abi.encodeWithSelector(Collection.VoucherExpired.selector, until));
        vm.warp(until);
        bytes memory signature = signedVoucher(v);
        uint256 before = creator.balance;
        vm.prank(ada);
        collection.redeem{value: 1 ether}(v, signature);
        same(creator.balance - before, 1 ether, "price");
        same(collection.ownerOf(1), ada, "owner");
    }

    function test_a_voucher_may_be_free() public {
        Content.Voucher memory v = Content.Voucher(2, ada, 0, uint64(START + 1 days), 0);
        bytes memory signature = signedVoucher(v);
        vm.prank(ada);
        collection.redeem(v, signature);
        same(collection.ownerOf(2), ada, "owner");
    }

    function test_withdrawn_vouchers_count_nothing_any_more() public {
        Content.Voucher memory v = Content.Voucher(1, address(0), 1 ether, uint64(START + 1 days), 0);
        vm.expectEmit();
        emit Collection.VouchersWithdrawn(1);
        vm.prank(creator);
        its().withdrawVouchers();
        same(its().voucherSeries(), 1, "series");
        refused(v, 1 ether, abi.encodeWithSelector(Collection.VoucherWithdrawn.selector, 0));
        vm.expectRevert(abi.encodeWithSelector(Content.OwnableUnauthorizedAccount.selector, ada));
        vm.prank(ada);
        its().withdrawVouchers();
    }

    function testFuzz_the_address_of_the_metadata_is_the_id(uint256 tokenId) public {
        vm.expectRevert(abi.encodeWithSelector(Collection.ERC721NonexistentToken.selector, tokenId));
        its().tokenURI(tokenId);
        minted(tokenId);
        bytes memory uri = bytes(its().tokenURI(tokenId));
        same(uri.length, 80, "length");
        uint256 read;
        for (uint256 at = 16; at < 80; at += 1) {
            uint8 digit = uint8(uri[at]);
            read = (read << 4) | (digit >= 97 ? digit - 87 : digit - 48);
        }
        same(read, tokenId, "id");
    }

    function test_says_what_it_is_and_is_made_once() public {
        same(uint256(keccak256(bytes(its().name()))), uint256(keccak256("Asterism")), "name");
        same(uint256(keccak256(bytes(its().symbol()))), uint256(keccak256("ASTERISM")), "symbol");
        bytes4[6] memory ids = [
            bytes4(0x01ffc9a7),
            bytes4(0x80ac58cd),
            bytes4(0x2a55205a),
            bytes4(0xad092b5c),
            bytes4(0x49064906),
            bytes4(0x84b0196e)
        ];
        for (uint256 n = 0; n < ids.length; n += 1) require(its().supportsInterface(ids[n]), "interface");
        require(!its().supportsInterface(0xffffffff), "no interface");
        vm.expectRevert(Collection.InvalidInitialization.selector);
        its().initialize(ada, 0);
        Collection behind = Collection(factory.content());
        vm.expectRevert(Collection.InvalidInitialization.selector);
        behind.initialize(ada, 0);
        vm.startPrank(creator);
        same(factory.create(0), address(collection), "the same collection");
        (, uint256 royalty) = collection.royaltyInfo(1, 10_000);
        same(royalty, ROYALTY, "royalty");
        vm.expectRevert(Collection.RoyaltyReceiverMissing.selector);
        collection.setRoyalty(address(0), 1);
        vm.stopPrank();
        same(factory.collectionOf(creator), address(collection), "address");
    }

    function test_a_running_lease_is_lengthened_or_given_back_only() public {
        uint64 until = uint64(START + 10 days);
        minted(1);
        vm.startPrank(creator);
        collection.setUser(1, lab, until);
        vm.expectRevert(abi.encodeWithSelector(Collection.LeaseRunning.selector, lab, until));
        collection.setUser(1, lab, until - 1);
        vm.expectRevert(abi.encodeWithSelector(Collection.LeaseRunning.selector, lab, until));
        collection.setUser(1, ada, until + 1);
        collection.setUser(1, lab, until + 1);
        same(collection.userExpires(1), until + 1, "lengthened");
        vm.stopPrank();
        vm.expectRevert(abi.encodeWithSelector(Content.ERC721InsufficientApproval.selector, ada, 1));
        vm.prank(ada);
        collection.setUser(1, ada, until);
        vm.prank(lab);
        collection.endLease(1);
        same(collection.userOf(1), address(0), "given back");
        vm.prank(creator);
        collection.setUser(1, ada, until);
        same(collection.userOf(1), ada, "leased anew");
        vm.prank(creator);
        collection.transferFrom(creator, bob, 1);
        same(collection.userOf(1), ada, "outlasts a sale");
    }

    function test_readers_are_asked_to_look_again_by_the_owner_only() public {
        minted(1);
        vm.expectEmit();
        emit Collection.MetadataUpdate(1);
        vm.prank(creator);
        its().refreshMetadata(1);
        vm.expectRevert(abi.encodeWithSelector(Content.OwnableUnauthorizedAccount.selector, ada));
        vm.prank(ada);
        its().refreshMetadata(1);
        vm.expectRevert(abi.encodeWithSelector(Collection.ERC721NonexistentToken.selector, 2));
        vm.prank(creator);
        its().refreshMetadata(2);
    }

    function test_the_right_to_mint_goes_along_with_the_ownership() public {
        vm.prank(creator);
        its().transferOwnership(ada);
        same(collection.owner(), creator, "not before it is taken");
        vm.prank(ada);
        its().acceptOwnership();
        vm.prank(ada);
        collection.mint(1);
        same(collection.balanceOf(ada), 1, "balance");
        uint256[] memory ids = new uint256[](1);
        ids[0] = 2;
        vm.expectRevert(abi.encodeWithSelector(Content.OwnableUnauthorizedAccount.selector, creator));
        vm.prank(creator);
        collection.mintBatch(ids);
    }
}
