import { randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../../src/main/ledger/driver';
import { MIGRATIONS } from '../../../src/main/ledger/migrations';
import { type OpenedStore, openStore, type StoreHead } from '../../../src/main/ledger/store';
import { AppError } from '../../../src/shared/errors';
import { createHome, openLedger } from './replica-rig';

let folder: string;
let file: string;
const key = new Uint8Array(randomBytes(32));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nostro-faults-'));
  file = join(folder, 'ledger.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'no error';
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${String(error)}`;
  }
};

const ROWS = 400;
const fill = (store: OpenedStore): void =>
  store.db.transaction(() => {
    for (let index = 0; index < ROWS; index++)
      store.db
        .prepare('INSERT INTO meta (name, value) VALUES (?, ?)')
        .run(`row ${index}`, `${index * 7} ${'x'.repeat(100)}`);
  })();
const readAll = (store: OpenedStore): string =>
  store.db
    .prepare('SELECT name, value FROM meta ORDER BY name')
    .all<{ name: string; value: string }>()
    .map(({ name, value }) => `${name}=${value}`)
    .join('\n');

describe('key', () => {
  it('other than the right one is refused as such, and changes nothing', () => {
    const store = openStore({ file, key });
    fill(store);
    const content = readAll(store);
    store.close();
    const before = readFileSync(file);
    for (let attempt = 0; attempt < 5; attempt++)
      expect(codeOf(() => openStore({ file, key: new Uint8Array(randomBytes(32)) }))).toBe(
        'ledger/wrong-key',
      );
    expect(readFileSync(file).equals(before)).toBe(true);
    const again = openStore({ file, key });
    expect(readAll(again)).toBe(content);
    again.close();
  });

  it('is told from damage even at the first page, and without the check beside the file', () => {
    openStore({ file, key }).close();
    const bytes = readFileSync(file);
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect(codeOf(() => openStore({ file, key }))).toBe('ledger/corrupt');
    rmSync(`${file}.key-check`);
    expect(codeOf(() => openStore({ file, key }))).toBe('ledger/corrupt');
  });
});

describe('bit flips', () => {
  it('in the database are refused or have no effect, never silent', () => {
    const store = openStore({ file, key });
    fill(store);
    const content = readAll(store);
    store.close();
    const clean = readFileSync(file);
    const outcomes = new Map<string, number>();
    for (let trial = 0; trial < 60; trial++) {
      const bytes = Buffer.from(clean);
      // Spread over the file, with a few bytes on either side of page edges.
      const at =
        trial < 50
          ? Math.floor((trial / 50) * bytes.length) + (trial % 7)
          : (trial - 50) * 4096 + (trial % 3);
      const offset = at % bytes.length;
      bytes[offset] = (bytes[offset] ?? 0) ^ (1 << (trial % 8));
      writeFileSync(file, bytes);
      let outcome: string;
      try {
        const damaged = openStore({ file, key });
        try {
          const read = readAll(damaged);
          const check = damaged.db.pragma('integrity_check');
          outcome = read === content ? (check.length === 1 ? 'no effect' : 'seen') : 'SILENT';
        } finally {
          damaged.close();
        }
      } catch (error) {
        outcome = error instanceof AppError ? error.code : `raw ${String(error)}`;
      }
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(
      [...outcomes.keys()].filter((outcome) => !['ledger/corrupt', 'no effect'].includes(outcome)),
    ).toEqual([]);
    expect(outcomes.get('ledger/corrupt')).toBeGreaterThan(40);
  }, 60_000);

  it('in the write-ahead log cost at most the commits behind them', () => {
    const store = openStore({ file, key });
    store.db.pragma('wal_autocheckpoint = 0');
    for (let index = 0; index < 30; index++)
      store.db
        .prepare('INSERT INTO meta (name, value) VALUES (?, ?)')
        .run(`w${String(index).padStart(2, '0')}`, 'y'.repeat(500));
    const rows = readAll(store).split('\n');
    const copies = { db: readFileSync(file), wal: readFileSync(`${file}-wal`) };
    store.close();
    let shortened = 0;
    for (let trial = 0; trial < 30; trial++) {
      writeFileSync(file, copies.db);
      const wal = Buffer.from(copies.wal);
      const offset = Math.floor((trial / 30) * wal.length) + (trial % 11);
      wal[offset] = (wal[offset] ?? 0) ^ 4;
      writeFileSync(`${file}-wal`, wal);
      let read: string[] = [];
      const code = codeOf(() => {
        const damaged = openStore({ file, key });
        try {
          read = readAll(damaged)
            .split('\n')
            .filter((line) => line !== '');
        } finally {
          damaged.close();
        }
      });
      if (code === 'no error') {
        expect(rows.slice(0, read.length)).toEqual(read);
        if (read.length < rows.length) shortened += 1;
      } else expect(['ledger/corrupt', 'ledger/newer-version']).toContain(code);
      rmSync(`${file}-wal`, { force: true });
    }
    expect(shortened).toBeGreaterThan(0);
  });
});

describe('one process', () => {
  it('has the file; a second open is refused, here and from another process', async () => {
    const home = createHome();
    const ledger = await openLedger(home);
    expect(codeOf(() => openStore({ file: home.file, key: home.key }))).toBe('ledger/in-use');
    // The lock file alone is not what protects it: the database itself is locked.
    rmSync(`${home.file}.lock`);
    expect(codeOf(() => openStore({ file: home.file, key: home.key }))).toBe('ledger/in-use');
    await expect(openLedger(home)).rejects.toMatchObject({ code: 'ledger/in-use' });
    await ledger.anchor();
    await ledger.close();
    openStore({ file: home.file, key: home.key }).close();
    expect(existsSync(`${home.file}.lock`)).toBe(false);
    home.remove();
  });

  it('that was killed leaves a lock that the next one takes over', async () => {
    const home = createHome();
    const ledger = await openLedger(home);
    const crashed = new Promise((resolve) => ledger.onCrash(resolve));
    process.kill(ledger.pid() ?? 0, 'SIGKILL');
    await crashed;
    expect(ledger.isOpen()).toBe(false);
    expect(existsSync(`${home.file}.lock`)).toBe(true);
    const next = await openLedger(home);
    await next.anchor();
    await next.close();
    home.remove();
  });

  it('is not blocked by a lock without a readable holder', () => {
    for (const content of ['', '{', '{"pid":-1}', '{"pid":999999999}', '\u0000\u0000']) {
      writeFileSync(`${file}.lock`, content);
      openStore({ file, key }).close();
    }
    // This process lives, but started at another time than the lock says: the number was reused.
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: process.pid, startedAt: '1' }));
    openStore({ file, key }).close();
  });
});

describe('older copies', () => {
  it('are told by an anchor kept elsewhere', () => {
    const first = openStore({ file, key });
    first.anchor('2026-01-01T00:00:00Z');
    first.close();
    copyFileSync(file, `${file}.old`);
    const second = openStore({ file, key });
    const head: StoreHead = second.anchor('2026-01-02T00:00:00Z');
    second.close();
    openStore({ file, key, expectedHead: head }).close();
    copyFileSync(`${file}.old`, file);
    expect(codeOf(() => openStore({ file, key, expectedHead: head }))).toBe('ledger/rolled-back');
    // Another history of the same length is not the same store.
    expect(codeOf(() => openStore({ file, key, expectedHead: { count: 1n, hash: head.hash } }))).toBe(
      'ledger/rolled-back',
    );
    openStore({ file, key }).close();
  });

  it('outside may lag behind: a crash between the two writes is not tampering', () => {
    const store = openStore({ file, key });
    const kept = store.anchor('2026-01-01T00:00:00Z');
    store.anchor('2026-01-02T00:00:00Z');
    store.close();
    openStore({ file, key, expectedHead: kept }).close();
  });
});

describe('schema', () => {
  it('grows from every earlier version, with a copy of the file made first', () => {
    for (let count = 1; count < MIGRATIONS.length; count++) {
      const home = createHome();
      const old = openStore({ file: home.file, key: home.key, migrations: MIGRATIONS.slice(0, count) });
      fill(old);
      const content = readAll(old);
      expect(old.schemaVersion).toBe(MIGRATIONS[count - 1]?.version);
      old.close();
      const grown = openStore({ file: home.file, key: home.key });
      expect(grown.schemaVersion).toBe(MIGRATIONS.at(-1)?.version);
      expect(readAll(grown)).toBe(content);
      grown.close();
      const copy = `${home.file}.before-${MIGRATIONS.at(-1)?.version}`;
      expect(statSync(copy).mode & 0o777).toBe(0o600);
      const kept = openDatabase(copy, home.key);
      expect(Object.values(kept.pragma('user_version')[0] ?? {})[0]).toBe(
        BigInt(MIGRATIONS[count - 1]?.version ?? 0),
      );
      kept.close();
      home.remove();
    }
  });

  it('that is newer is refused and left as it is', () => {
    const newer = openStore({
      file,
      key,
      migrations: [
        ...MIGRATIONS,
        { version: 99, name: 'future', sql: 'CREATE TABLE future (a TEXT) STRICT;' },
      ],
    });
    fill(newer);
    newer.close();
    const before = readFileSync(file);
    expect(codeOf(() => openStore({ file, key }))).toBe('ledger/newer-version');
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('before-'))).toEqual([]);
  });

  it('is changed wholly or not at all', () => {
    openStore({ file, key, migrations: MIGRATIONS.slice(0, 1) }).close();
    const broken = {
      version: 2,
      name: 'broken',
      sql: 'CREATE TABLE half (a TEXT) STRICT; INSERT INTO nowhere VALUES (1);',
    };
    expect(() => openStore({ file, key, migrations: [...MIGRATIONS.slice(0, 1), broken] })).toThrow(
      'nowhere',
    );
    const store = openStore({ file, key, migrations: MIGRATIONS.slice(0, 1) });
    expect(store.schemaVersion).toBe(1);
    expect(store.db.prepare("SELECT name FROM sqlite_master WHERE name = 'half'").all()).toEqual([]);
    store.close();
  });
});

describe('backup', () => {
  it('opens with the same key, holds the same, and leaves no half file', () => {
    const store = openStore({ file, key });
    fill(store);
    const target = join(folder, 'copy.db');
    store.backup(target);
    const content = readAll(store);
    store.close();
    expect(readFileSync(target).includes('row 1')).toBe(false);
    const copy = openStore({ file: target, key });
    expect(readAll(copy)).toBe(content);
    copy.close();
    const again = openStore({ file, key });
    expect(codeOf(() => again.backup(join(folder, 'nowhere', 'copy.db')))).toBe('ledger/unwritable');
    again.close();
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });
});
