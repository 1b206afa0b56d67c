import { AppError } from '../../shared/errors';
import type { TokenInterface, TokenProbe } from '../../shared/model/directory';
import type { Address, Hex } from '../../shared/model/ids';
import type { CallResult, NetworkClient } from '../chain';
import type { Clock } from '../platform/clock';
import { checksummed, hashOfBytes, ZERO_ADDRESS } from './address';
import {
  addressWord,
  callData,
  countWords,
  ERC1967_SLOT,
  numberWord,
  readAddressWord,
  readBool,
  readNumber,
  readText,
  SELECTORS,
  ZEPPELINOS_SLOT,
} from './probe-calls';

const MAX_DECIMALS = 36;
/** What a wallet shows; longer texts are a trick, not a name. */
const MAX_NAME = 200;
const MAX_SYMBOL = 60;
const MAX_CURRENCY = 20;

type Answers = Readonly<Record<Question, CallResult>>;

/** Every view that is asked, with arguments that concern nobody. */
const questionsOf = (token: Address) => {
  const self = addressWord(token);
  const zero = numberWord(0n);
  return {
    control: callData(SELECTORS.control, self, self, zero),
    name: callData(SELECTORS.name),
    symbol: callData(SELECTORS.symbol),
    decimals: callData(SELECTORS.decimals),
    totalSupply: callData(SELECTORS.totalSupply),
    balanceOf: callData(SELECTORS.balanceOf, self),
    currency: callData(SELECTORS.currency),
    canSend: callData(SELECTORS.canSend, self),
    canReceive: callData(SELECTORS.canReceive, self),
    canTransfer: callData(SELECTORS.canTransfer, self, self, zero),
    getFrozenTokens: callData(SELECTORS.getFrozenTokens, self),
    detectTransferRestriction: callData(SELECTORS.detectTransferRestriction, self, self, zero),
    messageForTransferRestriction: callData(SELECTORS.messageForTransferRestriction, zero),
    isAllowlisted: callData(SELECTORS.isAllowlisted, self),
    isBlacklisted: callData(SELECTORS.isBlacklisted, self),
    isFrozen: callData(SELECTORS.isFrozen, self),
    paused: callData(SELECTORS.paused),
    authorizationState: callData(SELECTORS.authorizationState, self, zero),
    nonces: callData(SELECTORS.nonces, self),
    domainSeparator: callData(SELECTORS.domainSeparator),
    eip712Domain: callData(SELECTORS.eip712Domain),
    getOperators: callData(SELECTORS.getOperators),
    engagedAmount: callData(SELECTORS.engagedAmount, self),
    transferWithMemo: callData(SELECTORS.transferWithMemo, self, zero, zero),
  };
};
type Question = keyof ReturnType<typeof questionsOf>;

/** What a call told, in a form that two calls can be compared by. */
const traceOf = (answer: CallResult): string =>
  answer.ok ? `ok:${answer.data}` : `${answer.kind}:${answer.revertData ?? ''}`;

const readInterfaces = (answers: Answers, code: Hex): TokenInterface[] => {
  const { control } = answers;
  // A contract that answers a function nobody has answers anything: such an answer says nothing.
  const dataOf = (question: Question): Hex => {
    const answer = answers[question];
    return answer.ok && traceOf(answer) !== traceOf(control) ? answer.data : ('0x' as Hex);
  };
  const isBool = (question: Question): boolean => readBool(dataOf(question)) !== null;
  const isNumber = (question: Question): boolean => readNumber(dataOf(question)) !== null;
  const code1404 = readNumber(dataOf('detectTransferRestriction'));

  // A transfer that says "you may not" in words of its own proves the function as well as one that passes; the same
  // words as for an unknown function prove nothing, and neither does a selector in the code alone.
  const memo = answers.transferWithMemo;
  const hasMemo =
    traceOf(memo) !== traceOf(control) &&
    (memo.ok || (memo.revertData !== null && memo.revertData !== '0x')) &&
    code.includes(SELECTORS.transferWithMemo.slice(2));

  const found: readonly (readonly [TokenInterface, boolean])[] = [
    ['erc7943', isBool('canSend') && isBool('canReceive') && isBool('canTransfer')],
    [
      'erc1404',
      code1404 !== null &&
        code1404 <= 255n &&
        readText(dataOf('messageForTransferRestriction'), 300) !== null,
    ],
    ['allowlist', isBool('isAllowlisted')],
    ['blacklist', isBool('isBlacklisted')],
    ['freeze', isBool('isFrozen') || isNumber('getFrozenTokens')],
    ['pause', isBool('paused')],
    ['eip3009', isBool('authorizationState')],
    ['eip2612', isNumber('nonces') && isNumber('domainSeparator')],
    ['erc5267', countWords(dataOf('eip712Domain')) >= 7],
    ['memo', hasMemo],
    ['redemption', countWords(dataOf('getOperators')) === 3 && isNumber('engagedAmount')],
    ['currency', readText(dataOf('currency'), MAX_CURRENCY) !== null],
  ];
  return found.filter(([, isFound]) => isFound).map(([name]) => name);
};

