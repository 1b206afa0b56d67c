/** Everything that can be known of a file without asking anybody else. */
import type { Envelope } from '../../shared/model/envelope';
import { verifyActs } from './acts';
import { decodeRead, type ReadFile } from './codec';
import { checkConsistency } from './consistency';
import { checkTransactionSignatures } from './signatures';

/**
 * The one form, the digest, the content against itself, the acts, every signature. Throws `envelope/*` as the parts do.
 * What is left to the machine that opens it: its policy, directory, memory, clock and chain.
 */
export const openRead = (read: ReadFile): Envelope => {
  const envelope = decodeRead(read);
  const { content, digest, acts } = envelope;
  checkConsistency(content);
  verifyActs(content, digest, content.lines.length, acts);
  checkTransactionSignatures(content, acts);
  return envelope;
};
