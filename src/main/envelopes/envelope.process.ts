/**
 * The process that opens envelopes. One per file: whatever a hostile file does to a parser ends with it. It holds no key,
 * no database and no network.
 */
import { AppError } from '../../shared/errors';
import { MAX_ENVELOPE_BYTES } from '../../shared/model/envelope';
import { serveChild } from '../platform/child-server';
import { readFormat } from './codec';
import type { EnvelopeMethods } from './messages';
import { openRead } from './open';
import { readEnvelopeFile } from './read-file';

/** Policies and cards. */
const MAX_SMALL_BYTES = 1024 * 1024;
const PART = 500;

serveChild<EnvelopeMethods>({
  open: async (source, { signal, progress }) => {
    const bytes =
      'path' in source ? await readEnvelopeFile(source.path, MAX_ENVELOPE_BYTES, signal) : source.bytes;
    const read = readFormat(bytes);
    if (read.format !== 'envelope') {
      if (bytes.length > MAX_SMALL_BYTES)
        throw new AppError('file/too-large', { sizeBytes: bytes.length, maxBytes: MAX_SMALL_BYTES });
      return { format: read.format, bytes };
    }
    // SECURITY: everything is verified before the first part of it leaves.
    const { content, digest, acts } = openRead(read);
    const { lines, ...head } = content;
    progress({ kind: 'head', digest, head, lineCount: lines.length, sizeBytes: bytes.length });
    for (let from = 0; from < lines.length; from += PART)
      progress({ kind: 'lines', from, lines: lines.slice(from, from + PART) });
    return { format: 'envelope', acts };
  },
});
