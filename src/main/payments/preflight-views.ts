/**
 * What a token's own views say about a transfer. Only views that answered when the token was probed are asked; a view
 * that falls silent is `no-answer`, never a pass.
 */
import { decodeAbiString, decodeRestriction } from '../../shared/evm/refusals';
import type { Refusal, Token, TokenInterface } from '../../shared/model/directory';
import { type Address, type Hex, Hex as HexSchema } from '../../shared/model/ids';
import type { PreflightVerdict } from '../../shared/model/payments';
import type { CallAnswer } from '../settlement';
import { addressWord, numberWord, readBool, readWord, VIEW, viewData } from './transfer-data';

export type Check = PreflightVerdict['checks'][number];
export type Finding = { readonly check: Check; readonly refusal: Refusal | null };

export type Question = {
  readonly to: Address;
  readonly from: Address;
  readonly data: Hex;
  /** The same question for several payments is asked once. */
  readonly key: string;
  readonly read: (answer: CallAnswer) => Finding;
};

type CheckName = Check['check'];

const refusalOf = (kind: Refusal['kind']): Refusal => ({ kind, text: null, data: null });

const finding = (check: CheckName, passes: boolean | null, refusal: Refusal): Finding =>
  passes === null
    ? { check: { check, result: 'no-answer', detail: null }, refusal: null }
    : {
        check: { check, result: passes ? 'pass' : 'fail', detail: null },
        refusal: passes ? null : refusal,
      };

const readBoolean = (answer: CallAnswer): boolean | null =>
  answer.outcome === 'returned' ? readBool(answer.data) : null;

/** Interfaces whose views say something about a transfer. A token with none of them is closed: only a simulation tells. */
const TELLING: readonly TokenInterface[] = [
  'erc7943',
  'erc1404',
  'allowlist',
  'blacklist',
  'freeze',
  'pause',
];

export const hasViews = (token: Token): boolean =>
  token.approved?.interfaces.some((name) => TELLING.includes(name)) ?? false;

export const viewQuestions = (
  token: Token,
  sender: Address,
  receiver: Address,
  units: bigint,
): Question[] => {
  const questions: Question[] = [];
  const has = (name: TokenInterface): boolean => token.approved?.interfaces.includes(name) ?? false;
  const ask = (check: CheckName, data: Hex, good: boolean, kind: Refusal['kind']): void => {
    questions.push({
      to: token.address,
      from: sender,
      data,
      key: `${token.id}/${check}/${data}`,
      read: (answer) => {
        const value = readBoolean(answer);
        return finding(check, value === null ? null : value === good, refusalOf(kind));
      },
    });
  };
  const from = addressWord(sender);
  const to = addressWord(receiver);
  if (has('pause')) ask('not-paused', viewData(VIEW.paused), false, 'paused');
  if (has('erc7943')) {
    ask('sender-allowed', viewData(VIEW.canSend, from), true, 'sender-not-allowed');
    ask('receiver-allowed', viewData(VIEW.canReceive, to), true, 'receiver-not-allowed');
    ask(
      'transfer-allowed',
      viewData(VIEW.canTransfer, from, to, numberWord(units)),
      true,
      'transfer-not-allowed',
    );
  }
  if (has('allowlist')) {
    ask('sender-allowed', viewData(VIEW.isAllowlisted, from), true, 'sender-not-allowed');
    ask('receiver-allowed', viewData(VIEW.isAllowlisted, to), true, 'receiver-not-allowed');
  }
  if (has('blacklist')) {
    ask('sender-not-blocked', viewData(VIEW.isBlacklisted, from), false, 'account-blocked');
    ask('receiver-not-blocked', viewData(VIEW.isBlacklisted, to), false, 'account-blocked');
  }
  if (has('freeze')) {
    ask('sender-not-blocked', viewData(VIEW.isFrozen, from), false, 'address-frozen');
    ask('receiver-not-blocked', viewData(VIEW.isFrozen, to), false, 'address-frozen');
  }
  if (has('erc1404')) {
    const data = viewData(VIEW.detectTransferRestriction, from, to, numberWord(units));
    questions.push({
      to: token.address,
      from: sender,
      data,
      key: `${token.id}/restriction/${data}`,
      read: (answer) => {
        const code = answer.outcome === 'returned' ? readWord(answer.data) : null;
        const known = code === null || code > 255n ? null : Number(code);
        return {
          check: {
            check: 'restriction-code',
            result: known === null ? 'no-answer' : known === 0 ? 'pass' : 'fail',
            detail: known === null || known === 0 ? null : String(known),
          },
          refusal: known === null || known === 0 ? null : decodeRestriction(known, null),
        };
      },
    });
  }
  return questions;
};

/** The token's words for a restriction code; the kind of the refusal comes from them. */
export const restrictionMessage = (token: Token, sender: Address, code: number) => ({
  call: {
    to: token.address,
    from: sender,
    data: viewData(VIEW.messageForTransferRestriction, numberWord(BigInt(code))),
  },
  read: (answer: CallAnswer): Refusal =>
    decodeRestriction(code, answer.outcome === 'returned' ? decodeAbiString(answer.data.slice(2)) : null),
});

/**
 * The simulation of the exact calldata. A token that returns nothing passes by not reverting; one that returns true
 * passes; one that returns false would take the fee and move nothing.
 */
export const readSimulation = (answer: CallAnswer, decode: (data: Hex) => Refusal): Finding => {
  const named = (result: Check['result'], refusal: Refusal | null): Finding => ({
    check: { check: 'simulation', result, detail: null },
    refusal,
  });
  if (answer.outcome === 'failed') return named('no-answer', null);
  if (answer.outcome === 'refused') return named('fail', decode(answer.data));
  if (answer.data === '0x' || readBool(answer.data) === true) return named('pass', null);
  if (readBool(answer.data) === false)
    return named('fail', { kind: 'returned-false', text: null, data: answer.data });
  return named('fail', {
    kind: 'unknown',
    text: null,
    data: HexSchema.parse(answer.data.slice(0, 2 + 4096)),
  });
};
