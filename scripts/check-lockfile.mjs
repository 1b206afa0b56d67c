/**
 * What npm itself does not watch in package-lock.json.
 *
 * - No registry address: the file must serve behind any mirror.
 * - Every optional package has its entry. A mirror that lacks the binaries of other platforms makes `npm install` drop
 *   them, and `npm ci` then refuses the file everywhere.
 * - Every package is pinned by hash, but for optional ones of other platforms, which that mirror could not give.
 * - Only reviewed packages run install scripts.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/**
 * @param {{ packages: Record<string, any> }} lock
 * @param {Record<string, boolean>} allowScripts
 * @returns {string[]} what is wrong
 */
export function findLockFileProblems(lock, allowScripts) {
  const problems = [];
  const entries = Object.entries(lock.packages).filter(([key]) => key !== '');
  const has = (name) =>
    entries.some(([key]) => key === `node_modules/${name}` || key.endsWith(`/node_modules/${name}`));
  for (const [key, entry] of entries) {
    const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
    if (entry.link || (entry.resolved && !entry.resolved.startsWith('file:'))) {
      problems.push(`${name} names where it comes from: ${entry.resolved}`);
    }
    if (!entry.version) problems.push(`${name} has no version`);
    const isForeign = entry.optional === true && (entry.os || entry.cpu);
    if (!isForeign && !/^sha512-[A-Za-z0-9+/]{86}==$/.test(entry.integrity ?? '')) {
      problems.push(`${name} is not pinned by a SHA-512 hash`);
    }
    if (entry.hasInstallScript && !(name in allowScripts))
      problems.push(`${name} has an install script that nobody reviewed`);
    for (const optional of Object.keys(entry.optionalDependencies ?? {})) {
      if (!has(optional))
        problems.push(`${optional}, optional to ${name}, has no entry: npm ci would refuse the file`);
    }
  }
  if (entries.length === 0) problems.push('no package is locked');
  return problems;
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const read = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  const problems = findLockFileProblems(read('package-lock.json'), read('package.json').allowScripts ?? {});
  for (const problem of problems) console.error(`package-lock.json: ${problem}`);
  process.exit(problems.length === 0 ? 0 : 1);
}
