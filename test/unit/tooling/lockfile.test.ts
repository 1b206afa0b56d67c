import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLockFileProblems } from '../../../scripts/check-lockfile.mjs';
import { REPO_ROOT } from '../../support/bundle-children';

const integrity = `sha512-${'A'.repeat(86)}==`;
const sound = { version: '1.0.0', integrity };
const check = (entry: object, more: object = {}) =>
  findLockFileProblems(
    { packages: { '': {}, 'node_modules/a': { ...sound, ...entry }, ...more } },
    { reviewed: true },
  );

describe('the lock file', () => {
  it('is sound in this repository', () => {
    const read = (file: string) => JSON.parse(readFileSync(path.join(REPO_ROOT, file), 'utf8'));
    expect(findLockFileProblems(read('package-lock.json'), read('package.json').allowScripts)).toEqual([]);
  });

  it('accepts packages pinned by hash, and optional ones of other platforms', () => {
    expect(
      check(
        { optionalDependencies: { '@a/mac': '1.0.0' } },
        { 'node_modules/@a/mac': { version: '1.0.0', optional: true, os: ['darwin'] } },
      ),
    ).toEqual([]);
  });

  it.each([
    ['a registry address', { resolved: 'https://registry.example/a.tgz' }, /names where it comes from/],
    ['a git address', { resolved: 'git+ssh://git@example/a.git#1' }, /names where it comes from/],
    ['no hash', { integrity: undefined }, /not pinned/],
    ['a weak hash', { integrity: 'sha1-AAAA' }, /not pinned/],
    ['no hash behind "optional"', { integrity: undefined, optional: true }, /not pinned/],
    ['an install script', { hasInstallScript: true }, /nobody reviewed/],
    [
      'an optional package without an entry',
      { optionalDependencies: { '@a/mac': '1.0.0' } },
      /npm ci would refuse/,
    ],
  ])('refuses %s', (_what, entry, says) => {
    expect(check(entry).join('\n')).toMatch(says);
  });

  it('refuses a file that locks nothing', () => {
    expect(findLockFileProblems({ packages: { '': {} } }, {})).not.toEqual([]);
  });
});
