/**
 * The banks' enrolment desk of the sandbox: a folder that holds the directory file for the app, and takes the company's
 * requests to enrol its accounts. What a treasurer does by letter, the app does by file; the banks then put the account
 * on their lists and credit it.
 */
import {
  chmodSync,
  type FSWatcher,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { Address } from '../../src/shared/model/ids';
import type { Sandbox } from './index';

const EnrolmentRequest = z.strictObject({
  format: z.literal('nostro-enrolment-request'),
  version: z.literal(1),
  /** Own accounts in the order of the sandbox's; each gets that account's opening balance. */
  accounts: z.array(z.strictObject({ index: z.number().int().min(0), address: Address })).max(20),
});

/** Native coin for fees, in wei: a thousand whole ones. */
const FEE_MONEY = 1_000n * 10n ** 18n;

export type EnrolmentDesk = {
  /** Directory file for the app; requests go into `requests/` beside it. */
  readonly directoryFile: string;
  /** Resolves when every request so far was handled; rejects with what went wrong. */
  readonly idle: () => Promise<void>;
  readonly close: () => void;
};

/** Without a file it works in a folder of its own, which goes when it closes. */
export const openEnrolmentDesk = (sandbox: Sandbox, file?: string): EnrolmentDesk => {
  const folder = file === undefined ? mkdtempSync(join(tmpdir(), 'nostro-sandbox-')) : dirname(file);
  const directoryFile = file ?? join(folder, 'directory.json');
  const requests = join(folder, 'requests');
  writeFileSync(directoryFile, `${JSON.stringify(sandbox.directory, null, 2)}\n`, { mode: 0o644 });
  mkdirSync(requests, { recursive: true });
  // The app may run as another user than the sandbox.
  chmodSync(folder, 0o755);
  chmodSync(requests, 0o777);

  const { treasury, tokens } = sandbox.description;
  const enrol = async (file: string): Promise<void> => {
    const request = EnrolmentRequest.parse(JSON.parse(readFileSync(file, 'utf8')));
    rmSync(file);
    for (const { index, address } of request.accounts) {
      const account = treasury.accounts[index];
      if (!account || account.address.toLowerCase() === address.toLowerCase()) continue;
      await sandbox.fundNative(address as `0x${string}`, FEE_MONEY);
      for (const token of tokens) {
        // Asking twice does not pay twice.
        if ((await sandbox.balanceOf(token.address, address as `0x${string}`)) > 0n) continue;
        await sandbox.deployTokenFor({
          bankName: token.issuer.name,
          bic: token.issuer.bic,
          currency: token.currency,
          ownAccounts: [address as `0x${string}`],
          treasuryUnits: account.openingUnits[token.address] ?? '0',
        });
      }
    }
  };

  let work: Promise<void> = Promise.resolve();
  const readAll = (): void => {
    work = work.then(async () => {
      for (const name of readdirSync(requests).sort()) {
        if (name.endsWith('.json')) await enrol(join(requests, name));
      }
    });
    // The failure stays in `work` for whoever asks; here it must not end the process.
    work.catch((error: unknown) => console.error('enrolment request failed:', error));
  };
  const watcher: FSWatcher = watch(requests, readAll);
  readAll();
  return {
    directoryFile,
    idle: () => work,
    close: () => {
      watcher.close();
      rmSync(file === undefined ? folder : requests, { recursive: true, force: true });
    },
  };
};
