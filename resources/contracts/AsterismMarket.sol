// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {AsterismContent} from "./AsterismContent.sol";
import {AsterismFactory} from "./AsterismFactory.sol";
import {IAsterismMarket} from "./IAsterismMarket.sol";
import {IERC4907} from "./IERC4907.sol";

/// @title Sells works at a fixed price or to the highest bidder, and lets them.
/// @notice An owner offers a work by sending it here with its terms (`safeTransferFrom`), in one transaction: nobody
/// ever has to approve anything, so an approval is never something a wallet should sign. All money is kept in accounts
/// that their owners empty themselves (`withdraw`): nobody who refuses money can stop anybody else.
/// @dev Only tokens of collections that the factory made are taken. So the tokens called here neither call back nor lie,
/// and their royalty is at most a tenth. The contract has no owner and no settings.
contract AsterismMarket is IAsterismMarket, IERC721Receiver {
    /// @notice A bid must exceed the last by a twentieth, rounded up.
    uint256 public constant INCREMENT_DIVISOR = 20;
    /// @notice A bid in the last 15 minutes lets the auction run for 15 minutes more.
    uint40 public constant EXTENSION_SECONDS = 15 minutes;
    /// @notice Shortest and longest auction, or period of a lease.
    uint32 public constant LEAST_SECONDS = 1 minutes;
    uint32 public constant MOST_SECONDS = 366 days;

    AsterismFactory private immutable FACTORY;

    mapping(address collection => mapping(uint256 tokenId => Listing)) private _listings;
    mapping(address collection => mapping(uint256 tokenId => Rental)) private _rentals;

    /// @notice What an account can withdraw, in wei.
    mapping(address account => uint256) public owed;

    /// @param factory The one whose collections' works are taken.
    constructor(AsterismFactory factory) {
        FACTORY = factory;
    }

    /// @notice What is offered of a work; all zero when nothing is.
    function listingOf(address collection, uint256 tokenId) external view returns (Listing memory) {
        return _listings[collection][tokenId];
    }

    /// @notice The rent that is held for a work; all zero when there is none.
    function rentalOf(address collection, uint256 tokenId) external view returns (Rental memory) {
        return _rentals[collection][tokenId];
    }

    /// @notice The least that the next bid must be, in wei.
    function minimumBid(address collection, uint256 tokenId) external view returns (uint256) {
        return _minimumBid(_offered(collection, tokenId, Kind.Auction));
    }

    /// @notice Takes a work from its owner and offers it under the terms sent along; called by the collection.
    /// @param from The owner, who gets the money, or the work back.
    /// @param data `Terms`, ABI-encoded.
    function onERC721Received(
        address,
        address from,
        uint256 tokenId,
        bytes calldata data
    ) external returns (bytes4) {
        if (!FACTORY.isCollection(msg.sender)) revert NotACollection(msg.sender);
        Terms memory terms = abi.decode(data, (Terms));
        bool isAuction = terms.kind == Kind.Auction;
        bool isLease = terms.kind == Kind.Lease;
        bool spans = terms.spanSeconds >= LEAST_SECONDS && terms.spanSeconds <= MOST_SECONDS;
        if (
            terms.kind == Kind.None ||
            terms.price == 0 ||
            (isAuction || isLease ? !spans : terms.spanSeconds != 0) ||
            (isLease != (terms.mostPeriods > 0)) ||
            (isAuction && terms.only != address(0))
        ) revert BadTerms();
        _listings[msg.sender][tokenId] = Listing({
            seller: from,
            price: terms.price,
            party: terms.only,
            endsAt: isAuction ? uint40(block.timestamp) + terms.spanSeconds : 0,
            spanSeconds: terms.spanSeconds,
            mostPeriods: terms.mostPeriods,
            kind: terms.kind,
            bid: 0
        });
        emit Listed(
            msg.sender,
            tokenId,
            from,
            terms.kind,
            terms.price,
            terms.spanSeconds,
            terms.mostPeriods,
            terms.only
        );
        return this.onERC721Received.selector;
    }

    /// @notice Gives a work back to its seller: at any time, but not from an auction that has a bid. A lease that runs
    /// goes on, and its rent still goes to whom it was promised.
    function cancel(address collection, uint256 tokenId) external {
        Listing memory listing = _listings[collection][tokenId];
        if (listing.seller != msg.sender) revert NotTheSeller(listing.seller);
        if (listing.kind == Kind.Auction && listing.party != address(0)) revert HasBids(listing.party);
        _giveBack(collection, tokenId, listing.seller);
    }

    /// @notice Buys a work at its fixed price, to be sent exactly.
    function buy(address collection, uint256 tokenId) external payable {
        Listing memory listing = _offered(collection, tokenId, Kind.FixedPrice);
        _requireParty(listing);
        if (msg.value != listing.price) revert WrongAmount(listing.price);
        _sell(collection, tokenId, listing.seller, msg.sender, msg.value);
    }

    /// @notice Bids what is sent along. The bid before it is owed to its bidder from then on.
    function bid(address collection, uint256 tokenId) external payable {
        Listing storage listing = _offered(collection, tokenId, Kind.Auction);
        uint40 endsAt = listing.endsAt;
        if (block.timestamp >= endsAt) revert AuctionOver(endsAt);
        uint256 least = _minimumBid(listing);
        if (msg.value < least) revert BidTooLow(least);
        uint96 amount = SafeCast.toUint96(msg.value);
        if (listing.bid > 0) owed[listing.party] += listing.bid;
        listing.party = msg.sender;
        listing.bid = amount;
        uint40 extended = uint40(block.timestamp) + EXTENSION_SECONDS;
        if (endsAt < extended) {
            endsAt = extended;
            listing.endsAt = extended;
        }
        emit BidPlaced(collection, tokenId, msg.sender, amount, endsAt);
    }

    /// @notice Ends an auction whose time is over: the work goes to the highest bidder, the money to the seller and the
    /// receiver of the royalty; without a bid the work goes back. Anybody may call it.
    function settle(address collection, uint256 tokenId) external {
        Listing memory listing = _offered(collection, tokenId, Kind.Auction);
        if (block.timestamp < listing.endsAt) revert AuctionRunning(listing.endsAt);
        if (listing.party == address(0)) _giveBack(collection, tokenId, listing.seller);
        else _sell(collection, tokenId, listing.seller, listing.party, listing.bid);
    }

    /// @notice Rents a work for some periods from now, or lengthens the caller's running lease of it. The rent, to be
    /// sent exactly, is held here, and each period's is owed to the lessor once that period has begun.
    /// @param spanSeconds The length of a period as the caller knows it, so that it cannot be changed underneath.
    /// @param periods How many.
    function rent(address collection, uint256 tokenId, uint32 spanSeconds, uint16 periods) external payable {
        Listing memory listing = _offered(collection, tokenId, Kind.Lease);
        _requireParty(listing);
        if (spanSeconds != listing.spanSeconds) revert TermsChanged();
        uint256 amount = uint256(listing.price) * periods;
        if (periods == 0 || msg.value != amount) revert WrongAmount(amount);
        Rental storage rental = _rentals[collection][tokenId];
        (bool lengthens, uint256 until) = _standing(rental, collection, tokenId);
        uint256 from = lengthens ? _endOf(rental) : block.timestamp;
        uint256 endsAt = from + uint256(spanSeconds) * periods;
        if (endsAt - block.timestamp > uint256(spanSeconds) * listing.mostPeriods) revert TooFarAhead();
        if (lengthens) {
            if (rental.user != msg.sender) revert RentalRunning(rental.user, uint40(from));
            bool same = rental.lessor == listing.seller &&
                rental.price == listing.price &&
                rental.spanSeconds == spanSeconds;
            if (!same) revert TermsChanged();
            _pay(rental, collection, tokenId, false, until);
            rental.periods += periods;
        } else {
            _pay(rental, collection, tokenId, true, until);
            (uint8 givenBack, ) = _givenBack(collection, tokenId, msg.sender);
            _rentals[collection][tokenId] = Rental({
                lessor: listing.seller,
                price: listing.price,
                user: msg.sender,
                startsAt: uint40(from),
                spanSeconds: spanSeconds,
                periods: periods,
                givenBack: givenBack
            });
        }
        emit Rented(collection, tokenId, msg.sender, listing.seller, periods, listing.price, uint40(endsAt));
        // The last second of a lease is the one before its end.
        IERC4907(collection).setUser(tokenId, msg.sender, uint64(endsAt - 1));
    }

    /// @notice Credits the lessor with the periods that have begun. When the lease is over, or its user has given it
    /// back (`endLease` of the collection), the rent of periods that had not begun is owed to the user. Anybody may
    /// call it.
    function collect(address collection, uint256 tokenId) external {
        Rental storage rental = _rentals[collection][tokenId];
        if (rental.user == address(0)) revert NoRental();
        (bool runs, uint256 until) = _standing(rental, collection, tokenId);
        _pay(rental, collection, tokenId, !runs, until);
    }

    /// @notice Sends the caller all that it is owed.
    /// @param to Where to; an account that cannot take money names another.
    function withdraw(address payable to) external {
        uint256 amount = owed[msg.sender];
        if (amount == 0) revert NothingOwed();
        owed[msg.sender] = 0;
        emit PaidOut(msg.sender, to, amount);
        Address.sendValue(to, amount);
    }

    function _offered(address collection, uint256 tokenId, Kind kind) private view returns (Listing storage listing) {
        listing = _listings[collection][tokenId];
        if (listing.kind != kind) revert NotOffered(listing.kind);
    }

    function _requireParty(Listing memory listing) private view {
        if (listing.party != address(0) && listing.party != msg.sender) revert ForAnother(listing.party);
    }

    function _minimumBid(Listing storage listing) private view returns (uint256) {
        uint256 last = listing.bid;
        return last == 0 ? listing.price : last + Math.ceilDiv(last, INCREMENT_DIVISOR);
    }

    function _giveBack(address collection, uint256 tokenId, address seller) private {
        delete _listings[collection][tokenId];
        emit Withdrawn(collection, tokenId, seller);
        IERC721(collection).transferFrom(address(this), seller, tokenId);
    }

    /// @dev The work is moved without asking its receiver, who could else hold up an auction.
    function _sell(address collection, uint256 tokenId, address seller, address buyer, uint256 price) private {
        delete _listings[collection][tokenId];
        (address receiver, uint256 royalty) = IERC2981(collection).royaltyInfo(tokenId, price);
        owed[receiver] += royalty;
        owed[seller] += price - royalty;
        emit Sold(collection, tokenId, buyer, seller, price, receiver, royalty);
        IERC721(collection).transferFrom(address(this), buyer, tokenId);
    }

    function _endOf(Rental storage rental) private view returns (uint256) {
        return uint256(rental.startsAt) + uint256(rental.spanSeconds) * rental.periods;
    }

    /// @dev A lease that runs has no other way to end than that its user gives it back. Who uses the work now does not
    /// tell: its owner may have leased it to the same user again. The count is the user's own, so 8 bits of it are enough.
    /// @return runs Whether the lease that was paid for goes on.
    /// @return until When it was given back, else now: periods count as begun up to then.
    function _standing(
        Rental storage rental,
        address collection,
        uint256 tokenId
    ) private view returns (bool runs, uint256 until) {
        (uint8 times, uint256 latest) = _givenBack(collection, tokenId, rental.user);
        if (times != rental.givenBack) return (false, latest);
        return (block.timestamp < _endOf(rental), block.timestamp);
    }

    function _givenBack(address collection, uint256 tokenId, address user) private view returns (uint8, uint256) {
        (uint64 times, uint64 latest) = AsterismContent(collection).givenBack(tokenId, user);
        return (uint8(times), latest);
    }

    /// @dev Credits what had begun by a time to the lessor; of a lease that is over, the rest to the user.
    function _pay(Rental storage rental, address collection, uint256 tokenId, bool over, uint256 until) private {
        Rental memory held = rental;
        if (held.user == address(0)) return;
        uint256 begun = until < held.startsAt
            ? 0
            : Math.min(held.periods, (until - held.startsAt) / held.spanSeconds + 1);
        if (begun > 0) {
            uint256 earned = begun * held.price;
            owed[held.lessor] += earned;
            emit RentPaid(collection, tokenId, held.lessor, earned);
        }
        if (!over) {
            rental.startsAt = uint40(held.startsAt + begun * held.spanSeconds);
            rental.periods = uint16(held.periods - begun);
            return;
        }
        delete _rentals[collection][tokenId];
        uint256 rest = (held.periods - begun) * held.price;
        if (rest > 0) {
            owed[held.user] += rest;
            emit RentReturned(collection, tokenId, held.user, rest);
        }
    }
}
