import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Logger } from '../../../src/main/platform/logger';

/** Writes plain lines, so that a failed run can be read afterwards. */
export const createFileLogger = (file: string): Logger => {
  mkdirSync(path.dirname(file), { recursive: true });
  const write =
    (level: string): Logger['info'] =>
    (message, fields) => {
      const facts = Object.entries(fields ?? {}).map(([key, value]) => {
        const text = value instanceof Error ? (value.stack ?? value.message) : String(value);
        return `${key}=${value instanceof Error && value.cause ? `${text}\ncause: ${String(value.cause)}` : text}`;
      });
      appendFileSync(file, `${new Date().toISOString()} ${level} ${message} ${facts.join(' ')}\n`);
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
};
