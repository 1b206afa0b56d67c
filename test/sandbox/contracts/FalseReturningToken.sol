// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// An ERC-20 of the old kind: it answers false where others revert, so a mined and successful transaction may have
/// moved nothing.
contract FalseReturningToken {
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);

    string public name;
    string public symbol;
    uint8 public immutable decimals;
    address public immutable issuer;
    uint256 public totalSupply;
    mapping(address => uint256) public balanceOf;
    mapping(address => mapping(address => uint256)) public allowance;
    mapping(address => bool) public isAllowlisted;

    constructor(string memory tokenName, string memory tokenSymbol, uint8 tokenDecimals, address tokenIssuer) {
        name = tokenName;
        symbol = tokenSymbol;
        decimals = tokenDecimals;
        issuer = tokenIssuer;
    }

    function transfer(address to, uint256 value) external returns (bool) {
        return _move(msg.sender, to, value);
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        if (allowance[from][msg.sender] < value) return false;
        if (!_move(from, to, value)) return false;
        allowance[from][msg.sender] -= value;
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        allowance[msg.sender][spender] = value;
        emit Approval(msg.sender, spender, value);
        return true;
    }

    function setAddressAllowlist(address account, bool status, bytes calldata) external {
        require(msg.sender == issuer, "issuer only");
        isAllowlisted[account] = status;
    }

    function mint(address to, uint256 value) external returns (bool) {
        if (msg.sender != issuer) return false;
        totalSupply += value;
        balanceOf[to] += value;
        emit Transfer(address(0), to, value);
        return true;
    }

    function _move(address from, address to, uint256 value) private returns (bool) {
        if (!isAllowlisted[to] || balanceOf[from] < value) return false;
        balanceOf[from] -= value;
        balanceOf[to] += value;
        emit Transfer(from, to, value);
        return true;
    }
}
