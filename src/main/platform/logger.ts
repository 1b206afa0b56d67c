/**
 * The log: one JSON object per line, in a file that only its owner can read.
 *
 * Hides: redaction, size limit, rotation. Invariants: every line passes `redact`; the log never grows beyond two files
 * of `maxBytes`; writing a log line never throws. Callers: everybody gets a `Logger` injected.
 */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from './clock';
import { redact } from './redact';

export type LogFields = Readonly<Record<string, unknown>>;

export type Logger = {
  readonly info: (message: string, fields?: LogFields) => void;
  readonly warn: (message: string, fields?: LogFields) => void;
  /** For what should not happen. `fields.error` keeps its stack. */
  readonly error: (message: string, fields?: LogFields) => void;
};

export type LogLevel = keyof Logger;

/** Formats one line; exported so that every sink redacts alike. */
export const formatLogLine = (at: Date, level: LogLevel, message: string, fields: LogFields = {}): string =>
  `${JSON.stringify({ at: at.toISOString(), level, message, ...(redact(fields) as object) })}\n`;

const createLogger = (clock: Clock, write: (line: string) => void): Logger => {
  const log = (level: LogLevel) => (message: string, fields?: LogFields) => {
    try {
      write(formatLogLine(clock.now(), level, message, fields));
    } catch {
      // A full disk must not stop a payment; what cannot be logged is lost.
    }
  };
  return { info: log('info'), warn: log('warn'), error: log('error') };
};

/** Appends to `file`; at `maxBytes` the file becomes `<file>.1` and a new one begins. */
export const createFileLogger = (deps: {
  readonly file: string;
  readonly clock: Clock;
  readonly maxBytes?: number;
}): Logger => {
  const { file, clock, maxBytes = 4 * 1024 * 1024 } = deps;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  let size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return createLogger(clock, (line) => {
    if (size > 0 && size + Buffer.byteLength(line) > maxBytes) {
      renameSync(file, `${file}.1`);
      size = 0;
    }
    appendFileSync(file, line, { mode: 0o600 });
    size += Buffer.byteLength(line);
  });
};

/** Writes to standard error: for tools and tests. */
export const createStreamLogger = (clock: Clock): Logger =>
  createLogger(clock, (line) => {
    process.stderr.write(line);
  });
