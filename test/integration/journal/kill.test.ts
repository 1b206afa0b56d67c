/**
 * kill -9 of the ledger process in the middle of writing, again and again: no acknowledged write is without its entry, no
 * entry without its write, and what the vault was told of the journal is always still true.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createLedgerChild, type StoreAnchor } from '../../../src/main/ledger';
import { connectChild } from '../../../src/main/platform/child';
import { sealTo } from '../../../src/main/platform/sealed-box';
import type { Network } from '../../../src/shared/model/directory';
import { bundleChildren } from '../../support/bundle-children';
import { createSpawnNode } from '../../support/spawn-node';

const KILLS = 20;

const network = (chain: number) =>
  ({ id: `eip155:${chain}`, name: `Network ${chain}`, endpoints: [] }) as unknown as Network;

it('keeps writes and entries together through every kill', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nostro-journal-'));
  const file = join(folder, 'ledger.db');
  const key = new Uint8Array(randomBytes(32));
  const seal = async (recipient: Uint8Array) => sealTo(recipient, key);
  const children = await bundleChildren(['ledger.process']);
  const acknowledged = new Set<string>();
  let anchor: StoreAnchor | null = null;
  let next = 1;

  try {
    for (let round = 0; round <= KILLS; round += 1) {
      // Kills at another moment each time: on the way there, while it works, on the way back.
      let sends = 0;
      const killAt = 8 + round * 3;
      const kills: { now: () => void } = { now: () => undefined };
      const spawn = createSpawnNode(children, {
        onStarted: (pid) => {
          kills.now = () => process.kill(pid, 'SIGKILL');
        },
        onSent: () => {
          sends += 1;
          if (round < KILLS && sends === killAt) setImmediate(kills.now);
        },
      });
      const ledger = createLedgerChild({ connect: () => connectChild(spawn('ledger')) });
      const { journal } = await ledger.open({
        file,
        sealKey: seal,
        sealJournalKey: seal,
        expectedHead: anchor,
        expectedJournal: anchor?.journal ?? null,
      });

      const networks = new Set((await ledger.store('directory').networks()).map(({ id }) => String(id)));
      const entries = await ledger.store('journal').entriesAfter(0, 100_000);
      const journaled = entries.map(({ facts }) => String(facts.networkId));
      expect(entries).toHaveLength(journal.count);
      expect(new Set(journaled)).toEqual(networks);
      // Each write once, so no entry was doubled.
      expect(journaled).toHaveLength(networks.size);
      for (const id of acknowledged) expect(networks.has(id), id).toBe(true);
      for (const id of networks) acknowledged.add(id);
      if (round === KILLS) {
        await ledger.close();
        break;
      }

      anchor = await ledger.anchor();
      const store = ledger.store('directory');
      const pending: Promise<void>[] = [];
      for (let write = 0; write < killAt + 10; write += 1) {
        const one = network(next++);
        pending.push(
          store.putNetwork(one).then(
            () => void acknowledged.add(one.id),
            () => undefined,
          ),
        );
        // Some rounds wait for answers, others have many calls under way.
        if (round % 2 === 0) await pending.at(-1);
      }
      await Promise.all(pending);
      await ledger.close();
    }
    // The kills came in the middle of it, not only before or after everything.
    expect(acknowledged.size).toBeGreaterThan(KILLS);
    expect(acknowledged.size).toBeLessThan(next - 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
