// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DepositToken} from "./DepositToken.sol";

/// What a bank may do to a token overnight: other decimals, or no transfer at all. A wallet that pinned the first
/// implementation has to notice.
contract DepositTokenV2 is DepositToken {
    struct V2Storage {
        uint8 decimals;
        bool refusesAll;
    }

    /// ERC-7201 slot of "nostro.sandbox.DepositTokenV2".
    bytes32 private constant V2_SLOT =
        keccak256(abi.encode(uint256(keccak256("nostro.sandbox.DepositTokenV2")) - 1)) & ~bytes32(uint256(0xff));

    function initializeV2(uint8 newDecimals, bool refusesAll) external reinitializer(2) {
        V2Storage storage v = _v2();
        v.decimals = newDecimals;
        v.refusesAll = refusesAll;
    }

    function decimals() public view override returns (uint8) {
        return _v2().decimals;
    }

    function _screen(address spender, address from, address to) internal view override returns (Why, address) {
        if (_v2().refusesAll) return (Why.Deactivated, address(0));
        return super._screen(spender, from, to);
    }

    function _v2() private pure returns (V2Storage storage s) {
        bytes32 slot = V2_SLOT;
        assembly {
            s.slot := slot
        }
    }
}
