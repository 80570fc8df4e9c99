// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {IERC5267} from "@openzeppelin/contracts/interfaces/IERC5267.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Utils} from "@openzeppelin/contracts/token/ERC721/utils/ERC721Utils.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {CreatorTokens} from "./CreatorTokens.sol";
import {IERC4907} from "./IERC4907.sol";

/// @title The works of one creator.
/// @notice A token's id is the sha-256 of its metadata.json, so the metadata can neither change nor be lost track of:
/// `tokenURI` is the content address that the id already is. Nothing else is stored for a token.
/// @dev The code behind every collection that AsterismFactory makes; it is never used at its own address.
contract AsterismContent is CreatorTokens, EIP712, Initializable, IERC2981, IERC4906, IERC4907 {
    /// @notice What a creator signs to let somebody else pay for the mint.
    /// @param tokenId Sha-256 of metadata.json.
    /// @param buyer Who may redeem it; zero: whoever comes first.
    /// @param price In wei, paid to the owner of the collection; to be sent exactly.
    /// @param validUntil Last second, as a Unix time, in which it counts.
    /// @param series Must equal `voucherSeries`, which the creator raises to withdraw all vouchers given out.
    struct Voucher {
        uint256 tokenId;
        address buyer;
        uint256 price;
        uint64 validUntil;
        uint256 series;
    }

    struct Lease {
        address user;
        uint64 expires;
    }

    /// @param times How many leases of a token its user has ended before their time.
    /// @param latest When the last of them, as a Unix time.
    struct GivenBack {
        uint64 times;
        uint64 latest;
    }

    /// @notice Largest royalty that can be asked, in hundredths of a percent.
    uint96 public constant MAX_ROYALTY_BASIS_POINTS = 1_000;

    bytes32 private constant VOUCHER_TYPE =
        keccak256("Voucher(uint256 tokenId,address buyer,uint256 price,uint64 validUntil,uint256 series)");
    bytes4 private constant ERC4906_ID = 0x49064906;
    bytes16 private constant HEX = "0123456789abcdef";

    /// @notice The series that vouchers must carry.
    uint256 public voucherSeries;
    address private _royaltyReceiver;
    uint96 private _royaltyBasisPoints;
    mapping(uint256 tokenId => Lease) private _leases;

    /// @notice What users have given back. Whoever holds rent for the rest of a lease sees it here, and when, even where the
    /// owner has leased to the same user again since.
    mapping(uint256 tokenId => mapping(address user => GivenBack)) public givenBack;

    event RoyaltyChanged(address receiver, uint96 basisPoints);
    event VouchersWithdrawn(uint256 series);

    error RoyaltyTooHigh(uint96 basisPoints);
    error RoyaltyReceiverMissing();
    error VoucherExpired(uint64 validUntil);
    error VoucherWithdrawn(uint256 series);
    error VoucherForAnother(address buyer);
    error VoucherNotSignedByOwner();
    error WrongPrice(uint256 price, uint256 sent);
    error LeaseRunning(address user, uint64 expires);
    error NotTheUser(address caller);

    constructor() ERC721("", "") Ownable(address(1)) EIP712("Asterism", "1") {
        _transferOwnership(address(0));
        _disableInitializers();
    }

    /// @notice Makes a fresh collection its creator's; called by the factory in the transaction that makes it.
    /// @param creator Owner of the collection, the only one who mints, and first receiver of royalties.
    /// @param royaltyBasisPoints Share of later sales in hundredths of a percent, at most MAX_ROYALTY_BASIS_POINTS.
    function initialize(address creator, uint96 royaltyBasisPoints) external initializer {
        _transferOwnership(creator);
        _setRoyalty(creator, royaltyBasisPoints);
    }

    /// @inheritdoc ERC721
    function name() public pure override returns (string memory) {
        return "Asterism";
    }

    /// @inheritdoc ERC721
    function symbol() public pure override returns (string memory) {
        return "ASTERISM";
    }

    /// @notice `ipfs://f01551220` and the 64 hexadecimal digits of the id: CIDv1, base16, raw bytes, sha-256.
    /// @param tokenId A minted token.
    function tokenURI(uint256 tokenId) public view override returns (string memory) {
        _requireOwned(tokenId);
        bytes memory digits = new bytes(64);
        for (uint256 left = 64; left > 0; tokenId >>= 4) {
            digits[--left] = HEX[tokenId & 15];
        }
        return string.concat("ipfs://f01551220", string(digits));
    }

    /// @notice Mints a work that its creator signed for, to the caller, who pays its price to the creator.
    /// @dev The price goes to the owner at once, so an owner who refuses money only refuses their own sale. An id can be
    /// minted once and never burnt: a voucher cannot be used twice. The signature covers chain and collection.
    function redeem(Voucher calldata voucher, bytes calldata signature) external payable {
        address buyer = _msgSender();
        address creator = owner();
        if (block.timestamp > voucher.validUntil) revert VoucherExpired(voucher.validUntil);
        if (voucher.series != voucherSeries) revert VoucherWithdrawn(voucher.series);
        if (voucher.buyer != address(0) && voucher.buyer != buyer) revert VoucherForAnother(voucher.buyer);
        if (msg.value != voucher.price) revert WrongPrice(voucher.price, msg.value);
        bytes32 digest = _hashTypedDataV4(
            keccak256(
                abi.encode(
                    VOUCHER_TYPE,
                    voucher.tokenId,
                    voucher.buyer,
                    voucher.price,
                    voucher.validUntil,
                    voucher.series
                )
            )
        );
        if (!SignatureChecker.isValidSignatureNowCalldata(creator, digest, signature)) revert VoucherNotSignedByOwner();
        _mint(buyer, voucher.tokenId);
        if (msg.value > 0) Address.sendValue(payable(creator), msg.value);
        ERC721Utils.checkOnERC721Received(buyer, address(0), buyer, voucher.tokenId, "");
    }

    /// @notice Makes every voucher given out so far worthless.
    function withdrawVouchers() external onlyOwner {
        emit VouchersWithdrawn(++voucherSeries);
    }

    /// @notice Royalty of every work in the collection.
    /// @param receiver Who is owed it.
    /// @param basisPoints In hundredths of a percent, at most MAX_ROYALTY_BASIS_POINTS.
    function setRoyalty(address receiver, uint96 basisPoints) external onlyOwner {
        _setRoyalty(receiver, basisPoints);
    }

    /// @inheritdoc IERC2981
    function royaltyInfo(uint256, uint256 salePrice) external view returns (address receiver, uint256 royaltyAmount) {
        // Divided first for the whole part: no sale price overflows.
        uint256 points = _royaltyBasisPoints;
        return (_royaltyReceiver, (salePrice / 10_000) * points + ((salePrice % 10_000) * points) / 10_000);
    }

    /// @notice Leases a token to a user until a time, or lengthens the lease of the same user.
    /// @dev Stricter than ERC-4907 asks: while a lease runs, the owner can neither end nor shorten it, and it stays
    /// when the token is transferred, since somebody may have paid for it. The user can give it back (`endLease`).
    function setUser(uint256 tokenId, address user, uint64 expires) external {
        _checkAuthorized(_requireOwned(tokenId), _msgSender(), tokenId);
        Lease memory running = _leases[tokenId];
        if (running.expires >= block.timestamp && running.user != address(0)) {
            if (user != running.user || expires < running.expires) revert LeaseRunning(running.user, running.expires);
        }
        _setLease(tokenId, user, expires);
    }

    /// @notice The user of a running lease gives it back.
    function endLease(uint256 tokenId) external {
        address user = _msgSender();
        if (userOf(tokenId) != user) revert NotTheUser(user);
        givenBack[tokenId][user] = GivenBack(givenBack[tokenId][user].times + 1, uint64(block.timestamp));
        _setLease(tokenId, address(0), 0);
    }

    /// @inheritdoc IERC4907
    function userOf(uint256 tokenId) public view returns (address) {
        Lease memory lease = _leases[tokenId];
        return lease.expires >= block.timestamp ? lease.user : address(0);
    }

    /// @inheritdoc IERC4907
    function userExpires(uint256 tokenId) external view returns (uint256) {
        return _leases[tokenId].expires;
    }

    /// @notice Asks market places to read a token's metadata again, as after its files became reachable.
    function refreshMetadata(uint256 tokenId) external onlyOwner {
        _requireOwned(tokenId);
        emit MetadataUpdate(tokenId);
    }

    /// @inheritdoc ERC721
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return
            interfaceId == type(IERC2981).interfaceId ||
            interfaceId == type(IERC4907).interfaceId ||
            interfaceId == type(IERC5267).interfaceId ||
            interfaceId == ERC4906_ID ||
            super.supportsInterface(interfaceId);
    }

    function _setLease(uint256 tokenId, address user, uint64 expires) private {
        _leases[tokenId] = Lease(user, expires);
        emit UpdateUser(tokenId, user, expires);
    }

    function _setRoyalty(address receiver, uint96 basisPoints) private {
        if (basisPoints > MAX_ROYALTY_BASIS_POINTS) revert RoyaltyTooHigh(basisPoints);
        if (receiver == address(0)) revert RoyaltyReceiverMissing();
        _royaltyReceiver = receiver;
        _royaltyBasisPoints = basisPoints;
        emit RoyaltyChanged(receiver, basisPoints);
    }
}