const readImplementation = async (
  client: NetworkClient,
  address: Address,
  block: bigint,
): Promise<{ kind: TokenProbe['proxyKind']; implementation: Address | null; code: Hex | null }> => {
  const slots = [
    ['erc1967', ERC1967_SLOT],
    ['zeppelinos', ZEPPELINOS_SLOT],
  ] as const;
  for (const [kind, slot] of slots) {
    const target = readAddressWord(await client.getStorageAt(address, slot, block));
    if (target === null || target === ZERO_ADDRESS) continue;
    const code = await client.getCode(target, block);
    if (code !== '0x') return { kind, implementation: checksummed(target), code };
  }
  return { kind: 'none', implementation: null, code: null };
};

/**
 * Asks the chain what stands at an address, all at one block: code, proxy implementation (ERC-1967 and zeppelinos
 * slots), ERC-20 facts, which known views answer. Throws `directory/not-a-token` where no ERC-20 stands, and the chain's
 * errors.
 */
export const probeToken = async (
  client: NetworkClient,
  clock: Clock,
  address: Address,
): Promise<TokenProbe> => {
  const head = await client.getBlock('latest');
  if (head === null) throw new AppError('chain/invalid-answer', { question: 'latest block' });
  const block = head.number;
  const code = await client.getCode(address, block);
  if (code === '0x') throw new AppError('directory/not-a-token', { address, reason: 'no-code' });
  const proxy = await readImplementation(client, address, block);

  const questions = Object.entries(questionsOf(address)) as [Question, Hex][];
  const results = await client.callMany(
    questions.map(([, data]) => ({ from: address, to: address, data })),
    block,
  );
  const answers = Object.fromEntries(
    questions.map(([question], index) => [question, results[index]]),
  ) as Answers;
  const dataOf = (question: Question): Hex => {
    const answer = answers[question];
    return answer.ok ? answer.data : ('0x' as Hex);
  };

  const decimals = readNumber(dataOf('decimals'));
  const supply = readNumber(dataOf('totalSupply'));
  const balance = readNumber(dataOf('balanceOf'));
  const answersAnything = answers.control.ok && answers.control.data !== '0x';
  if (decimals === null || supply === null || balance === null || answersAnything)
    throw new AppError('directory/not-a-token', { address, reason: 'no-erc20' });
  if (decimals > BigInt(MAX_DECIMALS))
    throw new AppError('directory/not-a-token', { address, reason: 'decimals', decimals });

  // The block may have been replaced while we asked: then the answers are of no one state.
  const after = await client.getBlock(block);
  if (after?.hash !== head.hash) throw new AppError('chain/invalid-answer', { question: 'block replaced' });

  return {
    probedAt: clock.now().toISOString(),
    blockNumber: block,
    blockHash: head.hash,
    codeHash: hashOfBytes(code),
    implementation: proxy.implementation,
    implementationCodeHash: proxy.code === null ? null : hashOfBytes(proxy.code),
    proxyKind: proxy.kind,
    name: readText(dataOf('name'), MAX_NAME) ?? '',
    symbol: readText(dataOf('symbol'), MAX_SYMBOL) ?? '',
    decimals: Number(decimals),
    currency: readText(dataOf('currency'), MAX_CURRENCY),
    interfaces: readInterfaces(answers, proxy.code ?? code),
  };
};

/** What of an approved token no longer stands (policy P2). Empty: it is the token that was approved. */
export const findChanges = (approved: TokenProbe, now: TokenProbe): readonly string[] => {
  const facts = ['decimals', 'implementation', 'codeHash', 'implementationCodeHash'] as const;
  return facts.filter((fact) => approved[fact] !== now[fact]);
};
