/** A signing thread of the vault process. It gets keys in memory, signs chunks, and ends with its batch. */
import { parentPort } from 'node:worker_threads';
import { warmUp } from './batch-signer';
import { checkSelf } from './secp256k1';
import { signJobs, type WorkerMessage, type WorkerReply } from './signing-job';

if (!parentPort) throw new Error('this file runs as a worker thread only');
const port = parentPort;

checkSelf();
warmUp();
let keys: readonly Uint8Array[] = [];

const answer = (message: WorkerMessage): WorkerReply | null => {
  if (message.kind === 'keys') {
    keys = message.keys;
    return null;
  }
  try {
    return { kind: 'signed', start: message.start, signed: signJobs(message.jobs, keys, true) };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : 'signing failed' };
  }
};

port.on('message', (message: WorkerMessage) => {
  const reply = answer(message);
  if (reply) port.postMessage(reply);
});
