/** Machines and envelopes of the tests of the approval window. Whatever a test started ends with it. */
import { afterEach } from 'vitest';
import type { Act, EnvelopeContent } from '../../../src/shared/model/envelope';
import type { Hash32 } from '../../../src/shared/model/ids';
import { APPROVER, createAct, makeContent, makeEnvelope, SIGNER } from '../../support/envelope-fixture';
import {
  ALL_KEYS,
  createMachine,
  directoryOf,
  type Machine,
  type MachineOptions,
  PASSPHRASE,
} from './review-machine';

const machines: Machine[] = [];
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.stop()));
});
export const start = (options: Partial<MachineOptions> = {}): Machine => {
  const machine = createMachine({ person: APPROVER, ...options });
  machines.push(machine);
  return machine;
};
export const signerMachine = (options: Partial<MachineOptions> = {}) =>
  start({ person: SIGNER, keys: ALL_KEYS, ...options });

export type Scope = { readonly content: EnvelopeContent; readonly digest: Hash32 };

export const scopeOf = (content = makeContent()): Scope => ({
  content,
  digest: makeEnvelope(content, []).digest,
});
/** On a machine whose directory knows all of it. */
export const give = async (
  machine: Machine,
  scope: Scope,
  acts: readonly Act[] = [createAct(scope)],
): Promise<Hash32> => {
  await machine.fill(directoryOf(scope.content));
  await machine.take(makeEnvelope(scope.content, acts));
  return scope.digest;
};
export const yes = (digest: Hash32) => ({ digest, passphrase: PASSPHRASE });
export const no = (digest: Hash32, reason = 'Amount') => ({ ...yes(digest), reason });
