// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Base} from "./Base.sol";
import {IStarRegistry} from "contracts/IStarRegistry.sol";

/// @dev Gas of the calls as they are paid for, kept in snapshots/: with FORGE_SNAPSHOT_CHECK a difference is a failure.
/// @custom:isolate Each call counts as a transaction of its own.
contract GasTest is Base {
    function suite() internal pure override returns (string memory) {
        return "GasTest";
    }

    uint256 private id;

    function setUp() public override {
        super.setUp();
        id = minted(1);
        // Nobody's first token or first money, which cost more once.
        minted(2);
        offer(2, fixedPrice(1 ether));
        vm.prank(ada);
        market.buy{value: 1 ether}(address(collection), 2);
        minted(3);
        offer(3, fixedPrice(1 ether));
    }

    function measured(string memory name) private {
        vm.snapshotGasLastCall("calls", name);
    }

    /// forge-config: default.isolate = true
    function test_gas_of_an_auction() public {
        offer(id, auction(1 ether, 1 days));
        measured("auction 1: offer");
        bidAs(ada, id, 1 ether);
        measured("auction 2: first bid");
        bidAs(bob, id, 2 ether);
        measured("auction 3: second bid");
        vm.warp(START + 1 days);
        market.settle(address(collection), id);
        measured("auction 4: settle");
        vm.prank(ada);
        market.withdraw(payable(ada));
        measured("auction 5: withdraw");
    }

    /// forge-config: default.isolate = true
    function test_gas_of_a_sale() public {
        offer(id, fixedPrice(1 ether));
        measured("sale 1: offer");
        vm.prank(ada);
        market.buy{value: 1 ether}(address(collection), id);
        measured("sale 2: buy");
        vm.prank(creator);
        market.cancel(address(collection), 3);
        measured("sale 3: cancel another");
    }

    /// forge-config: default.isolate = true
    function test_gas_of_a_lease() public {
        vm.prank(creator);
        collection.setUser(id, lab, uint64(START + 1));
        measured("lease: granted by the owner");
        vm.warp(START + 2);
        offer(id, lease(1 ether, 1 days, 9));
        measured("lease 1: offer");
        vm.prank(lab);
        market.rent{value: 3 ether}(address(collection), id, 1 days, 3);
        measured("lease 2: rent");
        vm.warp(START + 1 days + 2);
        market.collect(address(collection), id);
        measured("lease 3: collect");
    }

    /// forge-config: default.isolate = true
    function test_gas_of_attestations() public {
        uint256 key = 0x1AB1AB;
        address issuer = vm.addr(key);
        IStarRegistry.Stars memory s = IStarRegistry.Stars(issuer, address(collection), 1, 3_200, 2_900, 3_500, 0, 1);
        bytes32 digest = registry.digestOf(s);
        registry.attestStars(s, signed(key, digest));
        measured("attest: stars");
        IStarRegistry.Contribution memory c = IStarRegistry.Contribution(
            issuer,
            address(collection),
            1,
            14_090,
            "walker-7b",
            "rooms-2026",
            0,
            1
        );
        registry.attestContribution(c, signed(key, registry.digestOf(c)));
        measured("attest: contribution");
        vm.prank(issuer);
        registry.revoke(digest);
        measured("attest: revoke");
    }
}
