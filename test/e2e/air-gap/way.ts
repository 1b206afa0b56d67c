/**
 * A batch on its way through people and machines, driven as they drive it: a maker on an online machine without an
 * account's key, an approver on a second one, and a signer on a machine that connects to nothing. Between them go files.
 * Used by the journey and by the demonstration.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { SANDBOX_MNEMONIC, type Sandbox, samplePain001 } from '../../sandbox/index';
import type { RunningApp } from '../lanes/lane';
import { closesBy } from '../pages/approval';
import { ask } from '../pages/bridge';
import { expect } from '../pages/expect';
import { readPayments } from '../pages/facts';
import { importEnvelope, openedEnvelope, readChallenge, readWordsFor, typeWords } from '../pages/inbox';
import { createVault, restoreVault, startEmpty } from '../pages/onboarding';
import { chooseFile, createBatch, openBatch, readVerdict, releaseHolds } from '../pages/payments';
import {
  adoptPolicy,
  draftPolicy,
  type PolicyPerson,
  readPeopleFile,
  saveCard,
  savePolicy,
} from '../pages/people';
import { importDirectory, openSettings } from '../pages/settings';

export const PEOPLE = {
  maker: { name: 'Mia Maker', roles: ['maker'] },
  approver: { name: 'Arno Approver', roles: ['approver'] },
  signer: { name: 'Sami Signer', roles: ['signer'] },
} as const satisfies Record<string, PolicyPerson>;
export type Who = keyof typeof PEOPLE;

export type WayDeps = {
  readonly root: string;
  readonly start: (who: Who) => Promise<RunningApp>;
  readonly sandbox: Sandbox;
  /** Every app may read and write here. */
  readonly folder: string;
  readonly payments: number;
  readonly currencies: readonly string[];
  readonly say: (line: string) => void;
  /** Takes a picture of a window. */
  readonly picture: (page: Page, name: string) => Promise<void>;
};

/** What the independent verifier says of a file. */
export type Verdict = {
  readonly agrees: boolean;
  readonly digest: string;
  readonly words?: readonly string[];
};

export type Way = {
  readonly maker: RunningApp;
  readonly payments: number;
  readonly settled: number;
  readonly rejected: number;
  readonly currencies: readonly string[];
  readonly approvals: number;
  /** The words that were read, the words that were typed and the words of the independent program are the same. */
  readonly wordsAgree: boolean;
  /** The independent program agrees with everything in the signed envelope. */
  readonly isVerified: boolean;
  readonly digest: string;
  readonly signedFile: string;
};

