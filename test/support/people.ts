/** People with real keys, their policies and cards, and a machine that belongs to one of them. */
import { createHash } from 'node:crypto';
import { privateKeyToAccount } from 'viem/accounts';
import { createPeopleStore } from '../../src/main/ledger/stores/people-store';
import { createPeople, type People, type PeopleDeps } from '../../src/main/people';
import { digestOfPolicy, encodePolicy } from '../../src/main/people/files';
import { byKey } from '../../src/main/people/policy';
import { checkStatement, signStatement } from '../../src/main/vault/statement';
import type { AppEvent } from '../../src/shared/contract';
import { AppError } from '../../src/shared/errors';
import type { Address, CurrencyCode, Hash32, Instant } from '../../src/shared/model/ids';
import type { PersonRef, PolicyApproval, PolicyContent, Role } from '../../src/shared/model/people';
import { hexToBytes } from './cases';
import { openTestStore } from './open-store';
import { remoteOf } from './remote';

export const PASSPHRASE = 'gravel-Umbrella 71 sundial thermos';
export const AT: Instant = '2026-03-04T05:06:07.000Z';

export type TestPerson = PersonRef & { readonly privateKey: Uint8Array };

/** The same key for the same seed. */
export const makePerson = (name: string, seed = name): TestPerson => {
  const hex = createHash('sha256').update(`person ${seed}`).digest('hex');
  return {
    name,
    key: privateKeyToAccount(`0x${hex}`).address as Address,
    privateKey: hexToBytes(hex),
  };
};

export const as = ({ name, key }: TestPerson, ...roles: Role[]): PolicyContent['people'][number] => ({
  name,
  key,
  roles,
});

export const rule = (currency: string, above: string, approvals: number): PolicyContent['table'][number] => ({
  currency: currency as CurrencyCode,
  above,
  approvals,
});

export const COMPANY = `0x${'c0'.repeat(32)}` as Hash32;

/** Ann makes, Ben and Cem approve, Dia signs. */
export const ann = makePerson('Ann Maker');
export const ben = makePerson('Ben First');
export const cem = makePerson('Cem Second');
export const dia = makePerson('Dia Signer');
export const eve = makePerson('Eve Stranger');

export const makePolicy = (change: Partial<PolicyContent> = {}): PolicyContent => ({
  company: { id: COMPANY, name: 'Example Treasury' },
  number: 1,
  previous: null,
  createdAt: AT,
  people: [as(ann, 'maker'), as(ben, 'approver'), as(cem, 'approver'), as(dia, 'signer')],
  defaultApprovals: 1,
  table: [rule('EUR', '10000.00', 2)],
  changeApprovals: 2,
  ...change,
});

export const successorOf = (before: PolicyContent, change: Partial<PolicyContent> = {}): PolicyContent => ({
  ...before,
  number: before.number + 1,
  previous: digestOfPolicy(before),
  ...change,
});

/** What a signature is put under; a change makes it one for something else. */
export const approvalOf = (
  person: TestPerson,
  content: PolicyContent,
  change: {
    readonly company?: Hash32;
    readonly number?: number;
    readonly digest?: Hash32;
    readonly at?: Instant;
  } = {},
): PolicyApproval => {
  const by = { name: person.name, key: person.key };
  const at = change.at ?? AT;
  const signature = signStatement(
    {
      type: 'policy',
      company: change.company ?? content.company.id,
      digest: change.digest ?? digestOfPolicy(content),
      number: change.number ?? content.number,
      by,
      at,
    },
    person.privateKey,
  );
  return { by, at, signature };
};

export const policyBytes = (content: PolicyContent, ...signers: TestPerson[]): Uint8Array =>
  encodePolicy(
    digestOfPolicy(content),
    content,
    signers.map((person) => approvalOf(person, content)).sort(byKey),
  );

export type Machine = {
  readonly people: People;
  readonly events: AppEvent[];
  readonly saved: { readonly name: string; readonly bytes: Uint8Array }[];
  readonly identified: (PersonRef | null)[];
  /** The wall clock, and what the workspace has evidence of. */
  readonly time: { now: string; latest: Instant | null; anchors: number };
  /** Opens the review and says yes. */
  readonly approve: (digest: Hash32, passphrase?: string) => Promise<void>;
  /** The same store under a new domain, as after an unlock. */
  readonly restart: () => Promise<Machine>;
  readonly test: ReturnType<typeof openTestStore>;
  readonly close: () => void;
};

export const consentWith = (passphrase: string) => ({
  passphrase,
  signal: new AbortController().signal,
  voice: false,
  beginKeeping: () => undefined,
});

export const startMachine = async (
  owner: TestPerson,
  test: ReturnType<typeof openTestStore> = openTestStore(),
): Promise<Machine> => {
  const events: AppEvent[] = [];
  const saved: Machine['saved'] = [];
  const identified: Machine['identified'] = [];
  const time: Machine['time'] = { now: AT, latest: null, anchors: 0 };
  const verify = (passphrase: string | null): void => {
    if (passphrase !== PASSPHRASE) throw new AppError('vault/wrong-passphrase');
  };
  const vault: PeopleDeps['vault'] = {
    personKey: async () => ({ key: owner.key }),
    verifyPassphrase: async (passphrase) => verify(passphrase),
    signStatement: async ({ statement: input, passphrase }) => {
      const { statement, needsPassphrase } = checkStatement(input, owner.key);
      if (needsPassphrase) verify(passphrase);
      return { signature: signStatement(statement, owner.privateKey) };
    },
  };
  const people = createPeople({
    store: remoteOf(createPeopleStore(test.db)),
    vault,
    clock: { now: () => new Date(time.now), monotonicMs: () => 0 },
    latestTime: async () => time.latest,
    saveFile: async ({ suggestedName, content }) => {
      saved.push({ name: suggestedName, bytes: content });
      return suggestedName;
    },
    keepAnchor: async () => {
      time.anchors += 1;
    },
    identify: (who) => identified.push(who),
    emit: (event) => events.push(event),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    isTestRuntime: false,
  });
  await people.start();
  return {
    people,
    events,
    saved,
    identified,
    time,
    approve: async (digest, passphrase = PASSPHRASE) => {
      const { approve } = await people.reviewSubject(digest);
      if (approve === null) throw new Error('there is no yes');
      await approve(consentWith(passphrase));
    },
    restart: () => startMachine(owner, test),
    test,
    close: () => test.close(),
  };
};

export const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
