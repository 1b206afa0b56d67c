// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// How a sandbox token is set up. The sandbox deploys one implementation many times; only this differs.
struct TokenSetup {
    string name;
    string symbol;
    string currency; // ISO 4217, or CNH
    string version; // EIP-712 domain version
    uint8 decimals;
    uint8 errorStyle; // RefusalStyle below
    uint8 memoStyle; // MemoStyle below
    uint32 features; // Features below
    address admin; // the issuing bank's key
    address registrar;
    address operations;
    address technical;
}

/// Bits of TokenSetup.features. A function whose bit is not set behaves as if it were not in the contract: it
/// reverts without data, exactly what a wallet sees when it calls a selector that does not exist.
library Features {
    uint32 internal constant ALLOWLIST = 1 << 0; // both ends must be enrolled
    uint32 internal constant CHECK_SPENDER = 1 << 1; // the caller of transferFrom must be enrolled too
    uint32 internal constant BLOCKLIST = 1 << 2; // FiatToken's isBlacklisted family
    uint32 internal constant FREEZE_VIEW = 1 << 3; // isFrozen
    uint32 internal constant PAUSE_VIEW = 1 << 4; // paused
    uint32 internal constant ALLOWLIST_VIEW = 1 << 5; // isAllowlisted, isAllowlistEnabled
    uint32 internal constant ERC7943_VIEWS = 1 << 6; // canSend, canReceive, canTransfer
    uint32 internal constant PARTIAL_FREEZE = 1 << 7; // getFrozenTokens, getActiveBalanceOf
    uint32 internal constant ERC1404_VIEWS = 1 << 8; // detectTransferRestriction, messageForTransferRestriction
    uint32 internal constant ERC165 = 1 << 9; // supportsInterface
    uint32 internal constant EIP3009 = 1 << 10;
    uint32 internal constant EIP2612 = 1 << 11;
    uint32 internal constant ERC5267 = 1 << 12; // eip712Domain
    uint32 internal constant MEMO = 1 << 13; // transferWithMemo, transferFromWithMemo
    uint32 internal constant REDEMPTION = 1 << 14; // transfers to the bank become requests
    uint32 internal constant CURRENCY_VIEW = 1 << 15; // currency
}

library RefusalStyle {
    uint8 internal constant ERC7943 = 0; // ERC-7943 and ERC-6093 errors
    uint8 internal constant STRINGS = 1; // revert strings, worded as Circle's FiatToken words them
    uint8 internal constant TIP20 = 2; // PolicyForbids()
    uint8 internal constant B20 = 3; // PolicyForbids(bytes32,uint64)
    uint8 internal constant OPAQUE = 4; // an error that no published interface has
    uint8 internal constant SILENT = 5; // revert without data
    uint8 internal constant CAST = 6; // SmartCoin: Unauthorized(address), ContractPaused()
}

library MemoStyle {
    uint8 internal constant TIP20 = 0; // TransferWithMemo, and no return value
    uint8 internal constant B20 = 1; // Memo right after Transfer, returns true
    uint8 internal constant BOTH = 2; // both events, returns true
    uint8 internal constant TIP20_BOOL = 3; // TransferWithMemo, returns true
}

/// TIP-20 (Tempo)
library Tip20Errors {
    error PolicyForbids();
    error ContractPaused();
    error InsufficientBalance(uint256 available, uint256 required, address token);
    error InsufficientAllowance();
    error InvalidRecipient();
}

/// B20 (Base)
library B20Errors {
    error PolicyForbids(bytes32 scope, uint64 policyId);
    error ContractPaused(uint8 feature);
    error InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
}

/// CAST SmartCoin (CoinVertible)
library CastErrors {
    error Unauthorized(address account);
    error ContractPaused();
    error InsufficientBalance(uint256 current, uint256 required);
    error UnknownRequest(bytes32 transferHash);
}

/// Everything a wallet can meet on a bank's deposit token, under the names the real ones use.
/// Which part of it answers depends on TokenSetup.features.
interface IDepositToken {
    // ERC-20, ERC-6093
    event Transfer(address indexed from, address indexed to, uint256 value);
    event Approval(address indexed owner, address indexed spender, uint256 value);
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    error ERC20InvalidReceiver(address receiver);
    error ERC20InvalidSender(address sender);

    function name() external view returns (string memory);
    function symbol() external view returns (string memory);
    function decimals() external view returns (uint8);
    function totalSupply() external view returns (uint256);
    function balanceOf(address account) external view returns (uint256);
    function allowance(address owner, address spender) external view returns (uint256);
    function transfer(address to, uint256 value) external returns (bool);
    function approve(address spender, uint256 value) external returns (bool);
    function transferFrom(address from, address to, uint256 value) external returns (bool);

