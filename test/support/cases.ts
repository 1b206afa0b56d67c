/** Published cases outside the repository (`../shared/cases`): read where they are, skipped visibly where not. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO_ROOT } from './bundle-children';

export const CASES = join(REPO_ROOT, '..', 'shared', 'cases');

export const hasCases = (folder: string): boolean => existsSync(join(CASES, folder));

/** Parsed JSON of a case file; the caller states its shape. */
export const readCases = <T>(path: string): T => JSON.parse(readFileSync(join(CASES, path), 'utf8')) as T;

export const hexToBytes = (hex: string): Uint8Array =>
  new Uint8Array(Buffer.from(hex.replace(/^0x/, ''), 'hex'));
export const bytesToHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
