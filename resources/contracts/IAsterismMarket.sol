// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What can be done with a work that was handed to the market, and what the market says about it.
/// @dev Terms, listings, events and refusals; the rules are in AsterismMarket.
interface IAsterismMarket {
    /// @notice How a work is offered.
    enum Kind {
        None,
        FixedPrice,
        Auction,
        Lease
    }

    /// @notice What an owner sends along with a work, ABI-encoded as the data of `safeTransferFrom`.
    /// @param kind How it is offered.
    /// @param price In wei: the price, the reserve of an auction, or the rent of one period.
    /// @param spanSeconds Length of an auction, or of a period of a lease; 0 for a fixed price.
    /// @param mostPeriods How many periods of a lease may be paid ahead; else 0.
    /// @param only The one who may buy or rent; zero: anybody. Always zero for an auction.
    struct Terms {
        Kind kind;
        uint96 price;
        uint32 spanSeconds;
        uint16 mostPeriods;
        address only;
    }

    /// @notice A work that the market holds for its seller.
    /// @param party Of an auction the highest bidder; else the one who may buy or rent. Zero: nobody yet, anybody.
    /// @param endsAt First second, as a Unix time, in which no bid counts any more; 0 where nothing ends.
    /// @param bid Highest bid in wei.
    struct Listing {
        address seller;
        uint96 price;
        address party;
        uint40 endsAt;
        uint32 spanSeconds;
        uint16 mostPeriods;
        Kind kind;
        uint96 bid;
    }

    /// @notice Rent that is held, and to whom it goes.
    /// @param startsAt Beginning, as a Unix time, of the first period whose rent is still held.
    /// @param periods How many periods' rent is held.
    /// @param givenBack How many leases of the work the user had given back when this one began.
    struct Rental {
        address lessor;
        uint96 price;
        address user;
        uint40 startsAt;
        uint32 spanSeconds;
        uint16 periods;
        uint8 givenBack;
    }

    event Listed(
        address indexed collection,
        uint256 indexed tokenId,
        address indexed seller,
        Kind kind,
        uint96 price,
        uint32 spanSeconds,
        uint16 mostPeriods,
        address only
    );
    event Withdrawn(address indexed collection, uint256 indexed tokenId, address indexed seller);
    event BidPlaced(
        address indexed collection,
        uint256 indexed tokenId,
        address indexed bidder,
        uint96 amount,
        uint40 endsAt
    );
    event Sold(
        address indexed collection,
        uint256 indexed tokenId,
        address indexed buyer,
        address seller,
        uint256 price,
        address royaltyReceiver,
        uint256 royalty
    );
    event Rented(
        address indexed collection,
        uint256 indexed tokenId,
        address indexed user,
        address lessor,
        uint16 periods,
        uint96 price,
        uint40 endsAt
    );
    event RentPaid(address indexed collection, uint256 indexed tokenId, address indexed lessor, uint256 amount);
    event RentReturned(address indexed collection, uint256 indexed tokenId, address indexed user, uint256 amount);
    event PaidOut(address indexed account, address to, uint256 amount);

    error NotACollection(address token);
    error BadTerms();
    error NotOffered(Kind kind);
    error NotTheSeller(address seller);
    error HasBids(address bidder);
    error ForAnother(address only);
    error WrongAmount(uint256 expected);
    error BidTooLow(uint256 least);
    error AuctionOver(uint40 endsAt);
    error AuctionRunning(uint40 endsAt);
    error TermsChanged();
    error TooFarAhead();
    error RentalRunning(address user, uint40 endsAt);
    error NoRental();
    error NothingOwed();
}
