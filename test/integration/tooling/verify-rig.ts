/** Runs the stranger's check in this process and as a program, on files in a folder of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkEnvelope } from '../../../scripts/verify/envelope.mjs';
import { createReport, Stop, toJson } from '../../../scripts/verify/report.mjs';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import type { PolicyFile } from '../../../src/shared/model/people';
import { REPO_ROOT } from '../../support/bundle-children';

type Finding = { readonly what: string; readonly text: string };
export type Answer = {
  readonly agrees: boolean;
  readonly differences: readonly Finding[];
  readonly notes: readonly Finding[];
  readonly checked: readonly Finding[];
  readonly [fact: string]: unknown;
};
type Report = ReturnType<typeof createReport>;

export const answerOf = (work: (report: Report) => void): Answer => {
  const report = createReport();
  try {
    work(report);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
  }
  return toJson(report) as Answer;
};
export const bytesOf = (value: unknown): Uint8Array => Buffer.from(canonicalJson(value as Canonical), 'utf8');
export const check = (
  bytes: Uint8Array,
  options: { policy?: PolicyFile; challenge?: string; at?: string } = {},
): Answer =>
  answerOf((report) =>
    checkEnvelope(
      bytes,
      {
        policyBytes: options.policy ? bytesOf(options.policy) : null,
        challenge: options.challenge ?? null,
        at: options.at ?? null,
      },
      report,
    ),
  );
export const saidOf = ({ differences }: Answer): string[] =>
  differences.map(({ what, text }) => `${what}: ${text}`);

export const folder = mkdtempSync(join(tmpdir(), 'nostro-verify-'));
export const removeFolder = (): void => rmSync(folder, { recursive: true, force: true });
export const save = (name: string, content: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
export const run = (...args: string[]) =>
  spawnSync(process.execPath, [join(REPO_ROOT, 'scripts/verify.mjs'), ...args], { encoding: 'utf8' });