export const createWay = (deps: WayDeps) => {
  const { folder, sandbox, say, picture } = deps;
  const at = (name: string): string => path.join(folder, name);
  const write = (name: string, text: string): string => {
    writeFileSync(at(name), text);
    chmodSync(at(name), 0o644);
    return at(name);
  };

  /** An independent program's view of an envelope; throws with its words when it does not agree. */
  const verify = (file: string, policy: string, challenge: string): Verdict => {
    const output = execFileSync(
      process.execPath,
      [
        path.join(deps.root, 'scripts/verify.mjs'),
        'envelope',
        file,
        '--policy',
        policy,
        '--challenge',
        challenge,
        '--json',
      ],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    return JSON.parse(output) as Verdict;
  };

  const setUp = async (): Promise<Readonly<Record<Who, RunningApp>>> => {
    say('setting up the maker’s machine, online, without an account’s key');
    const maker = await deps.start('maker');
    await createVault(maker);
    await startEmpty(maker.page, { person: PEOPLE.maker.name, workspace: 'Larkfield treasury' });
    await importDirectory(maker, write('directory.json', JSON.stringify(sandbox.directory)));
    await openSettings(maker.page, 'Accounts');
    await picture(maker.page, '31-accounts-watch-only');

    say('setting up the approver’s machine');
    const approver = await deps.start('approver');
    await createVault(approver);
    await startEmpty(approver.page, { person: PEOPLE.approver.name, workspace: 'Larkfield approvals' });
    await importDirectory(approver, at('directory.json'));

    say('setting up the signer’s machine, offline, with the accounts’ keys');
    // What tokens are, the offline machine learns from a file of one that has looked.
    await openSettings(maker.page, 'Directory files');
    await maker.saveNext(at('directory-seen.json'));
    await maker.page.getByRole('button', { name: 'Save the directory as a file' }).click();
    await expect(maker.page.getByText('Directory saved')).toBeVisible();
    chmodSync(at('directory-seen.json'), 0o644);
    const signer = await deps.start('signer');
    await restoreVault(signer, { words: SANDBOX_MNEMONIC, accounts: 3, mode: 'offline' });
    await startEmpty(signer.page, { person: PEOPLE.signer.name, workspace: 'Larkfield signer' });
    await picture(signer.page, '32-offline-people');
    await importDirectory(signer, at('directory-seen.json'));
    return { maker, approver, signer };
  };

  const sharePolicy = async (apps: Readonly<Record<Who, RunningApp>>): Promise<string> => {
    const { maker, approver, signer } = apps;
    say('everybody gives their card; the maker drafts the policy, the approver signs it');
    for (const who of ['approver', 'signer'] as const) {
      const card = at(`${who}.nostro`);
      await saveCard(apps[who], card);
      chmodSync(card, 0o644);
      await readPeopleFile(maker, card);
    }
    await picture(maker.page, '33-people-cards');
    await draftPolicy(maker.page, {
      company: sandbox.description.company.name,
      own: PEOPLE.maker,
      others: [PEOPLE.approver, PEOPLE.signer],
      row: null,
    });
    await picture(maker.page, '34-policy-draft');
    await savePolicy(maker, at('policy-draft.nostro'));
    chmodSync(at('policy-draft.nostro'), 0o644);
    await readPeopleFile(approver, at('policy-draft.nostro'));
    await adoptPolicy(approver, (page) => picture(page, '35-policy-window'));
    const signed = at('policy.nostro');
    await savePolicy(approver, signed);
    chmodSync(signed, 0o644);
    for (const app of [maker, signer]) {
      await readPeopleFile(app, signed);
      await adoptPolicy(app);
    }
    await openSettings(signer.page, 'People');
    await picture(signer.page, '36-policy-in-force');
    return signed;
  };

  /** The checker speaks digits, the other one reads words, the checker types them. */
  const compareByVoice = async (
    checker: Page,
    readerApp: RunningApp,
    onReader: (page: Page) => Promise<void>,
  ): Promise<{ readonly challenge: string; readonly words: readonly string[]; readonly agrees: boolean }> => {
    const challenge = await readChallenge(checker);
    const reader = await (await openedEnvelope(readerApp)).review('Read');
    const words = await readWordsFor(reader.page, challenge);
    await onReader(reader.page);
    await closesBy(reader.page, reader.close);
    return { challenge, words, agrees: await typeWords(checker, words) };
  };

  const makeEnvelope = async (maker: RunningApp): Promise<string> => {
    const { page } = maker;
    say(`the maker imports ${deps.payments} payments and makes an envelope`);
    const file = write(
      'payments.xml',
      samplePain001(sandbox.description, {
        count: deps.payments,
        currencies: deps.currencies,
        messageId: 'LARKFIELD-AIRGAP-1',
      }),
    );
    await chooseFile(maker, file);
    expect(await readVerdict(page)).toBe('right');
    await releaseHolds(page);
    const batch = await createBatch(page);
    await batch.preflightForEnvelope();
    await picture(page, '37-batch-ready');
    await page.getByRole('main').getByRole('button', { name: 'Make envelope' }).click();
    const envelope = await openedEnvelope(maker);
    await picture(page, '38-envelope-made');
    const made = at('envelope.nostro');
    await envelope.save(made);
    chmodSync(made, 0o644);
    return made;
  };

  return {
    verify,
    setUp,
    sharePolicy,
    makeEnvelope,
    compareByVoice,
    run: async (): Promise<Way> => {
      const apps = await setUp();
      const { maker, approver, signer } = apps;
      const policy = await sharePolicy(apps);
      const made = await makeEnvelope(maker);

      say('the approver takes it in, compares by voice and approves');
      const atApprover = await importEnvelope(approver, made);
      await picture(approver.page, '39-approver-envelope');
      const approving = await atApprover.review('Approve');
      const first = await compareByVoice(approving.page, maker, (page) => picture(page, '40-read-the-words'));
      await picture(approving.page, '41-approve');
      await approving.answer();
      const approved = at('envelope-approved.nostro');
      await (await openedEnvelope(approver)).save(approved);
      chmodSync(approved, 0o644);
      await importEnvelope(maker, approved);
      await picture(maker.page, '42-maker-approved');

      say('the signer takes it in, compares by voice and signs');
      const atSigner = await importEnvelope(signer, approved);
      await picture(signer.page, '43-signer-envelope');
      const signing = await atSigner.review('Sign');
      const second = await compareByVoice(signing.page, maker, async () => undefined);
      await picture(signing.page, '44-sign');
      await signing.answer();
      const signedFile = at('envelope-signed.nostro');
      await (await openedEnvelope(signer)).save(signedFile);
      chmodSync(signedFile, 0o644);
      await picture(signer.page, '45-signer-signed');

      say('an independent program reads the signed envelope');
      const verdicts = [first, second].map(({ challenge }) => verify(signedFile, policy, challenge));
      const wordsAgree = [first, second].every(
        ({ words, agrees }, index) =>
          agrees && JSON.stringify(verdicts[index]?.words) === JSON.stringify(words),
      );
      const digest = (JSON.parse(readFileSync(signedFile, 'utf8')) as { digest: string }).digest;
      const isVerified = verdicts.every((verdict) => verdict.agrees && verdict.digest === digest);

      say('the maker takes it in and sends it');
      const atMaker = await importEnvelope(maker, signedFile);
      await atMaker.send();
      await picture(maker.page, '46-maker-sent');
      const { summary } = await ask(maker.page, 'envelopes.get', { digest: atMaker.digest as never });
      const { batchId } = summary;
      if (batchId === null) throw new Error('the envelope has lost its batch');
      let told = -1;
      await expect
        .poll(
          async () => {
            const { byStatus, count } = await ask(maker.page, 'payments.batch', { batchId });
            const settled = byStatus.ACSC ?? 0;
            if (settled !== told) say(`${settled} of ${count} settled`);
            told = settled;
            return count - settled - (byStatus.RJCT ?? 0);
          },
          { timeout: 300_000, intervals: [1_000] },
        )
        .toBe(0);
      await openBatch(maker.page, 'LARKFIELD-AIRGAP-1');
      await picture(maker.page, '47-batch-settled');
      const payments = await readPayments(maker.page, batchId);
      return {
        maker,
        payments: payments.length,
        settled: payments.filter(({ status }) => status === 'ACSC').length,
        rejected: payments.filter(({ status }) => status === 'RJCT').length,
        currencies: [...new Set(payments.map(({ currency }) => currency as string))].sort(),
        approvals: summary.approvals.given,
        wordsAgree,
        isVerified,
        digest,
        signedFile,
      };
    },
  };
};
