/**
 * Brings a database to the newest schema: each migration in one transaction together with its number
 * (`user_version`), a copy of the file first. A file from a newer version is refused untouched.
 */
import { AppError } from '../../shared/errors';
import { backupTo } from './backup';
import { APPLICATION_ID, type Db } from './driver';

export type Migration = { readonly version: number; readonly name: string; readonly sql: string };

const numberOf = (db: Db, pragma: string): number =>
  Number(Object.values(db.pragma(pragma)[0] ?? {})[0] ?? 0);

export const schemaVersionOf = (db: Db): number => numberOf(db, 'user_version');

/**
 * Applies what is missing and returns the version reached. `file` is where a copy goes first:
 * `<file>.before-<version>`, kept until the next migration. Throws `ledger/newer-version`, `ledger/corrupt`.
 */
export const migrate = (db: Db, file: string, migrations: readonly Migration[]): number => {
  const newest = migrations.reduce((last, { version }) => {
    if (!Number.isInteger(version) || version <= last) throw new Error('migrations are out of order');
    return version;
  }, 0);
  const current = schemaVersionOf(db);
  if (current > newest) throw new AppError('ledger/newer-version', { found: current, known: newest });
  const applicationId = numberOf(db, 'application_id');
  if (current > 0 && applicationId !== APPLICATION_ID)
    throw new AppError('ledger/corrupt', { sqlite: 'application_id' });
  const missing = migrations.filter(({ version }) => version > current);
  if (missing.length === 0) return current;
  if (current > 0) backupTo(db, `${file}.before-${newest}`);
  for (const { version, sql } of missing) {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`application_id = ${APPLICATION_ID}`);
      db.pragma(`user_version = ${version}`);
    })();
  }
  return newest;
};
