import { existsSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { isConstraintError } from '../../../src/main/ledger/driver';
import { fromJson, toJson } from '../../../src/main/ledger/json';
import { openTestStore, type TestStore } from '../../support/open-store';

const table = {
  version: 1,
  name: 't',
  sql: 'CREATE TABLE t (a TEXT PRIMARY KEY, b INTEGER, c BLOB) STRICT;',
};
const anchors = {
  version: 2,
  name: 'anchors',
  sql: 'CREATE TABLE anchors (count INTEGER PRIMARY KEY, hash TEXT NOT NULL, created_at TEXT NOT NULL) STRICT;',
};

describe.each(['better-sqlite3-multiple-ciphers', 'libsql'] as const)('driver %s', (driver) => {
  let opened: TestStore | undefined;
  const open = (): TestStore => {
    opened = openTestStore({ driver, migrations: [table, anchors] });
    return opened;
  };
  afterEach(() => opened?.close());

  it('says what it is', () => {
    const { info } = open().db;
    expect(info.driver).toBe(driver);
    expect(info.isAuthenticated).toBe(driver !== 'libsql');
    expect(info.sqliteVersion).toMatch(/^3\./);
  });

  it('takes every kind of value in every form and gives integers back as bigint', () => {
    const { db } = open();
    const big = 2n ** 62n;
    db.prepare('INSERT INTO t VALUES (?, ?, ?)').run('one', big, new Uint8Array([1, 2, 255]));
    db.prepare('INSERT INTO t VALUES (:a, :b, @c)').run({ a: 'two', b: 7, c: null });
    db.prepare('INSERT INTO t (a) VALUES (?)').run('three');
    expect(db.prepare("UPDATE t SET b = ? WHERE a = 'three'").run(null)).toEqual({ changes: 1 });
    const one = db.prepare('SELECT * FROM t WHERE a = ?').get<{ a: string; b: bigint; c: Uint8Array }>('one');
    expect(one?.b).toBe(big);
    expect(Array.from(one?.c ?? [])).toEqual([1, 2, 255]);
    expect(db.prepare('SELECT a, b FROM t ORDER BY a').all()).toEqual([
      { a: 'one', b: big },
      { a: 'three', b: null },
      { a: 'two', b: 7n },
    ]);
    expect(db.prepare('SELECT a FROM t WHERE a = ?').get('none')).toBeUndefined();
    expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 3n });
    expect(() => db.prepare('SELECT ?').get(1.5)).toThrow('safe integers');
  });

  it('takes any text of JavaScript, replacing only what has no UTF-8 form', () => {
    const { db } = open();
    const texts = ['', 'plain', 'Zürich 中文 🏦', 'a\u0000b', '\uD800', 'x\uDC00y', '\uDC00\uD800', '\uFFFE'];
    const write = db.prepare('INSERT INTO t (a, b) VALUES (?, ?)');
    texts.forEach((text, index) => {
      write.run(text, index);
    });
    const read = db
      .prepare('SELECT a FROM t ORDER BY b')
      .all<{ a: string }>()
      .map(({ a }) => a);
    expect(read.map((text) => text.split('\u0000')[0])).toEqual([
      '',
      'plain',
      'Zürich 中文 🏦',
      'a',
      '\uFFFD',
      'x\uFFFDy',
      '\uFFFD\uFFFD',
      '\uFFFE',
    ]);
  });

  it('does a transaction wholly or not at all, nested ones too', () => {
    const { db } = open();
    const insert = db.prepare('INSERT INTO t (a) VALUES (?)');
    const names = () =>
      db
        .prepare('SELECT a FROM t ORDER BY a')
        .all<{ a: string }>()
        .map(({ a }) => a);
    expect(() =>
      db.transaction(() => {
        insert.run('x');
        throw new Error('stop');
      })(),
    ).toThrow('stop');
    expect(names()).toEqual([]);
    db.transaction(() => {
      insert.run('outer');
      try {
        db.transaction(() => {
          insert.run('inner');
          throw new Error('stop');
        })();
      } catch {
        // The outer one goes on without the inner one's work.
      }
      db.transaction(() => insert.run('second'))();
    })();
    expect(names()).toEqual(['outer', 'second']);
    let caught: unknown;
    try {
      db.transaction((a: string) => insert.run(a))('outer');
    } catch (error) {
      caught = error;
    }
    expect(isConstraintError(caught)).toBe(true);
  });

  it('says when the disk is full or the file cannot be written, keeps what it has, and goes on afterwards', () => {
    const { db } = open();
    db.prepare('INSERT INTO t (a) VALUES (?)').run('kept');
    const codeOf = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return (error as { code?: string }).code;
      }
    };
    const pages = Object.values(db.pragma('page_count')[0] ?? {})[0];
    const unlimited = Object.values(db.pragma('max_page_count')[0] ?? {})[0];
    db.pragma(`max_page_count = ${pages}`);
    const fill = db.transaction(() => {
      for (let index = 0; index < 50; index++)
        db.prepare('INSERT INTO t (a) VALUES (?)').run(`${index}${'x'.repeat(4_000)}`);
    });
    expect(codeOf(fill)).toBe('disk/full');
    expect(db.prepare('SELECT a FROM t').all()).toEqual([{ a: 'kept' }]);
    db.pragma(`max_page_count = ${unlimited}`);
    db.pragma('query_only = ON');
    expect(codeOf(() => db.prepare('INSERT INTO t (a) VALUES (?)').run('no'))).toBe('ledger/unwritable');
    expect(db.prepare('SELECT a FROM t').all()).toEqual([{ a: 'kept' }]);
    db.pragma('query_only = OFF');
    fill();
    expect(db.prepare('SELECT count(*) AS n FROM t').get()).toEqual({ n: 51n });
  });

  it('keeps what was committed over a restart, and nothing readable in the file', () => {
    const test = open();
    test.db.prepare('INSERT INTO t (a) VALUES (?)').run('a-marker-in-the-clear');
    const { file } = test;
    const db = test.reopen();
    for (const suffix of ['', '-wal']) {
      if (existsSync(file + suffix))
        expect(readFileSync(file + suffix).includes('a-marker-in-the-clear')).toBe(false);
    }
    expect(db.prepare('SELECT a FROM t').all()).toEqual([{ a: 'a-marker-in-the-clear' }]);
  });

  it('runs with full durability and with the checks on', () => {
    const { db } = open();
    const value = (pragma: string) => Object.values(db.pragma(pragma)[0] ?? {})[0];
    expect(value('journal_mode')).toBe('wal');
    expect(value('synchronous')).toBe(2n);
    expect(value('foreign_keys')).toBe(1n);
    expect(value('trusted_schema')).toBe(0n);
    expect(value('cell_size_check')).toBe(1n);
    expect(value('secure_delete')).toBe(1n);
  });
});

describe('json columns', () => {
  it('carry integers of any size and nested facts', () => {
    const value = { a: 12n, b: [2n ** 200n, null, 'x'], c: { d: -1n, e: 1.5, f: true } };
    expect(fromJson(toJson(value))).toEqual(value);
  });
});
