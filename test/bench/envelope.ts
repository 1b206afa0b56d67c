/** How fast an envelope is written, opened in its own process and checked, with and without its transactions' signatures. */

import { digestLines, encodeChunks } from '../../src/main/envelopes/codec';
import { createEnvelopeOpener } from '../../src/main/envelopes/opener';
import { connectChild } from '../../src/main/platform/child';
import { createSpawnNode } from '../../src/main/platform/spawn-node';
import type { Envelope } from '../../src/shared/model/envelope';
import { bundleChildren } from '../support/bundle-children';
import { envelopeFixture } from '../support/envelope-fixture';

export type EnvelopeBench = {
  readonly lines: number;
  /** With approval, signatures and a report of where each payment stands. */
  readonly fileBytes: number;
  /** Digest and file on the main thread, in slices. */
  readonly encodeSeconds: number;
  /** From bytes to the last line in main, process start included, of an envelope that waits for its signatures. */
  readonly openSeconds: number;
  /** The same of a signed one: every transaction's signature is checked. */
  readonly openSignedSeconds: number;
};

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const secondsSince = (start: bigint): number => Number(process.hrtime.bigint() - start) / 1e9;

const encode = async ({ content, acts }: Envelope): Promise<number> => {
  const { lines, ...head } = content;
  let size = 0;
  const digest = await digestLines(head, [lines]);
  for await (const chunk of encodeChunks({ head, digest, acts, lines: [lines] })) size += chunk.length;
  return size;
};

/** Default: 10,000 lines over three accounts and three networks. */
export const benchEnvelope = async (lines = 10_000): Promise<EnvelopeBench> => {
  const children = await bundleChildren(['envelope.process']);
  const opener = createEnvelopeOpener({
    spawn: createSpawnNode({ folder: children, log: silent }),
    connect: connectChild,
  });
  const open = async (bytes: Uint8Array): Promise<number> => {
    const start = process.hrtime.bigint();
    let count = 0;
    await opener.open(
      { bytes },
      {
        onLines: (_, part) => {
          count += part.length;
        },
      },
    );
    if (count !== lines) throw new Error(`opened ${count} of ${lines} lines`);
    return secondsSince(start);
  };
  const waiting = envelopeFixture({ lines, accounts: 3 }, ['approve']);
  const signed = envelopeFixture({ lines, accounts: 3 }, ['approve', 'sign', 'send']);
  const start = process.hrtime.bigint();
  const fileBytes = await encode(signed.envelope);
  const encodeSeconds = secondsSince(start);
  if (fileBytes !== signed.bytes.length) throw new Error('the file has another size');
  return {
    lines,
    fileBytes,
    encodeSeconds,
    openSeconds: await open(new Uint8Array(waiting.bytes)),
    openSignedSeconds: await open(new Uint8Array(signed.bytes)),
  };
};
