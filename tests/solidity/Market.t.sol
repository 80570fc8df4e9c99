// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base, Content} from "./Base.sol";
import {IAsterismMarket} from "contracts/IAsterismMarket.sol";

/// @dev Runs the very code of a collection, over storage that was filled before that code stood there.
contract Impostor {
    constructor(address collection, address owner, uint256 tokenId) {
        bytes32 ownerSlot = keccak256(abi.encode(tokenId, 2));
        bytes memory code = collection.code;
        assembly {
            sstore(ownerSlot, owner)
            return(add(code, 0x20), mload(code))
        }
    }
}

contract MarketTest is Base {
    function suite() internal pure override returns (string memory) {
        return "MarketTest";
    }

    function test_takes_works_of_asterism_collections_only() public {
        bytes memory terms = abi.encode(fixedPrice(1));
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotACollection.selector, ada));
        vm.prank(ada);
        market.onERC721Received(ada, ada, 1, terms);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotACollection.selector, address(this)));
        market.onERC721Received(ada, ada, 1, terms);
    }

    function test_takes_nothing_of_whoever_only_runs_the_code_of_a_collection() public {
        Content impostor = Content(address(new Impostor(address(collection), ada, 1)));
        require(address(impostor).codehash == address(collection).codehash, "another code");
        same(impostor.ownerOf(1), ada, "owner");
        require(factory.isCollection(address(collection)) && !factory.isCollection(address(impostor)), "known");
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotACollection.selector, address(impostor)));
        vm.prank(ada);
        impostor.safeTransferFrom(ada, address(market), 1, abi.encode(auction(1, 1 days)));
    }

    function test_refuses_terms_that_make_no_sense() public {
        uint256 id = minted(1);
        IAsterismMarket.Kind none = IAsterismMarket.Kind.None;
        IAsterismMarket.Kind sale = IAsterismMarket.Kind.FixedPrice;
        IAsterismMarket.Kind bids = IAsterismMarket.Kind.Auction;
        IAsterismMarket.Kind rent = IAsterismMarket.Kind.Lease;
        refuse(id, IAsterismMarket.Terms(none, 1, 0, 0, address(0)));
        refuse(id, IAsterismMarket.Terms(sale, 0, 0, 0, address(0)));
        refuse(id, IAsterismMarket.Terms(sale, 1, 60, 0, address(0)));
        refuse(id, IAsterismMarket.Terms(sale, 1, 0, 1, address(0)));
        refuse(id, IAsterismMarket.Terms(bids, 1, 59, 0, address(0)));
        refuse(id, IAsterismMarket.Terms(bids, 1, 366 days + 1, 0, address(0)));
        refuse(id, IAsterismMarket.Terms(bids, 1, 60, 1, address(0)));
        refuse(id, IAsterismMarket.Terms(bids, 1, 60, 0, ada));
        refuse(id, IAsterismMarket.Terms(rent, 1, 59, 1, address(0)));
        refuse(id, IAsterismMarket.Terms(rent, 1, 60, 0, address(0)));
        offer(id, IAsterismMarket.Terms(rent, 1, 366 days, 1, ada));
    }

    function refuse(uint256 tokenId, IAsterismMarket.Terms memory terms) private {
        vm.expectRevert(IAsterismMarket.BadTerms.selector);
        vm.prank(creator);
        collection.safeTransferFrom(creator, address(market), tokenId, abi.encode(terms));
    }

    function test_refuses_a_work_that_comes_without_terms() public {
        uint256 id = minted(1);
        vm.expectRevert();
        vm.prank(creator);
        collection.safeTransferFrom(creator, address(market), id, "");
    }

    function test_sells_at_the_price_exactly() public {
        uint256 id = minted(1);
        offer(id, fixedPrice(2 ether));
        vm.startPrank(ada);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.WrongAmount.selector, 2 ether));
        market.buy{value: 2 ether - 1}(address(collection), id);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.WrongAmount.selector, 2 ether));
        market.buy{value: 2 ether + 1}(address(collection), id);
        market.buy{value: 2 ether}(address(collection), id);
        same(collection.ownerOf(id), ada, "owner");
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotOffered.selector, IAsterismMarket.Kind.None));
        market.buy{value: 2 ether}(address(collection), id);
        vm.stopPrank();
        same(market.owed(creator), 2 ether, "owed");
    }

    function test_pays_the_royalty_on_a_later_sale() public {
        uint256 id = minted(1);
        offer(id, fixedPrice(2 ether));
        vm.prank(ada);
        market.buy{value: 2 ether}(address(collection), id);
        offer(id, fixedPrice(10 ether));
        vm.prank(bob);
        market.buy{value: 10 ether}(address(collection), id);
        same(market.owed(ada), 9.5 ether, "seller");
        same(market.owed(creator), 2.5 ether, "first sale and royalty");
        vm.prank(creator);
        market.withdraw(payable(lab));
        same(lab.balance, 1_002.5 ether, "paid to another");
    }

    function test_sells_to_whom_it_is_meant_for() public {
        uint256 id = minted(1);
        offer(id, IAsterismMarket.Terms(IAsterismMarket.Kind.FixedPrice, 1 ether, 0, 0, bob));
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.ForAnother.selector, bob));
        vm.prank(ada);
        market.buy{value: 1 ether}(address(collection), id);
        vm.prank(bob);
        market.buy{value: 1 ether}(address(collection), id);
        same(collection.ownerOf(id), bob, "owner");
    }

    function test_gives_a_work_back_to_its_seller_only_and_keeps_none() public {
        uint256 id = minted(1);
        offer(id, fixedPrice(1 ether));
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotTheSeller.selector, creator));
        vm.prank(bob);
        market.cancel(address(collection), id);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotTheSeller.selector, address(0)));
        vm.prank(bob);
        market.cancel(address(collection), 7);
        vm.prank(creator);
        market.cancel(address(collection), id);
        same(collection.ownerOf(id), creator, "owner");
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotTheSeller.selector, address(0)));
        vm.prank(creator);
        market.cancel(address(collection), id);
    }

    function testFuzz_royalty_is_exact_and_at_most_a_tenth(uint96 price, uint96 points) public {
        points = uint96(within(points, 0, 1_000));
        price = uint96(within(price, 1, type(uint96).max));
        vm.prank(creator);
        collection.setRoyalty(lab, points);
        uint256 id = minted(1);
        offer(id, fixedPrice(price));
        vm.deal(ada, price);
        vm.prank(ada);
        market.buy{value: price}(address(collection), id);
        uint256 royalty = (uint256(price) * points) / 10_000;
        same(market.owed(lab), royalty, "royalty");
        same(market.owed(creator), price - royalty, "seller");
        require(royalty <= price / 10, "more than a tenth");
    }

    function testFuzz_nothing_but_these_calls_takes_money(bytes calldata data) public {
        vm.deal(address(this), 1 ether);
        bytes4 selector = data.length >= 4 ? bytes4(data[:4]) : bytes4(0);
        vm.assume(selector != market.bid.selector && selector != market.buy.selector && selector != market.rent.selector);
        (bool taken, ) = address(market).call{value: 1}(data);
        require(!taken, "money was taken");
    }
}