    // ERC-7943
    event ForcedTransfer(address indexed from, address indexed to, uint256 amount);
    event Frozen(address indexed account, uint256 amount);
    error ERC7943CannotSend(address account);
    error ERC7943CannotReceive(address account);
    error ERC7943CannotTransfer(address from, address to, uint256 amount);
    error ERC7943InsufficientUnfrozenBalance(address account, uint256 amount, uint256 unfrozen);

    function canSend(address account) external view returns (bool);
    function canReceive(address account) external view returns (bool);
    function canTransfer(address from, address to, uint256 amount) external view returns (bool);
    function getFrozenTokens(address account) external view returns (uint256);
    function setFrozenTokens(address account, uint256 amount) external returns (bool);
    function forcedTransfer(address from, address to, uint256 amount) external returns (bool);
    function supportsInterface(bytes4 interfaceId) external view returns (bool);

    // ERC-1404 with CMTAT v3's codes, and CMTAT's active balance
    function detectTransferRestriction(address from, address to, uint256 value) external view returns (uint8);
    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 value)
        external
        view
        returns (uint8);
    function messageForTransferRestriction(uint8 code) external view returns (string memory);
    function getActiveBalanceOf(address account) external view returns (uint256);

    // lists, freeze, pause
    event AddressAddedToAllowlist(
        address indexed account, bool indexed status, address indexed enforcer, bytes data
    );
    event AddressFrozen(address indexed userAddress, bool indexed isFrozen, address indexed owner);
    event Blacklisted(address indexed account);
    event UnBlacklisted(address indexed account);
    event Paused(address account);
    event Unpaused(address account);
    error EnforcedPause();

    function isAllowlisted(address account) external view returns (bool);
    function isAllowlistEnabled() external view returns (bool);
    function setAddressAllowlist(address account, bool status, bytes calldata data) external;
    function isBlacklisted(address account) external view returns (bool);
    function blacklist(address account) external;
    function unBlacklist(address account) external;
    function isFrozen(address account) external view returns (bool);
    function setAddressFrozen(address account, bool freeze) external;
    function paused() external view returns (bool);
    function pause() external;
    function unpause() external;

    // EIP-3009, EIP-2612, ERC-5267
    event AuthorizationUsed(address indexed authorizer, bytes32 indexed nonce);
    event AuthorizationCanceled(address indexed authorizer, bytes32 indexed nonce);
    error AuthorizationInvalid(address authorizer, bytes32 nonce);
    error ERC2612ExpiredSignature(uint256 deadline);
    error ERC2612InvalidSigner(address signer, address owner);

    function authorizationState(address authorizer, bytes32 nonce) external view returns (bool);
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) external;
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;
    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s) external;
    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;
    function nonces(address owner) external view returns (uint256);
    function DOMAIN_SEPARATOR() external view returns (bytes32);
    function version() external view returns (string memory);
    function eip712Domain()
        external
        view
        returns (
            bytes1 fields,
            string memory domainName,
            string memory domainVersion,
            uint256 chainId,
            address verifyingContract,
            bytes32 salt,
            uint256[] memory extensions
        );

    // payment reference: TIP-20 and B20 share the selectors
    event TransferWithMemo(address indexed from, address indexed to, uint256 amount, bytes32 indexed memo);
    event Memo(address indexed caller, bytes32 indexed memo);

    function transferWithMemo(address to, uint256 amount, bytes32 memo) external returns (bool);
    function transferFromWithMemo(address from, address to, uint256 amount, bytes32 memo) external returns (bool);

    // issue, redeem, two-step redemption
    event TransferRequested(bytes32 transferHash, address indexed from, address indexed to, uint256 value);
    event TransferValidated(bytes32 transferHash);
    event TransferRejected(bytes32 transferHash);

    function mint(address to, uint256 amount) external returns (bool);
    function burn(uint256 amount) external returns (bool);
    function validateTransfer(bytes32 transferHash) external returns (bool);
    function rejectTransfer(bytes32 transferHash) external returns (bool);
    function engagedAmount(address account) external view returns (uint256);
    function getOperators() external view returns (address registrar, address operations, address technical);
    function currency() external view returns (string memory);

    // sandbox only
    error NotIssuer(address caller);

    function initialize(TokenSetup calldata setup) external;
    function setStyle(uint8 errorStyle, uint8 memoStyle) external;
}
