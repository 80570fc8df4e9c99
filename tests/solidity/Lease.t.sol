// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base, Content} from "./Base.sol";
import {IAsterismMarket} from "contracts/IAsterismMarket.sol";

contract LeaseTest is Base {
    function suite() internal pure override returns (string memory) {
        return "LeaseTest";
    }

    uint256 private id;

    function setUp() public override {
        super.setUp();
        id = minted(1);
        offer(id, lease(1 ether, 1 days, 5));
    }

    function rentAs(address who, uint16 periods) private {
        vm.prank(who);
        market.rent{value: uint256(periods) * 1 ether}(address(collection), id, 1 days, periods);
    }

    function test_makes_the_lab_the_user_until_the_last_second() public {
        rentAs(lab, 2);
        same(collection.userOf(id), lab, "user");
        vm.warp(START + 2 days - 1);
        same(collection.userOf(id), lab, "last second");
        vm.warp(START + 2 days);
        same(collection.userOf(id), address(0), "over");
    }

    function test_owes_each_period_to_the_lessor_once_it_has_begun() public {
        rentAs(lab, 3);
        same(market.owed(creator), 0, "held");
        market.collect(address(collection), id);
        same(market.owed(creator), 1 ether, "first");
        market.collect(address(collection), id);
        same(market.owed(creator), 1 ether, "not twice");
        vm.warp(START + 1 days - 1);
        market.collect(address(collection), id);
        same(market.owed(creator), 1 ether, "second has not begun");
        vm.warp(START + 1 days);
        market.collect(address(collection), id);
        same(market.owed(creator), 2 ether, "second");
        vm.warp(START + 9 days);
        market.collect(address(collection), id);
        same(market.owed(creator), 3 ether, "all");
        same(market.owed(lab), 0, "nothing back");
        vm.expectRevert(IAsterismMarket.NoRental.selector);
        market.collect(address(collection), id);
    }

    function test_gives_back_what_had_not_begun_once_the_lab_has_given_the_work_back() public {
        rentAs(lab, 4);
        vm.warp(START + 1 days + 5);
        market.collect(address(collection), id);
        same(market.owed(lab), 0, "while it runs");
        vm.prank(lab);
        collection.endLease(id);
        market.collect(address(collection), id);
        same(market.owed(creator), 2 ether, "begun");
        same(market.owed(lab), 2 ether, "not begun");
        same(market.rentalOf(address(collection), id).user, address(0), "gone");
    }

    function test_owes_the_lab_what_had_not_begun_though_the_owner_leases_to_it_again() public {
        rentAs(lab, 4);
        vm.warp(START + 1 days + 5);
        vm.prank(creator);
        market.cancel(address(collection), id);
        vm.prank(lab);
        collection.endLease(id);
        vm.prank(creator);
        collection.setUser(id, lab, uint64(START + 4 days - 1));
        vm.warp(START + 3 days);
        market.collect(address(collection), id);
        same(market.rentalOf(address(collection), id).user, address(0), "gone");
        same(market.owed(creator), 2 ether, "begun when it was given back");
        same(market.owed(lab), 2 ether, "not begun");
    }

    function test_lengthens_the_running_lease_of_the_same_lab() public {
        rentAs(lab, 2);
        vm.warp(START + 1 days);
        rentAs(lab, 3);
        same(collection.userExpires(id), START + 5 days - 1, "end");
        vm.warp(START + 5 days);
        market.collect(address(collection), id);
        same(market.owed(creator), 5 ether, "rent");
    }

    function test_lets_nobody_pay_further_ahead_than_the_terms_say() public {
        vm.expectRevert(IAsterismMarket.TooFarAhead.selector);
        rentAs(lab, 6);
        rentAs(lab, 3);
        vm.expectRevert(IAsterismMarket.TooFarAhead.selector);
        rentAs(lab, 3);
        vm.warp(START + 1 days);
        rentAs(lab, 3);
    }

    function test_is_for_one_lab_at_a_time() public {
        rentAs(lab, 2);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.RentalRunning.selector, lab, uint40(START + 2 days)));
        rentAs(bob, 1);
        vm.warp(START + 2 days);
        rentAs(bob, 1);
        same(collection.userOf(id), bob, "user");
        same(market.owed(creator), 2 ether, "the rent of the lease before");
    }

    function test_begins_anew_for_a_lab_that_gave_the_work_back_before() public {
        rentAs(lab, 2);
        vm.prank(lab);
        collection.endLease(id);
        rentAs(lab, 2);
        same(market.owed(lab), 1 ether, "not begun of the first");
        vm.warp(START + 1 days);
        rentAs(lab, 1);
        vm.warp(START + 3 days);
        market.collect(address(collection), id);
        same(market.owed(creator), 4 ether, "one and three");
        same(market.owed(lab), 1 ether, "nothing more");
    }

    function test_closes_a_lease_that_was_given_back_when_the_next_lab_comes() public {
        rentAs(lab, 5);
        vm.prank(lab);
        collection.endLease(id);
        rentAs(bob, 1);
        same(market.owed(lab), 4 ether, "not begun");
        same(market.owed(creator), 1 ether, "begun");
    }

    function test_takes_the_rent_exactly_for_the_period_that_was_seen() public {
        vm.startPrank(lab);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.WrongAmount.selector, 2 ether));
        market.rent{value: 1 ether}(address(collection), id, 1 days, 2);
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.WrongAmount.selector, 0));
        market.rent(address(collection), id, 1 days, 0);
        vm.expectRevert(IAsterismMarket.TermsChanged.selector);
        market.rent{value: 1 ether}(address(collection), id, 2 days, 1);
        vm.stopPrank();
    }

    function test_is_for_whom_it_is_meant() public {
        vm.prank(creator);
        market.cancel(address(collection), id);
        offer(id, IAsterismMarket.Terms(IAsterismMarket.Kind.Lease, 1 ether, 1 days, 5, bob));
        vm.expectRevert(abi.encodeWithSelector(IAsterismMarket.ForAnother.selector, bob));
        rentAs(lab, 1);
        rentAs(bob, 1);
    }

    function test_outlasts_the_offer_and_the_sale_of_the_work() public {
        rentAs(lab, 3);
        vm.prank(creator);
        market.cancel(address(collection), id);
        same(collection.ownerOf(id), creator, "owner");
        vm.expectRevert(
            abi.encodeWithSelector(Content.LeaseRunning.selector, lab, uint64(START + 3 days - 1))
        );
        vm.prank(creator);
        collection.setUser(id, creator, type(uint64).max);
        offer(id, fixedPrice(1 ether));
        vm.prank(bob);
        market.buy{value: 1 ether}(address(collection), id);
        same(collection.userOf(id), lab, "user");
        vm.warp(START + 3 days);
        market.collect(address(collection), id);
        same(market.owed(creator), 4 ether, "price and rent");
    }

    function test_is_not_lengthened_under_other_terms() public {
        rentAs(lab, 2);
        vm.prank(creator);
        market.cancel(address(collection), id);
        offer(id, lease(2 ether, 1 days, 5));
        vm.expectRevert(IAsterismMarket.TermsChanged.selector);
        vm.prank(lab);
        market.rent{value: 2 ether}(address(collection), id, 1 days, 1);
        vm.prank(creator);
        market.cancel(address(collection), id);
        offer(id, lease(1 ether, 2 days, 5));
        vm.expectRevert(IAsterismMarket.TermsChanged.selector);
        vm.prank(lab);
        market.rent{value: 1 ether}(address(collection), id, 2 days, 1);
        vm.prank(creator);
        market.cancel(address(collection), id);
        vm.prank(creator);
        collection.transferFrom(creator, bob, id);
        offer(id, lease(1 ether, 1 days, 5));
        vm.expectRevert(IAsterismMarket.TermsChanged.selector);
        rentAs(lab, 1);
    }

    function testFuzz_the_rent_is_divided_without_rest(uint16 periods, uint32 later, bool givesBack) public {
        periods = uint16(within(periods, 1, 5));
        uint256 time = within(later, 0, 7 days);
        rentAs(lab, periods);
        vm.warp(START + time);
        if (givesBack && collection.userOf(id) == lab) {
            vm.prank(lab);
            collection.endLease(id);
        }
        market.collect(address(collection), id);
        uint256 begun = time / 1 days + 1 > periods ? periods : time / 1 days + 1;
        same(market.owed(creator), begun * 1 ether, "begun");
        bool over = givesBack || time >= uint256(periods) * 1 days;
        same(market.owed(lab), over ? (periods - begun) * 1 ether : 0, "not begun");
        uint256 held = uint256(market.rentalOf(address(collection), id).periods) * 1 ether;
        same(held + market.owed(creator) + market.owed(lab), address(market).balance, "sum");
    }
}
