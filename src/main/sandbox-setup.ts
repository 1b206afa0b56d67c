/**
 * Takes the sandbox network that was started beside the app into a workspace: its directory file, and a request to its
 * banks to enrol the workspace's accounts. Nothing here exists for any other network.
 */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { KeyInfo } from '../shared/contract';
import { AppError } from '../shared/errors';
import { DirectoryFile } from '../shared/model/directory';
import type { Directory } from './directory';
import { readUserFile } from './platform/user-files';

const MAX_BYTES = 8 * 1024 * 1024;

export type AddSandboxDeps = {
  readonly sandboxFile: string | null;
  readonly directory: Pick<Directory, 'importBytes'>;
  readonly keys: () => Promise<readonly KeyInfo[]>;
  readonly newId: (prefix: string) => string;
};

/**
 * The n-th account of the sandbox becomes the account of the vault's n-th key, unless the vault holds the sandbox's own
 * keys. So a fresh vault has accounts under the numbers that sample payment files name.
 */
export const fitAccounts = (file: DirectoryFile, keys: readonly KeyInfo[]): DirectoryFile => {
  const own = new Set(keys.map(({ address }) => address.toLowerCase()));
  const known = file.accounts.filter(({ address }) => own.has(address.toLowerCase()));
  if (known.length > 0) return { ...file, accounts: known };
  return {
    ...file,
    accounts: file.accounts.flatMap((account, index) => {
      const key = keys[index];
      return key ? [{ ...account, address: key.address }] : [];
    }),
  };
};

const parseDirectory = (bytes: Uint8Array): DirectoryFile => {
  try {
    return DirectoryFile.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  } catch (cause) {
    throw new AppError('directory/file-invalid', { path: 'sandbox' }, { cause });
  }
};

export const addSandbox = async (
  deps: AddSandboxDeps,
): Promise<{ tokens: number; counterparties: number; accounts: number }> => {
  const { sandboxFile, directory, keys, newId } = deps;
  if (sandboxFile === null) throw new AppError('file/not-found', { name: 'sandbox' });
  const file = fitAccounts(parseDirectory(await readUserFile(sandboxFile, MAX_BYTES)), await keys());

  const requests = join(dirname(sandboxFile), 'requests');
  await mkdir(requests, { recursive: true });
  const request = join(requests, newId('enrol'));
  const accounts = file.accounts.map(({ address }, index) => ({ index, address }));
  await writeFile(
    `${request}.part`,
    JSON.stringify({ format: 'nostro-enrolment-request', version: 1, accounts }),
  );
  await rename(`${request}.part`, `${request}.json`);

  const taken = await directory.importBytes(new TextEncoder().encode(JSON.stringify(file)));
  return { tokens: taken.tokens, counterparties: taken.counterparties, accounts: taken.accounts };
};
