// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base, Content, Factory, Market, Vm} from "./Base.sol";
import {IAsterismMarket} from "contracts/IAsterismMarket.sol";

/// @dev Does at random what people do; each act is skipped where it could not succeed, so that a refusal is a finding.
contract Crowd {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 public constant WORKS = 3;

    Market private immutable MARKET;
    Content private immutable COLLECTION;
    address[4] public people;
    uint256 public time;
    /// @dev All money that went in, and all that came out.
    uint256 public paidIn;
    uint256 public paidOut;
    /// @dev Latest end of each auction, to see that it never comes nearer.
    mapping(uint256 => uint256) public endOf;

    constructor(Market market, Content collection, address[4] memory everybody, uint256 now_) {
        (MARKET, COLLECTION, people, time) = (market, collection, everybody, now_);
    }

    function work(uint256 seed) private pure returns (uint256) {
        return (seed % WORKS) + 1;
    }

    function listingOf(uint256 id) private view returns (IAsterismMarket.Listing memory) {
        return MARKET.listingOf(address(COLLECTION), id);
    }

    function offer(uint256 seed, uint8 kind, uint64 price, uint32 span, uint16 most) external {
        uint256 id = work(seed);
        address owner = COLLECTION.ownerOf(id);
        if (owner == address(MARKET)) return;
        IAsterismMarket.Terms memory terms;
        terms.kind = IAsterismMarket.Kind((kind % 3) + 1);
        terms.price = uint96(price % 1 ether) + 1;
        if (terms.kind != IAsterismMarket.Kind.FixedPrice) terms.spanSeconds = 60 + (span % 5 days);
        if (terms.kind == IAsterismMarket.Kind.Lease) terms.mostPeriods = (most % 20) + 1;
        vm.prank(owner);
        COLLECTION.safeTransferFrom(owner, address(MARKET), id, abi.encode(terms));
        endOf[id] = listingOf(id).endsAt;
    }

    function cancel(uint256 seed) external {
        uint256 id = work(seed);
        IAsterismMarket.Listing memory listing = listingOf(id);
        if (listing.kind == IAsterismMarket.Kind.None) return;
        if (listing.kind == IAsterismMarket.Kind.Auction && listing.party != address(0)) return;
        vm.prank(listing.seller);
        MARKET.cancel(address(COLLECTION), id);
    }

    function buy(uint256 seed, uint256 who) external {
        uint256 id = work(seed);
        IAsterismMarket.Listing memory listing = listingOf(id);
        if (listing.kind != IAsterismMarket.Kind.FixedPrice) return;
        pay(who, listing.price);
        MARKET.buy{value: listing.price}(address(COLLECTION), id);
    }

    function bid(uint256 seed, uint256 who, uint64 more) external {
        uint256 id = work(seed);
        IAsterismMarket.Listing memory listing = listingOf(id);
        if (listing.kind != IAsterismMarket.Kind.Auction || time >= listing.endsAt) return;
        uint256 amount = MARKET.minimumBid(address(COLLECTION), id) + (more % 1 ether);
        pay(who, amount);
        MARKET.bid{value: amount}(address(COLLECTION), id);
        uint256 end = listingOf(id).endsAt;
        require(end >= endOf[id] && end >= time + 15 minutes, "an end came nearer");
        endOf[id] = end;
    }

    function settle(uint256 seed) external {
        uint256 id = work(seed);
        IAsterismMarket.Listing memory listing = listingOf(id);
        if (listing.kind != IAsterismMarket.Kind.Auction || time < listing.endsAt) return;
        MARKET.settle(address(COLLECTION), id);
        require(
            COLLECTION.ownerOf(id) == (listing.party == address(0) ? listing.seller : listing.party),
            "the work went astray"
        );
    }

    function rent(uint256 seed, uint256 who, uint16 periods) external {
        uint256 id = work(seed);
        IAsterismMarket.Listing memory listing = listingOf(id);
        if (listing.kind != IAsterismMarket.Kind.Lease) return;
        IAsterismMarket.Rental memory rental = MARKET.rentalOf(address(COLLECTION), id);
        address user = COLLECTION.userOf(id);
        periods = (periods % listing.mostPeriods) + 1;
        if (user != address(0)) return;
        if (rental.user != address(0) && time == rental.startsAt) return;
        uint256 amount = uint256(listing.price) * periods;
        pay(who, amount);
        MARKET.rent{value: amount}(address(COLLECTION), id, listing.spanSeconds, periods);
        require(COLLECTION.userOf(id) == people[who % 4], "not the user");
    }

    /// @dev The owner lends it by hand, also to whoever has just given it back.
    function lend(uint256 seed, uint256 who, uint32 span) external {
        uint256 id = work(seed);
        address owner = COLLECTION.ownerOf(id);
        if (owner == address(MARKET) || COLLECTION.userOf(id) != address(0)) return;
        vm.prank(owner);
        COLLECTION.setUser(id, people[who % 4], uint64(time + (span % 3 days)));
    }

    function giveBack(uint256 seed) external {
        uint256 id = work(seed);
        address user = COLLECTION.userOf(id);
        if (user == address(0)) return;
        vm.prank(user);
        COLLECTION.endLease(id);
    }

    function collect(uint256 seed) external {
        uint256 id = work(seed);
        if (MARKET.rentalOf(address(COLLECTION), id).user == address(0)) return;
        MARKET.collect(address(COLLECTION), id);
    }

    function withdraw(uint256 who) external {
        address person = people[who % 4];
        uint256 amount = MARKET.owed(person);
        if (amount == 0) return;
        uint256 before = person.balance;
        vm.prank(person);
        MARKET.withdraw(payable(person));
        require(person.balance == before + amount, "not paid out");
        paidOut += amount;
    }

    function wait(uint32 seconds_) external {
        time += seconds_ % 2 days;
        vm.warp(time);
    }

    function pay(uint256 who, uint256 amount) private {
        address person = people[who % 4];
        paidIn += amount;
        vm.deal(address(this), amount);
        vm.prank(person);
        vm.deal(person, person.balance + amount);
    }

    /// @dev What the market owes to all, holds in bids and holds in rent.
    function claims() external view returns (uint256 sum) {
        for (uint256 n = 0; n < people.length; n += 1) sum += MARKET.owed(people[n]);
        for (uint256 id = 1; id <= WORKS; id += 1) {
            sum += listingOf(id).bid;
            IAsterismMarket.Rental memory rental = MARKET.rentalOf(address(COLLECTION), id);
            sum += uint256(rental.price) * rental.periods;
        }
    }
}

