import type { Enrolment, OwnAccount, Token } from '../../shared/model/directory';
import type { Address, Hex } from '../../shared/model/ids';
import type { CallResult, NetworkClient } from '../chain';
import { addressWord, callData, numberWord, readBool, readNumber, SELECTORS } from './probe-calls';

/**
 * Whether a token would let a holder receive: its own views where they answer, else a simulated transfer of the
 * smallest amount from an own account. `null` when the token gives no sign either way.
 */
export const askEnrolment = async (
  client: NetworkClient,
  token: Token,
  holder: Address,
  ownAccounts: readonly OwnAccount[],
): Promise<Enrolment['state'] | null> => {
  const has = (name: NonNullable<Token['approved']>['interfaces'][number]): boolean =>
    token.approved?.interfaces.includes(name) ?? false;
  const who = addressWord(holder);
  const views: { readonly data: Hex; readonly passes: (answer: Hex) => boolean | null }[] = [];
  const isTrue = (answer: Hex): boolean | null => readBool(answer);
  const isFalse = (answer: Hex): boolean | null => {
    const value = readBool(answer);
    return value === null ? null : !value;
  };
  if (has('erc7943')) views.push({ data: callData(SELECTORS.canReceive, who), passes: isTrue });
  if (has('allowlist')) views.push({ data: callData(SELECTORS.isAllowlisted, who), passes: isTrue });
  if (has('blacklist')) views.push({ data: callData(SELECTORS.isBlacklisted, who), passes: isFalse });
  if (has('freeze')) views.push({ data: callData(SELECTORS.isFrozen, who), passes: isFalse });
  if (has('erc1404'))
    views.push({
      data: callData(SELECTORS.detectTransferRestriction, who, who, numberWord(0n)),
      passes: (answer) => {
        const code = readNumber(answer);
        return code === null ? null : code === 0n;
      },
    });
  if (views.length > 0) {
    const answers = await client.callMany(views.map(({ data }) => ({ to: token.address, data })));
    const verdicts = answers.map((answer, index) =>
      answer.ok ? (views[index]?.passes(answer.data) ?? null) : null,
    );
    if (verdicts.includes(false)) return 'not-enrolled';
    if (verdicts.includes(true)) return 'enrolled';
  }
  return simulate(client, token, holder, ownAccounts);
};

/** A transfer to the holder, compared with the same transfer to oneself, which tells the sender's fault from the holder's. */
const simulate = async (
  client: NetworkClient,
  token: Token,
  holder: Address,
  ownAccounts: readonly OwnAccount[],
): Promise<Enrolment['state'] | null> => {
  const isPassed = (answer: CallResult | undefined): boolean =>
    answer?.ok === true && (answer.data === '0x' || readBool(answer.data) === true);
  for (const { address } of ownAccounts) {
    const transferTo = (to: Address) => ({
      from: address,
      to: token.address,
      data: callData(SELECTORS.transfer, addressWord(to), numberWord(1n)),
    });
    const [toHolder, toSelf] = await client.callMany([transferTo(holder), transferTo(address)]);
    if (isPassed(toHolder)) return 'enrolled';
    if (isPassed(toSelf)) return 'not-enrolled';
  }
  return null;
};
