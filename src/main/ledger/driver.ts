/**
 * The one place that opens SQLite files.
 *
 * Hides which driver runs. The shipped runtime (Node-API 10 and later) gets SQLite with ChaCha20-Poly1305 on every
 * page: a flipped bit is refused. The test runtime (Electron 25, Node 18) cannot load it and gets libsql, whose AES-CBC
 * encrypts without authentication; `info.isAuthenticated` says so and the app shows it.
 *
 * Invariants: one connection per file; INTEGER columns come back as bigint; every failure of the file itself
 * leaves as an AppError; after an I/O error the connection refuses all work until it is opened again.
 */
import { closeSync, openSync } from 'node:fs';
import { AppError } from '../../shared/errors';

export type SqlValue = string | bigint | number | Uint8Array | null;
export type Row = Readonly<Record<string, SqlValue>>;
export type NamedParams = Readonly<Record<string, SqlValue>>;
/** Positional values (`?`), or one object for named ones (`:name`, `@name`). */
export type Params = readonly SqlValue[] | readonly [NamedParams];

export type Statement = {
  readonly run: (...params: Params) => { readonly changes: number };
  readonly get: <R = Row>(...params: Params) => R | undefined;
  readonly all: <R = Row>(...params: Params) => R[];
};

/** What stores may use: the part of better-sqlite3's interface that both drivers do alike. */
export type Db = {
  /** Compiled once per text and kept. */
  readonly prepare: (sql: string) => Statement;
  /** Runs statements without parameters or results. */
  readonly exec: (sql: string) => void;
  /** Wraps `work` so that it happens wholly or not at all. Nested calls are save points. */
  readonly transaction: <A extends readonly unknown[], R>(work: (...args: A) => R) => (...args: A) => R;
  readonly pragma: (source: string) => Row[];
  readonly close: () => void;
  readonly info: DriverInfo;
};

export type DriverInfo = {
  readonly driver: 'better-sqlite3-multiple-ciphers' | 'libsql';
  /** Whether every page carries an authentication code. False on the test runtime only. */
  readonly isAuthenticated: boolean;
  readonly sqliteVersion: string;
};

export type DriverName = DriverInfo['driver'];

type RawStatement = {
  run: (params: unknown) => { changes: number | bigint };
  get: (params: unknown) => unknown;
  all: (params: unknown) => unknown[];
};
type RawDatabase = {
  prepare: (sql: string) => RawStatement;
  exec: (sql: string) => unknown;
  pragma: (source: string) => unknown[];
  close: () => unknown;
  defaultSafeIntegers: (on: boolean) => unknown;
  readonly inTransaction: boolean;
  key?: (key: Buffer) => unknown;
};
type RawConstructor = new (file: string, options: Record<string, unknown>) => RawDatabase;

/** 'NSTR' in ASCII: tells our files from other SQLite files. */
export const APPLICATION_ID = 0x4e535452;
const KEY_BYTES = 32;
const RAW_PREFIX = 'raw:';
const STATEMENT_CACHE = 500;

/** The production driver needs Node-API 10; loading it on an older runtime ends the process. */
export const preferredDriver = (): DriverName =>
  Number(process.versions.napi ?? 0) >= 10 ? 'better-sqlite3-multiple-ciphers' : 'libsql';

const loadDriver = (name: DriverName): RawConstructor => {
  // Loaded lazily: the wrong one must not even be mapped into the process.
  const loaded: unknown = name === 'libsql' ? require('libsql') : require('better-sqlite3-multiple-ciphers');
  const module = loaded as RawConstructor & { default?: RawConstructor };
  return module.default ?? module;
};

const codeOf = (error: unknown): string => {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
};

/** True for a broken UNIQUE, PRIMARY KEY, CHECK, NOT NULL or FOREIGN KEY. */
export const isConstraintError = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_CONSTRAINT');

/** Failures of the file, as the codes that people see. `undefined`: not about the file. */
const fileError = (error: unknown): AppError | undefined => {
  const code = codeOf(error);
  const details = { sqlite: code };
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB')
    return new AppError('ledger/corrupt', details, { cause: error });
  if (code === 'SQLITE_FULL') return new AppError('disk/full', details, { cause: error });
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED')
    return new AppError('ledger/in-use', details, { cause: error });
  if (/^SQLITE_(IOERR|READONLY|CANTOPEN|PERM|AUTH)/.test(code))
    return new AppError('ledger/unwritable', details, { cause: error });
  return undefined;
};

/** Makes the file with mode 0600 before SQLite would make it with the process's umask. */
const createPrivately = (file: string): void => {
  try {
    closeSync(openSync(file, 'ax', 0o600));
  } catch (error) {
    const code = codeOf(error);
    if (code === 'EEXIST') return;
    throw new AppError(
      code === 'ENOSPC' ? 'disk/full' : 'ledger/unwritable',
      { system: code },
      { cause: error },
    );
  }
};

const openRaw = (name: DriverName, file: string, key: Uint8Array): RawDatabase => {
  const Database = loadDriver(name);
  if (name === 'libsql') {
    return new Database(file, {
      encryptionCipher: 'aes256cbc',
      encryptionKey: Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex'),
      timeout: 0,
    });
  }
  const raw = new Database(file, { timeout: 0 });
  raw.pragma(`cipher='chacha20'`);
  // The key is random already: `raw:` keeps the cipher from stretching it, which would cost every start 60 ms.
  const text = Buffer.alloc(RAW_PREFIX.length + 2 * KEY_BYTES);
  text.write(RAW_PREFIX, 'latin1');
  key.forEach((byte, index) => {
    text.write(byte.toString(16).padStart(2, '0'), RAW_PREFIX.length + 2 * index, 'latin1');
  });
  raw.key?.(text);
  text.fill(0);
  return raw;
};

