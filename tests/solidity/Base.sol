// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAsterismMarket} from "contracts/IAsterismMarket.sol";
import {IStarRegistry} from "contracts/IStarRegistry.sol";

/// @dev The part of forge's cheat codes that these tests use.
interface Vm {
    function getCode(string calldata artifact) external view returns (bytes memory);
    function envOr(string calldata name, string calldata fallbackValue) external view returns (string memory);
    function prank(address sender) external;
    function startPrank(address sender) external;
    function stopPrank() external;
    function deal(address account, uint256 balance) external;
    function warp(uint256 time) external;
    function chainId(uint256 id) external;
    function addr(uint256 key) external pure returns (address);
    function sign(uint256 key, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function assume(bool condition) external pure;
    function expectRevert() external;
    function expectRevert(bytes4 selector) external;
    function expectRevert(bytes calldata data) external;
    function expectEmit() external;
    function snapshotGasLastCall(string calldata group, string calldata name) external returns (uint256);
}

interface Factory {
    function create(uint96 royaltyBasisPoints) external returns (address);
    function collectionOf(address creator) external view returns (address);
    function content() external view returns (address);
    function isCollection(address candidate) external view returns (bool);
}

interface Content {
    struct Voucher {
        uint256 tokenId;
        address buyer;
        uint256 price;
        uint64 validUntil;
        uint256 series;
    }

    error ERC721InvalidSender(address);
    error ERC721IncorrectOwner(address, uint256, address);
    error ERC721InsufficientApproval(address, uint256);
    error OwnableUnauthorizedAccount(address);
    error RoyaltyTooHigh(uint96);
    error VoucherNotSignedByOwner();
    error LeaseRunning(address user, uint64 expires);
    error NotTheUser(address);

    function mint(uint256 tokenId) external;
    function mintBatch(uint256[] calldata tokenIds) external;
    function redeem(Voucher calldata voucher, bytes calldata signature) external payable;
    function setRoyalty(address receiver, uint96 basisPoints) external;
    function royaltyInfo(uint256 tokenId, uint256 price) external view returns (address, uint256);
    function setUser(uint256 tokenId, address user, uint64 expires) external;
    function endLease(uint256 tokenId) external;
    function userOf(uint256 tokenId) external view returns (address);
    function userExpires(uint256 tokenId) external view returns (uint256);
    function owner() external view returns (address);
    function ownerOf(uint256 tokenId) external view returns (address);
    function balanceOf(address account) external view returns (uint256);
    function approve(address to, uint256 tokenId) external;
    function transferFrom(address from, address to, uint256 tokenId) external;
    function safeTransferFrom(address from, address to, uint256 tokenId, bytes calldata data) external;
}

interface Market is IAsterismMarket {
    function listingOf(address collection, uint256 tokenId) external view returns (Listing memory);
    function rentalOf(address collection, uint256 tokenId) external view returns (Rental memory);
    function minimumBid(address collection, uint256 tokenId) external view returns (uint256);
    function owed(address account) external view returns (uint256);
    function onERC721Received(address, address, uint256, bytes calldata) external returns (bytes4);
    function cancel(address collection, uint256 tokenId) external;
    function buy(address collection, uint256 tokenId) external payable;
    function bid(address collection, uint256 tokenId) external payable;
    function settle(address collection, uint256 tokenId) external;
    function rent(address collection, uint256 tokenId, uint32 spanSeconds, uint16 periods) external payable;
    function collect(address collection, uint256 tokenId) external;
    function withdraw(address payable to) external;
}

interface Registry is IStarRegistry {
    function attestStars(Stars calldata stars, bytes calldata signature) external returns (bytes32);
    function attestContribution(Contribution calldata value, bytes calldata signature) external returns (bytes32);
    function revoke(bytes32 digest) external;
    function stateOf(address issuer, bytes32 digest) external view returns (uint8);
    function digestOf(Stars calldata stars) external view returns (bytes32);
    function digestOf(Contribution calldata value) external view returns (bytes32);
}

/// @dev The contracts as shipped, two creators with a collection each, and what tests say with them.
abstract contract Base {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint96 internal constant ROYALTY = 500;
    uint256 internal constant START = 1_800_000_000;
    uint256 internal constant CREATOR_KEY = 0xC0FFEE;

    Factory internal factory;
    Market internal market;
    Registry internal registry;
    Content internal collection;
    address internal creator = vm.addr(CREATOR_KEY);
    address internal ada = address(0xADA);
    address internal bob = address(0xB0B);
    address internal lab = address(0x1AB);

    function setUp() public virtual {
        vm.warp(START);
        factory = Factory(deploy("AsterismFactory", ""));
        market = Market(deploy("AsterismMarket", abi.encode(factory)));
        registry = Registry(deploy("StarRegistry", ""));
        vm.prank(creator);
        collection = Content(factory.create(ROYALTY));
        vm.deal(ada, 1_000 ether);
        vm.deal(bob, 1_000 ether);
        vm.deal(lab, 1_000 ether);
    }

    /// @dev Name of the suite, by which a bug is planted for it alone.
    function suite() internal pure virtual returns (string memory);

    /// @dev From the committed artifact, or from where the environment says: a mutant, or the instrumented source.
    function deploy(string memory name, bytes memory arguments) internal returns (address made) {
        string memory shipped = string.concat("../../resources/contracts/artifacts/", name, ".json");
        string memory instrumented = vm.envOr(string.concat("CODE_", name), shipped);
        string memory from = vm.envOr(string.concat("CODE_", suite(), "_", name), instrumented);
        bytes memory code = bytes.concat(vm.getCode(from), arguments);
        assembly {
            made := create(0, add(code, 0x20), mload(code))
        }
        require(made != address(0), "not deployed");
    }

    function minted(uint256 tokenId) internal returns (uint256) {
        vm.prank(creator);
        collection.mint(tokenId);
        return tokenId;
    }

    function offer(uint256 tokenId, IAsterismMarket.Terms memory terms) internal {
        address owner = collection.ownerOf(tokenId);
        vm.prank(owner);
        collection.safeTransferFrom(owner, address(market), tokenId, abi.encode(terms));
    }

    function fixedPrice(uint96 price) internal pure returns (IAsterismMarket.Terms memory) {
        return IAsterismMarket.Terms(IAsterismMarket.Kind.FixedPrice, price, 0, 0, address(0));
    }

    function auction(uint96 reserve, uint32 spanSeconds) internal pure returns (IAsterismMarket.Terms memory) {
        return IAsterismMarket.Terms(IAsterismMarket.Kind.Auction, reserve, spanSeconds, 0, address(0));
    }

    function lease(uint96 rent, uint32 spanSeconds, uint16 most) internal pure returns (IAsterismMarket.Terms memory) {
        return IAsterismMarket.Terms(IAsterismMarket.Kind.Lease, rent, spanSeconds, most, address(0));
    }

    function bidAs(address who, uint256 tokenId, uint256 amount) internal {
        vm.prank(who);
        market.bid{value: amount}(address(collection), tokenId);
    }

    function signed(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    function same(uint256 actual, uint256 expected, string memory what) internal pure {
        if (actual != expected) revert(string.concat(what, ": ", text(actual), ", expected ", text(expected)));
    }

    function same(address actual, address expected, string memory what) internal pure {
        same(uint256(uint160(actual)), uint256(uint160(expected)), what);
    }

    function text(uint256 value) internal pure returns (string memory) {
        if (value < 10) return string(abi.encodePacked(bytes1(uint8(48 + value))));
        return string.concat(text(value / 10), text(value % 10));
    }

    function within(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + (value % (most - least + 1));
    }
}