contract InvariantTest is Base {
    function suite() internal pure override returns (string memory) {
        return "InvariantTest";
    }

    Crowd private crowd;

    function setUp() public override {
        super.setUp();
        crowd = new Crowd(market, collection, [creator, ada, bob, lab], START);
        for (uint256 id = 1; id <= crowd.WORKS(); id += 1) minted(id);
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(crowd);
    }

    function invariant_money_and_works_are_all_accounted_for() public view {
        same(address(market).balance, crowd.claims(), "the market can pay all it owes, to the last wei");
        same(address(market).balance, crowd.paidIn() - crowd.paidOut(), "in and out");
        uint256 sum = collection.balanceOf(address(market));
        for (uint256 n = 0; n < 4; n += 1) sum += collection.balanceOf(crowd.people(n));
        same(sum, crowd.WORKS(), "works are neither made nor lost");
        for (uint256 id = 1; id <= crowd.WORKS(); id += 1) {
            bool offered = market.listingOf(address(collection), id).kind != IAsterismMarket.Kind.None;
            require(offered == (collection.ownerOf(id) == address(market)), "held and offered differ");
        }
    }

    /// @dev After whatever has happened everybody gets all their money, and nothing stays behind.
    function afterInvariant() external {
        vm.warp(crowd.time() + 3_650 days);
        for (uint256 id = 1; id <= crowd.WORKS(); id += 1) {
            if (market.listingOf(address(collection), id).kind == IAsterismMarket.Kind.Auction) {
                market.settle(address(collection), id);
            }
            if (market.rentalOf(address(collection), id).user != address(0)) market.collect(address(collection), id);
        }
        for (uint256 n = 0; n < 4; n += 1) crowd.withdraw(n);
        same(address(market).balance, 0, "left behind");
    }
}
