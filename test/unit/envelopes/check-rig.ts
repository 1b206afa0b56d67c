/** One envelope on one machine, with whatever is wrong about it, and what its check finds. */
import { afterEach } from 'vitest';
import type { EnvelopeFinding } from '../../../src/shared/contract';
import type { Act, EnvelopeContent } from '../../../src/shared/model/envelope';
import type { Hash32 } from '../../../src/shared/model/ids';
import { approveAct, createAct, makeContent, makeEnvelope, SIGNER } from '../../support/envelope-fixture';
import {
  ALL_KEYS,
  createMachine,
  directoryOf,
  type Machine,
  type MachineOptions,
  type TestDirectory,
} from './review-machine';

const machines: Machine[] = [];
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.stop()));
});

export const start = (options: Partial<MachineOptions> = {}): Machine => {
  const machine = createMachine({ person: SIGNER, keys: ALL_KEYS, ...options });
  machines.push(machine);
  return machine;
};

export type Case = {
  readonly content?: EnvelopeContent;
  readonly acts?: (scope: { content: EnvelopeContent; digest: Hash32 }) => Act[];
  readonly directory?: (directory: TestDirectory) => TestDirectory;
  readonly machine?: Partial<MachineOptions>;
  readonly prepare?: (machine: Machine) => void | Promise<void>;
  readonly purpose?: 'approve' | 'sign' | 'look';
};

export const run = async (one: Case = {}): Promise<readonly EnvelopeFinding[]> => {
  const machine = start(one.machine);
  const content = one.content ?? makeContent();
  const digest = makeEnvelope(content, []).digest;
  const scope = { content, digest };
  await machine.fill((one.directory ?? ((all) => all))(directoryOf(content)));
  await machine.take(
    makeEnvelope(content, (one.acts ?? ((all) => [createAct(all), approveAct(all)]))(scope)),
  );
  await one.prepare?.(machine);
  return machine.findings(digest, one.purpose ?? 'sign');
};

export const codes = (findings: readonly EnvelopeFinding[], verdict: EnvelopeFinding['verdict']): string[] =>
  findings.filter((finding) => finding.verdict === verdict).map(({ code }) => code);
export const find = (
  findings: readonly EnvelopeFinding[],
  code: EnvelopeFinding['code'],
  verdict: EnvelopeFinding['verdict'] = 'refused',
) => findings.find((finding) => finding.code === code && finding.verdict === verdict);

export const withLine = (
  content: EnvelopeContent,
  index: number,
  change: (line: EnvelopeContent['lines'][number]) => EnvelopeContent['lines'][number],
): EnvelopeContent => ({
  ...content,
  lines: content.lines.map((line, at) => (at === index ? change(line) : line)),
});
