// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {UUPSUpgradeable} from "@openzeppelin/contracts/proxy/utils/UUPSUpgradeable.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {
    B20Errors,
    CastErrors,
    Features,
    IDepositToken,
    MemoStyle,
    RefusalStyle,
    Tip20Errors,
    TokenSetup
} from "./IDepositToken.sol";

/// Sandbox deposit token: one implementation behind ERC-1967 proxies, given a bank's character at initialisation.
/// Test money on a private chain; it gives its issuer every power a bank's token gives, and hides what that bank hides.
contract DepositToken is IDepositToken, Initializable, UUPSUpgradeable {
    /// Why a transfer is refused; one list for the views and for the transfer itself, so they cannot disagree.
    enum Why {
        Nothing,
        Deactivated,
        Paused,
        BadReceiver,
        SenderFrozen,
        ReceiverFrozen,
        SpenderFrozen,
        SenderNotListed,
        ReceiverNotListed,
        SpenderNotListed,
        SenderBlocked,
        ReceiverBlocked,
        SpenderBlocked,
        Balance,
        Unfrozen,
        Allowance
    }

    /// Layout of OpenZeppelin's ERC20Upgradeable: balances +0, allowances +1, supply +2, name +3, symbol +4.
    struct Erc20Storage {
        mapping(address => uint256) balances;
        mapping(address => mapping(address => uint256)) allowances;
        uint256 totalSupply;
        string name;
        string symbol;
    }

    struct Request {
        address from;
        address to;
        uint256 value;
    }

    struct TokenStorage {
        uint8 decimals;
        uint8 errorStyle;
        uint8 memoStyle;
        bool paused;
        uint32 features;
        address admin;
        address registrar;
        address operations;
        address technical;
        string currency;
        string version;
        mapping(address => bool) allowed;
        mapping(address => bool) blocked;
        mapping(address => bool) frozen;
        mapping(address => uint256) frozenAmount;
        mapping(address => uint256) engaged;
        mapping(address => uint256) nonces;
        mapping(address => mapping(bytes32 => bool)) authorizations;
        mapping(bytes32 => Request) requests;
        uint256 requestCount;
    }

    /// ERC-7201 slot of "openzeppelin.storage.ERC20".
    bytes32 private constant ERC20_SLOT = 0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00;
    /// ERC-7201 slot of "nostro.sandbox.DepositToken".
    bytes32 private constant TOKEN_SLOT =
        keccak256(abi.encode(uint256(keccak256("nostro.sandbox.DepositToken")) - 1)) & ~bytes32(uint256(0xff));

    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant PERMIT_TYPEHASH =
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    bytes32 private constant TRANSFER_AUTH_TYPEHASH = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant RECEIVE_AUTH_TYPEHASH = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );
    bytes32 private constant CANCEL_AUTH_TYPEHASH =
        keccak256("CancelAuthorization(address authorizer,bytes32 nonce)");

    /// A selector that no published interface uses: a wallet can only show its hex.
    bytes4 private constant OPAQUE_REFUSAL = 0xb6a90f3e;
    /// B20's policy scopes are named by hash; the sandbox has one policy, number 7.
    bytes32 private constant SCOPE_SENDER = keccak256("SENDER");
    bytes32 private constant SCOPE_RECEIVER = keccak256("RECEIVER");
    bytes32 private constant SCOPE_EXECUTOR = keccak256("EXECUTOR");

    constructor() {
        _disableInitializers();
    }

    function initialize(TokenSetup calldata setup) external initializer {
        Erc20Storage storage e = _erc20();
        e.name = setup.name;
        e.symbol = setup.symbol;
        TokenStorage storage t = _token();
        t.decimals = setup.decimals;
        t.errorStyle = setup.errorStyle;
        t.memoStyle = setup.memoStyle;
        t.features = setup.features;
        t.admin = setup.admin;
        t.registrar = setup.registrar;
        t.operations = setup.operations;
        t.technical = setup.technical;
        t.currency = setup.currency;
        t.version = setup.version;
        // The bank's own desks can always hold what it issued.
        t.allowed[setup.admin] = true;
        t.allowed[setup.registrar] = true;
        t.allowed[setup.operations] = true;
    }

    // ---------------------------------------------------------------- guards

    modifier onlyIssuer() {
        if (msg.sender != _token().admin) revert NotIssuer(msg.sender);
        _;
    }

    modifier onlyRegistrar() {
        if (msg.sender != _token().registrar) revert CastErrors.Unauthorized(msg.sender);
        _;
    }

    /// Plays a contract that does not have the function at all.
    modifier having(uint32 feature) {
        if (!_has(feature)) _revertSilently();
        _;
    }

    function _authorizeUpgrade(address) internal override onlyIssuer {}

    // ---------------------------------------------------------------- ERC-20

    function name() public view returns (string memory) {
        return _erc20().name;
    }

    function symbol() external view returns (string memory) {
        return _erc20().symbol;
    }

    function decimals() public view virtual returns (uint8) {
        return _token().decimals;
    }

    function totalSupply() external view returns (uint256) {
        return _erc20().totalSupply;
    }

    /// Net of what is engaged in redemption requests, as SmartCoin counts it.
    function balanceOf(address account) public view returns (uint256) {
        return _erc20().balances[account] - _token().engaged[account];
    }

    function allowance(address owner, address spender) external view returns (uint256) {
        return _erc20().allowances[owner][spender];
    }

    function transfer(address to, uint256 value) external returns (bool) {
        _send(msg.sender, msg.sender, to, value);
        return true;
    }

    function approve(address spender, uint256 value) external returns (bool) {
        _approve(msg.sender, spender, value);
        return true;
    }

    function transferFrom(address from, address to, uint256 value) external returns (bool) {
        _spend(from, msg.sender, to, value);
        _send(msg.sender, from, to, value);
        return true;
    }

    // ---------------------------------------------------------------- ERC-7943

    function canSend(address account) public view having(Features.ERC7943_VIEWS) returns (bool) {
        return _standing(account, 0) == Why.Nothing;
    }

    function canReceive(address account) public view having(Features.ERC7943_VIEWS) returns (bool) {
        return account != address(0) && _standing(account, 1) == Why.Nothing;
    }

    /// Says nothing about balance, but does count a partial freeze.
    function canTransfer(address from, address to, uint256 amount)
        external
        view
        having(Features.ERC7943_VIEWS)
        returns (bool)
    {
        (Why why,) = _screen(from, from, to);
        if (why != Why.Nothing) return false;
        return _token().frozenAmount[from] == 0 || amount <= _unfrozen(from);
    }

    function getFrozenTokens(address account) external view having(Features.PARTIAL_FREEZE) returns (uint256) {
        return _token().frozenAmount[account];
    }

    function setFrozenTokens(address account, uint256 amount) external onlyIssuer returns (bool) {
        _token().frozenAmount[account] = amount;
        emit Frozen(account, amount);
        return true;
    }

    function forcedTransfer(address from, address to, uint256 amount) external onlyIssuer returns (bool) {
        uint256 balance = balanceOf(from);
        if (amount > balance) revert ERC20InsufficientBalance(from, balance, amount);
        uint256 remaining = balance - amount;
        if (_token().frozenAmount[from] > remaining) {
            _token().frozenAmount[from] = remaining;
            emit Frozen(from, remaining);
        }
        _move(from, to, amount);
        emit ForcedTransfer(from, to, amount);
        return true;
    }

    function supportsInterface(bytes4 interfaceId) external view having(Features.ERC165) returns (bool) {
        return interfaceId == 0x01ffc9a7 || interfaceId == 0x3edbb4c4 || interfaceId == 0x36372b07;
    }

    // ---------------------------------------------------------------- ERC-1404 / CMTAT

    function detectTransferRestriction(address from, address to, uint256 value) external view returns (uint8) {
        return detectTransferRestrictionFrom(from, from, to, value);
    }

    function detectTransferRestrictionFrom(address spender, address from, address to, uint256 value)
        public
        view
        having(Features.ERC1404_VIEWS)
        returns (uint8)
    {
        (Why why,) = _screen(spender, from, to);
        if (why == Why.Nothing && value > _unfrozen(from)) why = Why.Unfrozen;
        return _restrictionCode(why);
    }

    function messageForTransferRestriction(uint8 code)
        external
        view
        having(Features.ERC1404_VIEWS)
        returns (string memory)
    {
        if (code == 0) return "No restriction";
        if (code == 1) return "The token has been deactivated";
        if (code == 2) return "All transfers are paused";
        if (code == 3) return "The sender is frozen";
        if (code == 4) return "The receiver is frozen";
        if (code == 5) return "The spender is frozen";
        if (code == 6) return "The amount exceeds the sender's active balance";
        if (code == 21) return "The sender is not on the allow-list";
        if (code == 22) return "The receiver is not on the allow-list";
        if (code == 23) return "The spender is not on the allow-list";
        if (code == 36) return "The sender is on the block-list";
        if (code == 37) return "The receiver is on the block-list";
        if (code == 38) return "The spender is on the block-list";
        return "Unknown restriction code";
    }

    function getActiveBalanceOf(address account) external view having(Features.PARTIAL_FREEZE) returns (uint256) {
        return _unfrozen(account);
    }

    // ---------------------------------------------------------------- lists, freeze, pause

    function isAllowlisted(address account) external view having(Features.ALLOWLIST_VIEW) returns (bool) {
        return _token().allowed[account];
    }

    function isAllowlistEnabled() external view having(Features.ALLOWLIST_VIEW) returns (bool) {
        return _has(Features.ALLOWLIST);
    }

    function setAddressAllowlist(address account, bool status, bytes calldata data) external onlyIssuer {
        _token().allowed[account] = status;
        emit AddressAddedToAllowlist(account, status, msg.sender, data);
    }

    function isBlacklisted(address account) external view having(Features.BLOCKLIST) returns (bool) {
        return _token().blocked[account];
    }

    function blacklist(address account) external onlyIssuer {
        _token().blocked[account] = true;
        emit Blacklisted(account);
    }

    function unBlacklist(address account) external onlyIssuer {
        _token().blocked[account] = false;
        emit UnBlacklisted(account);
    }

    function isFrozen(address account) external view having(Features.FREEZE_VIEW) returns (bool) {
        return _token().frozen[account];
    }

    function setAddressFrozen(address account, bool freeze) external onlyIssuer {
        _token().frozen[account] = freeze;
        emit AddressFrozen(account, freeze, msg.sender);
    }

    function paused() external view having(Features.PAUSE_VIEW) returns (bool) {
        return _token().paused;
    }

    function pause() external onlyIssuer {
        _token().paused = true;
        emit Paused(msg.sender);
    }

    function unpause() external onlyIssuer {
        _token().paused = false;
        emit Unpaused(msg.sender);
    }

    // ---------------------------------------------------------------- EIP-3009, EIP-2612, ERC-5267

    function authorizationState(address authorizer, bytes32 nonce)
        external
        view
        having(Features.EIP3009)
        returns (bool)
    {
        return _token().authorizations[authorizer][nonce];
    }

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
    ) external having(Features.EIP3009) {
        bytes memory message = abi.encode(TRANSFER_AUTH_TYPEHASH, from, to, value, validAfter, validBefore, nonce);
        _authorized(message, abi.encodePacked(r, s, v));
    }

    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes memory signature
    ) external having(Features.EIP3009) {
        bytes memory message = abi.encode(TRANSFER_AUTH_TYPEHASH, from, to, value, validAfter, validBefore, nonce);
        _authorized(message, signature);
    }

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
    ) external having(Features.EIP3009) {
        if (to != msg.sender) _refuseAuthorization("FiatTokenV2: caller must be the payee", from, nonce);
        bytes memory message = abi.encode(RECEIVE_AUTH_TYPEHASH, from, to, value, validAfter, validBefore, nonce);
        _authorized(message, abi.encodePacked(r, s, v));
    }

    function cancelAuthorization(address authorizer, bytes32 nonce, uint8 v, bytes32 r, bytes32 s)
        external
        having(Features.EIP3009)
    {
        _requireUnused(authorizer, nonce);
        bytes32 structHash = keccak256(abi.encode(CANCEL_AUTH_TYPEHASH, authorizer, nonce));
        if (!_signedBy(authorizer, structHash, abi.encodePacked(r, s, v))) {
            _refuseAuthorization("FiatTokenV2: invalid signature", authorizer, nonce);
        }
        _token().authorizations[authorizer][nonce] = true;
        emit AuthorizationCanceled(authorizer, nonce);
    }

    function permit(
        address owner,
        address spender,
        uint256 value,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external having(Features.EIP2612) {
        bool strings = _token().errorStyle == RefusalStyle.STRINGS;
        if (block.timestamp > deadline) {
            if (strings) revert("FiatTokenV2: permit is expired");
            revert ERC2612ExpiredSignature(deadline);
        }
        bytes32 structHash =
            keccak256(abi.encode(PERMIT_TYPEHASH, owner, spender, value, _token().nonces[owner]++, deadline));
        if (!_signedBy(owner, structHash, abi.encodePacked(r, s, v))) {
            if (strings) revert("EIP2612: invalid signature");
            revert ERC2612InvalidSigner(address(0), owner);
        }
        _approve(owner, spender, value);
    }

    function nonces(address owner) external view having(Features.EIP2612) returns (uint256) {
        return _token().nonces[owner];
    }

    function DOMAIN_SEPARATOR() external view returns (bytes32) {
        if (!_has(Features.EIP2612) && !_has(Features.EIP3009)) _revertSilently();
        return _domainSeparator();
    }

    function version() external view returns (string memory) {
        if (!_has(Features.EIP2612) && !_has(Features.EIP3009)) _revertSilently();
        return _token().version;
    }

    function eip712Domain()
        external
        view
        having(Features.ERC5267)
        returns (bytes1, string memory, string memory, uint256, address, bytes32, uint256[] memory)
    {
        return (0x0f, name(), _token().version, block.chainid, address(this), bytes32(0), new uint256[](0));
    }

    // ---------------------------------------------------------------- payment reference

    function transferWithMemo(address to, uint256 amount, bytes32 memo)
        external
        having(Features.MEMO)
        returns (bool)
    {
        _send(msg.sender, msg.sender, to, amount);
        return _noteMemo(msg.sender, to, amount, memo);
    }

    function transferFromWithMemo(address from, address to, uint256 amount, bytes32 memo)
        external
        having(Features.MEMO)
        returns (bool)
    {
        _spend(from, msg.sender, to, amount);
        _send(msg.sender, from, to, amount);
        return _noteMemo(from, to, amount, memo);
    }

    // ---------------------------------------------------------------- issue, redeem

    function mint(address to, uint256 amount) external onlyIssuer returns (bool) {
        Why why = to == address(0) ? Why.BadReceiver : _standing(to, 1);
        if (why != Why.Nothing) _refuse(why, to, address(0), to, amount);
        Erc20Storage storage e = _erc20();
        e.totalSupply += amount;
        e.balances[to] += amount;
        emit Transfer(address(0), to, amount);
        return true;
    }

    function burn(uint256 amount) external onlyIssuer returns (bool) {
        uint256 balance = balanceOf(msg.sender);
        if (amount > balance) _refuse(Why.Balance, msg.sender, msg.sender, address(0), amount);
        Erc20Storage storage e = _erc20();
        e.balances[msg.sender] -= amount;
        e.totalSupply -= amount;
        emit Transfer(msg.sender, address(0), amount);
        return true;
    }

    function validateTransfer(bytes32 transferHash)
        external
        having(Features.REDEMPTION)
        onlyRegistrar
        returns (bool)
    {
        Request memory request = _takeRequest(transferHash);
        _move(request.from, request.to, request.value);
        emit TransferValidated(transferHash);
        return true;
    }

    function rejectTransfer(bytes32 transferHash)
        external
        having(Features.REDEMPTION)
        onlyRegistrar
        returns (bool)
    {
        _takeRequest(transferHash);
        emit TransferRejected(transferHash);
        return true;
    }

    function engagedAmount(address account) external view having(Features.REDEMPTION) returns (uint256) {
        return _token().engaged[account];
    }

    function getOperators() external view having(Features.REDEMPTION) returns (address, address, address) {
        TokenStorage storage t = _token();
        return (t.registrar, t.operations, t.technical);
    }

    function currency() external view having(Features.CURRENCY_VIEW) returns (string memory) {
        return _token().currency;
    }

    function setStyle(uint8 errorStyle, uint8 memoStyle) external onlyIssuer {
        _token().errorStyle = errorStyle;
        _token().memoStyle = memoStyle;
    }

    // ---------------------------------------------------------------- rules

    /// @param role 0 sender, 1 receiver, 2 spender
    function _standing(address account, uint8 role) internal view virtual returns (Why) {
        TokenStorage storage t = _token();
        if (t.frozen[account]) return Why(uint8(Why.SenderFrozen) + role);
        if (_has(Features.ALLOWLIST) && !t.allowed[account]) return Why(uint8(Why.SenderNotListed) + role);
        if (_has(Features.BLOCKLIST) && t.blocked[account]) return Why(uint8(Why.SenderBlocked) + role);
        return Why.Nothing;
    }

    /// First rule a transfer breaks, leaving amounts aside, and the account that breaks it.
    function _screen(address spender, address from, address to) internal view virtual returns (Why, address) {
        if (_token().paused) return (Why.Paused, address(0));
        if (to == address(0)) return (Why.BadReceiver, to);
        Why why = _standing(from, 0);
        if (why != Why.Nothing) return (why, from);
        why = _standing(to, 1);
        if (why != Why.Nothing) return (why, to);
        if (spender != from && (_has(Features.CHECK_SPENDER) || _has(Features.BLOCKLIST))) {
            why = _standing(spender, 2);
            if (why != Why.Nothing) return (why, spender);
        }
        return (Why.Nothing, address(0));
    }

    function _unfrozen(address account) internal view returns (uint256) {
        uint256 balance = balanceOf(account);
        uint256 held = _token().frozenAmount[account];
        return held >= balance ? 0 : balance - held;
    }

    function _send(address spender, address from, address to, uint256 value) internal {
        (Why why, address who) = _screen(spender, from, to);
        if (why == Why.Nothing && value > balanceOf(from)) (why, who) = (Why.Balance, from);
        if (why == Why.Nothing && value > _unfrozen(from)) (why, who) = (Why.Unfrozen, from);
        if (why != Why.Nothing) _refuse(why, who, from, to, value);
        if (_has(Features.REDEMPTION) && (to == _token().registrar || to == _token().operations)) {
            _request(from, to, value);
        } else {
            _move(from, to, value);
        }
    }

    function _request(address from, address to, uint256 value) private {
        TokenStorage storage t = _token();
        bytes32 transferHash = keccak256(abi.encode(address(this), from, to, value, t.requestCount++));
        t.requests[transferHash] = Request(from, to, value);
        t.engaged[from] += value;
        emit Transfer(from, to, 0);
        emit TransferRequested(transferHash, from, to, value);
    }

    function _takeRequest(bytes32 transferHash) private returns (Request memory request) {
        TokenStorage storage t = _token();
        request = t.requests[transferHash];
        if (request.from == address(0)) revert CastErrors.UnknownRequest(transferHash);
        delete t.requests[transferHash];
        t.engaged[request.from] -= request.value;
    }

    function _move(address from, address to, uint256 value) private {
        Erc20Storage storage e = _erc20();
        e.balances[from] -= value;
        e.balances[to] += value;
        emit Transfer(from, to, value);
    }

    function _approve(address owner, address spender, uint256 value) private {
        if (_has(Features.BLOCKLIST)) {
            if (_token().paused) _refuse(Why.Paused, owner, owner, spender, value);
            Why why = _standing(owner, 0);
            if (why != Why.Nothing) _refuse(why, owner, owner, spender, value);
        }
        _erc20().allowances[owner][spender] = value;
        emit Approval(owner, spender, value);
    }

    function _spend(address from, address spender, address to, uint256 value) private {
        uint256 allowed = _erc20().allowances[from][spender];
        if (allowed < value) _refuse(Why.Allowance, spender, from, to, value);
        if (allowed != type(uint256).max) _erc20().allowances[from][spender] = allowed - value;
    }

    function _noteMemo(address from, address to, uint256 amount, bytes32 memo) private returns (bool) {
        uint8 style = _token().memoStyle;
        if (style == MemoStyle.B20 || style == MemoStyle.BOTH) emit Memo(msg.sender, memo);
        if (style != MemoStyle.B20) emit TransferWithMemo(from, to, amount, memo);
        if (style == MemoStyle.TIP20) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return true;
    }

    // ---------------------------------------------------------------- signatures

    function _domainSeparator() private view returns (bytes32) {
        return keccak256(
            abi.encode(
                DOMAIN_TYPEHASH,
                keccak256(bytes(name())),
                keccak256(bytes(_token().version)),
                block.chainid,
                address(this)
            )
        );
    }

    function _signedBy(address signer, bytes32 structHash, bytes memory signature) private view returns (bool) {
        bytes32 digest = keccak256(abi.encodePacked(hex"1901", _domainSeparator(), structHash));
        return SignatureChecker.isValidSignatureNow(signer, digest, signature);
    }

    function _requireUnused(address authorizer, bytes32 nonce) private view {
        if (_token().authorizations[authorizer][nonce]) {
            _refuseAuthorization("FiatTokenV2: authorization is used or canceled", authorizer, nonce);
        }
    }

    /// @param message abi-encoded type hash and fields of the authorisation, all static
    function _authorized(bytes memory message, bytes memory signature) private {
        (, address from, address to, uint256 value, uint256 validAfter, uint256 validBefore, bytes32 nonce) =
            abi.decode(message, (bytes32, address, address, uint256, uint256, uint256, bytes32));
        if (block.timestamp <= validAfter) {
            _refuseAuthorization("FiatTokenV2: authorization is not yet valid", from, nonce);
        }
        if (block.timestamp >= validBefore) {
            _refuseAuthorization("FiatTokenV2: authorization is expired", from, nonce);
        }
        _requireUnused(from, nonce);
        if (!_signedBy(from, keccak256(message), signature)) {
            _refuseAuthorization("FiatTokenV2: invalid signature", from, nonce);
        }
        _token().authorizations[from][nonce] = true;
        emit AuthorizationUsed(from, nonce);
        _send(msg.sender, from, to, value);
    }

    function _refuseAuthorization(string memory words, address authorizer, bytes32 nonce) private view {
        if (_token().errorStyle == RefusalStyle.STRINGS) revert(words);
        revert AuthorizationInvalid(authorizer, nonce);
    }

    // ---------------------------------------------------------------- refusals

    function _refuse(Why why, address who, address from, address to, uint256 value) internal view {
        uint8 style = _token().errorStyle;
        if (style == RefusalStyle.SILENT) _revertSilently();
        if (style == RefusalStyle.OPAQUE) _revertOpaquely();
        if (style == RefusalStyle.STRINGS) revert(_words(why));
        if (style == RefusalStyle.TIP20) _refuseAsTip20(why, from, value);
        if (style == RefusalStyle.B20) _refuseAsB20(why, who, from, value);
        if (style == RefusalStyle.CAST) _refuseAsCast(why, who, from, value);
        if (why == Why.Paused || why == Why.Deactivated) revert EnforcedPause();
        if (why == Why.BadReceiver) revert ERC20InvalidReceiver(to);
        if (why == Why.Balance) revert ERC20InsufficientBalance(from, balanceOf(from), value);
        if (why == Why.Unfrozen) revert ERC7943InsufficientUnfrozenBalance(from, value, _unfrozen(from));
        if (why == Why.Allowance) {
            revert ERC20InsufficientAllowance(who, _erc20().allowances[from][who], value);
        }
        if (who == from) revert ERC7943CannotSend(who);
        if (who == to) revert ERC7943CannotReceive(who);
        revert ERC7943CannotTransfer(from, to, value);
    }

    function _words(Why why) private pure returns (string memory) {
        if (why == Why.Paused || why == Why.Deactivated) return "Pausable: paused";
        if (why == Why.BadReceiver) return "ERC20: transfer to the zero address";
        if (why == Why.Balance || why == Why.Unfrozen) return "ERC20: transfer amount exceeds balance";
        if (why == Why.Allowance) return "ERC20: transfer amount exceeds allowance";
        return "Blacklistable: account is blacklisted";
    }

    function _refuseAsTip20(Why why, address from, uint256 value) private view {
        if (why == Why.Paused || why == Why.Deactivated) revert Tip20Errors.ContractPaused();
        if (why == Why.BadReceiver) revert Tip20Errors.InvalidRecipient();
        if (why == Why.Balance || why == Why.Unfrozen) {
            revert Tip20Errors.InsufficientBalance(_unfrozen(from), value, address(this));
        }
        if (why == Why.Allowance) revert Tip20Errors.InsufficientAllowance();
        revert Tip20Errors.PolicyForbids();
    }

    function _refuseAsB20(Why why, address who, address from, uint256 value) private view {
        if (why == Why.Paused || why == Why.Deactivated) revert B20Errors.ContractPaused(0);
        if (why == Why.BadReceiver) revert ERC20InvalidReceiver(who);
        if (why == Why.Balance || why == Why.Unfrozen) {
            revert B20Errors.InsufficientBalance(from, _unfrozen(from), value);
        }
        if (why == Why.Allowance) {
            revert B20Errors.InsufficientAllowance(who, _erc20().allowances[from][who], value);
        }
        uint8 role = (uint8(why) - uint8(Why.SenderFrozen)) % 3;
        bytes32 scope = role == 0 ? SCOPE_SENDER : role == 1 ? SCOPE_RECEIVER : SCOPE_EXECUTOR;
        revert B20Errors.PolicyForbids(scope, 7);
    }

    function _refuseAsCast(Why why, address who, address from, uint256 value) private view {
        if (why == Why.Paused || why == Why.Deactivated) revert CastErrors.ContractPaused();
        if (why == Why.BadReceiver) revert ERC20InvalidReceiver(who);
        if (why == Why.Balance || why == Why.Unfrozen) {
            revert CastErrors.InsufficientBalance(_unfrozen(from), value);
        }
        if (why == Why.Allowance) {
            revert ERC20InsufficientAllowance(who, _erc20().allowances[from][who], value);
        }
        revert CastErrors.Unauthorized(who);
    }

    function _restrictionCode(Why why) private pure returns (uint8) {
        if (why == Why.Nothing) return 0;
        if (why == Why.Deactivated) return 1;
        if (why == Why.Paused) return 2;
        if (why == Why.BadReceiver) return 22;
        if (why == Why.Balance || why == Why.Unfrozen) return 6;
        uint8 step = uint8(why) - uint8(Why.SenderFrozen);
        if (step < 3) return 3 + step;
        if (step < 6) return 21 + (step - 3);
        return 36 + (step - 6);
    }

    function _revertSilently() private pure {
        assembly ("memory-safe") {
            revert(0, 0)
        }
    }

    function _revertOpaquely() private pure {
        bytes4 selector = OPAQUE_REFUSAL;
        assembly ("memory-safe") {
            mstore(0, selector)
            revert(0, 4)
        }
    }

    // ---------------------------------------------------------------- storage

    function _has(uint32 feature) internal view returns (bool) {
        return _token().features & feature != 0;
    }

    function _erc20() private pure returns (Erc20Storage storage s) {
        bytes32 slot = ERC20_SLOT;
        assembly {
            s.slot := slot
        }
    }

    function _token() internal pure returns (TokenStorage storage s) {
        bytes32 slot = TOKEN_SLOT;
        assembly {
            s.slot := slot
        }
    }
}
