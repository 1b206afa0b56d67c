/**
 * The process that opens files from outside. One per file: whatever a hostile file does to a parser ends with it.
 * It holds no key, no database and no network.
 */
import { serveChild } from '../platform/child-server';
import type { FileMethods } from './messages';
import { inspectFile, parseFile, readRatesFile } from './read-file';

serveChild<FileMethods>({
  inspect: (input, { signal }) => inspectFile(input, signal),
  parse: (input, { signal, progress }) => parseFile(input, progress, signal),
  rates: (input, { signal }) => readRatesFile(input.path, signal),
});