/**
 * Opens or creates an encrypted database. `key`: 32 bytes, not kept. Throws `ledger/corrupt` when the content does not
 * open with the key (the caller knows whether the key or the file is at fault), `ledger/in-use`, `ledger/unwritable`,
 * `disk/full`.
 */
export const openDatabase = (
  file: string,
  key: Uint8Array,
  options: { readonly driver?: DriverName } = {},
): Db => {
  if (key.byteLength !== KEY_BYTES) throw new Error('a database key has 32 bytes');
  const driver = options.driver ?? preferredDriver();
  createPrivately(file);

  let raw: RawDatabase;
  try {
    raw = openRaw(driver, file, key);
  } catch (error) {
    throw fileError(error) ?? error;
  }

  let failure: AppError | undefined;
  const guard = <R>(work: () => R): R => {
    if (failure) throw failure;
    try {
      return work();
    } catch (error) {
      const known = fileError(error);
      // After a failed write or sync the page cache may differ from the disk: nothing may build on it (D-03).
      if (known && codeOf(error).startsWith('SQLITE_IOERR')) failure = known;
      throw known ?? error;
    }
  };

  const bind = (params: Params): unknown => {
    const [first] = params;
    if (
      params.length === 1 &&
      typeof first === 'object' &&
      first !== null &&
      !(first instanceof Uint8Array)
    ) {
      return Object.fromEntries(Object.entries(first).map(([name, value]) => [name, toRaw(value)]));
    }
    // Always one array: libsql takes a lone object, even null or bytes, for named values and aborts the process.
    return (params as readonly SqlValue[]).map(toRaw);
  };

  const cache = new Map<string, Statement>();
  const prepare = (sql: string): Statement => {
    const known = cache.get(sql);
    if (known) return known;
    const statement = guard(() => raw.prepare(sql));
    const prepared: Statement = {
      run: (...params) => guard(() => ({ changes: Number(statement.run(bind(params)).changes) })),
      get: <R>(...params: Params) => guard(() => clean(statement.get(bind(params)))) as R | undefined,
      all: <R>(...params: Params) => guard(() => statement.all(bind(params)).map(clean)) as R[],
    };
    if (cache.size >= STATEMENT_CACHE) cache.delete(cache.keys().next().value ?? '');
    cache.set(sql, prepared);
    return prepared;
  };
  const exec = (sql: string): void => guard(() => void raw.exec(sql));
  const pragma = (source: string): Row[] => guard(() => raw.pragma(source).map(clean) as Row[]);

  let depth = 0;
  const transaction =
    <A extends readonly unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      const level = depth;
      const savepoint = `nested_${level}`;
      exec(level === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${savepoint}`);
      depth = level + 1;
      try {
        const result = work(...args);
        if (result instanceof Promise) throw new Error('a transaction cannot wait');
        exec(level === 0 ? 'COMMIT' : `RELEASE ${savepoint}`);
        return result;
      } catch (error) {
        try {
          if (level > 0) raw.exec(`ROLLBACK TO ${savepoint}; RELEASE ${savepoint}`);
          else if (raw.inTransaction) raw.exec('ROLLBACK');
        } catch {
          // SQLite has rolled back by itself (disk full, I/O error); the error that matters is the first one.
        }
        throw error;
      } finally {
        depth = level;
      }
    };

  const close = (): void => {
    cache.clear();
    raw.close();
  };

  try {
    raw.defaultSafeIntegers(true);
    // SECURITY: the exclusive lock is the operating system's: it ends with the process and cannot go stale.
    // (libsql keeps it after close(), so the test runtime relies on the lock file alone.)
    if (driver !== 'libsql') pragma('locking_mode = EXCLUSIVE');
    pragma('journal_mode = WAL');
    pragma('synchronous = FULL');
    pragma('foreign_keys = ON');
    // SECURITY: a crafted schema may not call functions; malformed cells are found before they are used.
    pragma('trusted_schema = OFF');
    pragma('cell_size_check = ON');
    pragma('secure_delete = ON');
    pragma('temp_store = MEMORY');
    // 64 MiB: pages are decrypted once, not at each scan.
    pragma('cache_size = -65536');
    const version = prepare('SELECT sqlite_version() AS version').get<{ version: string }>()?.version ?? '';
    return {
      prepare,
      exec,
      transaction,
      pragma,
      close,
      info: { driver, isAuthenticated: driver !== 'libsql', sqliteVersion: version },
    };
  } catch (error) {
    close();
    throw error;
  }
};

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const LONE_SURROGATES = new RegExp(LONE_SURROGATE.source, 'g');

/** Integers go in as integers on both drivers, never as REAL. */
const toRaw = (value: SqlValue): unknown => {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new Error('a number column takes safe integers only');
    return BigInt(value);
  }
  // libsql aborts the process on text that is not UTF-8; half a surrogate pair has no UTF-8 form.
  if (typeof value === 'string' && LONE_SURROGATE.test(value))
    return value.replace(LONE_SURROGATES, '\uFFFD');
  if (value instanceof Uint8Array && !Buffer.isBuffer(value))
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return value;
};

/** libsql adds its own member to rows. */
const clean = (row: unknown): unknown => {
  if (typeof row === 'object' && row !== null && '_metadata' in row) {
    const { _metadata: _, ...rest } = row;
    return rest;
  }
  return row;
};
