// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base, Content, Market} from "./Base.sol";
import {IAsterismMarket} from "contracts/IAsterismMarket.sol";

/// @dev Takes no money and no tokens.
contract Refusing {
    function bid(Market market, address collection, uint256 tokenId) external payable {
        market.bid{value: msg.value}(collection, tokenId);
    }

    function withdraw(Market market, address payable to) external {
        market.withdraw(to);
    }
}

/// @dev Calls back into the market while it is being paid.
contract Reentering {
    Market private immutable MARKET;
    uint256 public received;
    uint256 private left = 3;

    constructor(Market market) {
        MARKET = market;
    }

    function bid(address collection, uint256 tokenId) external payable {
        MARKET.bid{value: msg.value}(collection, tokenId);
    }

    function withdraw() external {
        MARKET.withdraw(payable(address(this)));
    }

    receive() external payable {
        received += msg.value;
        if (left-- > 0) try MARKET.withdraw(payable(address(this))) {} catch {}
    }
}

contract AuctionTest is Base {
    function suite() internal pure override returns (string memory) {
        return "AuctionTest";
    }

    uint256 private id;

    function setUp() public override {
        super.setUp();
        id = minted(1);
        offer(id, auction(1 ether, 1 days));
    }

    function test_holds_the_work_and_shows_the_terms() public view {
        IAsterismMarket.Listing memory listing = market.listingOf(address(collection), id);
        same(collection.ownerOf(id), address(market), "holder");
        same(listing.seller, creator, "seller");
        same(listing.price, 1 ether, "reserve");
        same(listing.endsAt, START + 1 days, "end");
        same(uint256(listing.kind), uint256(IAsterismMarket.Kind.Auction), "kind");
    }

    function test_refuses_bids_under_the_reserve() public {
        same(market.minimumBid(address(collection), id), 1 ether, "least");
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.BidTooLow.selector, 1 ether));
        bidAs(ada, id, 1 ether - 1);
        bidAs(ada, id, 1 ether);
    }

    function test_asks_a_twentieth_more_each_time_rounded_up() public {
        bidAs(ada, id, 1 ether + 1);
        uint256 least = 1 ether + 1 + 0.05 ether + 1;
        same(market.minimumBid(address(collection), id), least, "least");
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.BidTooLow.selector, least));
        bidAs(bob, id, least - 1);
        bidAs(bob, id, least);
    }

    function test_owes_the_outbid_their_whole_bid() public {
        bidAs(ada, id, 1 ether);
        same(market.owed(ada), 0, "while highest");
        bidAs(bob, id, 2 ether);
        same(market.owed(ada), 1 ether, "once outbid");
        uint256 before = ada.balance;
        vm.prank(ada);
        market.withdraw(payable(ada));
        same(ada.balance - before, 1 ether, "paid out");
        vm.prank(ada);
        vm.expectRevert(IAsterismMarket.NothingOwed.selector);
        market.withdraw(payable(ada));
    }

    function test_settles_to_the_highest_bidder_with_the_royalty_apart() public {
        vm.prank(creator);
        collection.setRoyalty(lab, 750);
        bidAs(ada, id, 4 ether);
        vm.warp(START + 1 days);
        vm.prank(bob);
        market.settle(address(collection), id);
        same(collection.ownerOf(id), ada, "owner");
        same(market.owed(lab), 0.3 ether, "royalty");
        same(market.owed(creator), 3.7 ether, "seller");
        same(uint256(market.listingOf(address(collection), id).kind), 0, "listing gone");
    }

    function test_settles_once_and_only_when_its_time_is_over() public {
        bidAs(ada, id, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.AuctionRunning.selector, uint40(START + 1 days)));
        market.settle(address(collection), id);
        vm.warp(START + 1 days - 1);
        vm.expectRevert();
        market.settle(address(collection), id);
        vm.warp(START + 1 days);
        market.settle(address(collection), id);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotOffered.selector, IAsterismMarket.Kind.None));
        market.settle(address(collection), id);
    }

    function test_takes_no_bid_once_its_time_is_over() public {
        vm.warp(START + 1 days);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.AuctionOver.selector, uint40(START + 1 days)));
        bidAs(ada, id, 1 ether);
    }

    function test_gives_the_work_back_when_nobody_bid() public {
        vm.warp(START + 1 days);
        market.settle(address(collection), id);
        same(collection.ownerOf(id), creator, "owner");
        same(market.owed(creator), 0, "owed");
    }

    function test_runs_longer_for_a_late_bid_and_only_for_a_late_one() public {
        vm.warp(START + 1 days - 15 minutes);
        bidAs(ada, id, 1 ether);
        same(market.listingOf(address(collection), id).endsAt, START + 1 days, "not yet late");
        vm.warp(START + 1 days - 1);
        bidAs(bob, id, 2 ether);
        same(market.listingOf(address(collection), id).endsAt, START + 1 days - 1 + 15 minutes, "late");
        vm.warp(START + 1 days);
        bidAs(ada, id, 3 ether);
        same(market.listingOf(address(collection), id).endsAt, START + 1 days + 15 minutes, "later");
        vm.expectRevert();
        market.settle(address(collection), id);
        vm.warp(START + 1 days + 15 minutes);
        market.settle(address(collection), id);
        same(collection.ownerOf(id), ada, "owner");
    }

    function testFuzz_never_ends_within_a_quarter_of_an_hour_of_a_bid(uint256 seed) public {
        uint256 time = START;
        uint256 least = 1 ether;
        for (uint256 n = 0; n < 8; n += 1) {
            uint256 end = market.listingOf(address(collection), id).endsAt;
            time = within(uint256(keccak256(abi.encode(seed, n))), time, end - 1);
            vm.warp(time);
            bidAs(n % 2 == 0 ? ada : bob, id, least);
            least = market.minimumBid(address(collection), id);
            uint256 later = market.listingOf(address(collection), id).endsAt;
            require(later >= end, "an end came nearer");
            require(later >= time + 15 minutes, "too near a bid");
        }
    }

    function test_cannot_be_called_off_once_there_is_a_bid() public {
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotTheSeller.selector, creator));
        vm.prank(ada);
        market.cancel(address(collection), id);
        bidAs(ada, id, 1 ether);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.HasBids.selector, ada));
        vm.prank(creator);
        market.cancel(address(collection), id);
    }

    function test_can_be_called_off_before_there_is_one() public {
        vm.prank(creator);
        market.cancel(address(collection), id);
        same(collection.ownerOf(id), creator, "owner");
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotOffered.selector, IAsterismMarket.Kind.None));
        bidAs(ada, id, 1 ether);
    }

    function test_is_not_held_up_by_a_bidder_who_refuses_money_and_tokens() public {
        Refusing hostile = new Refusing();
        hostile.bid{value: 1 ether}(market, address(collection), id);
        bidAs(ada, id, 2 ether);
        same(market.owed(address(hostile)), 1 ether, "owed");
        vm.expectRevert();
        hostile.withdraw(market, payable(address(hostile)));
        hostile.withdraw(market, payable(bob));
        same(market.owed(address(hostile)), 0, "nothing is locked");
        vm.deal(address(this), 10 ether);
        hostile.bid{value: 3 ether}(market, address(collection), id);
        vm.warp(START + 2 days);
        market.settle(address(collection), id);
        same(collection.ownerOf(id), address(hostile), "owner");
    }

    function test_pays_a_caller_back_once() public {
        Reentering hostile = new Reentering(market);
        hostile.bid{value: 1 ether}(address(collection), id);
        bidAs(ada, id, 5 ether);
        hostile.withdraw();
        same(hostile.received(), 1 ether, "received");
        same(address(market).balance, 5 ether, "left in the market");
    }

    function test_takes_no_bid_that_it_could_not_write_down() public {
        vm.deal(ada, type(uint128).max);
        vm.expectRevert();
        bidAs(ada, id, uint256(type(uint96).max) + 1);
    }

    function test_is_not_bought_rented_or_found_elsewhere() public {
        bytes memory reason = abi.encodeWithSelector(
            IAsterismMarket.NotOffered.selector,
            IAsterismMarket.Kind.Auction
        );
        vm.expectRevert(reason);
        vm.prank(ada);
        market.buy{value: 1 ether}(address(collection), id);
        vm.expectRevert(reason);
        vm.prank(ada);
        market.rent{value: 1 ether}(address(collection), id, 1 days, 1);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.NotOffered.selector, IAsterismMarket.Kind.None));
        market.minimumBid(address(collection), 2);
    }

    receive() external payable {}
}
