import { z } from 'zod';
import { Address, FileId, Hash32, Instant } from '../model/ids';
import { JournalEntry } from '../model/journal';
import { ApprovalRule, Person, PersonName, PersonRef, PolicyContent, Role } from '../model/people';
import { command, Empty, query, Saved } from './define';

export const PolicyView = z.strictObject({
  digest: Hash32,
  content: PolicyContent,
  /** Who signed it, and whether it counts (an approver of the forerunner). */
  approvals: z.array(z.strictObject({ by: PersonRef, at: Instant, counts: z.boolean() })),
  needed: z.number().int().min(1),
  state: z.enum(['draft', 'in-force', 'superseded']),
  /** This machine's person may sign it and has not. */
  waitsForMe: z.boolean(),
});
export type PolicyView = z.infer<typeof PolicyView>;

export const peopleContract = {
  /** Who this machine belongs to: a name, and a key that exists once the vault does. */
  'people.identity': query(
    Empty,
    z.strictObject({
      name: z.string().nullable(),
      key: Address,
      /** By the policy in force; empty without one. */
      roles: z.array(Role),
      companyName: z.string().nullable(),
    }),
  ),
  /** Until a policy names this key, it bears this name. */
  'people.setName': command(z.strictObject({ name: PersonName }), Empty, ['policy/name-is-fixed']),
  /** The own public key with its name, for the maker of a policy. */
  'people.exportCard': command(
    z.strictObject({ passphrase: z.string().max(4096) }),
    Saved,
    ['person/name-missing', 'file/unwritable', 'vault/wrong-passphrase', 'vault/throttled', 'vault/corrupt'],
    { concurrent: true },
  ),
  /** Cards that were imported and are in no policy yet. */
  'people.cards': query(
    Empty,
    z.strictObject({ cards: z.array(z.strictObject({ name: z.string(), key: Address, at: Instant })) }),
  ),
  'people.policies': query(
    Empty,
    z.strictObject({
      inForce: PolicyView.nullable(),
      drafts: z.array(PolicyView),
      /** Oldest first: a machine that joins later takes them in one after the other. */
      superseded: z.array(PolicyView).optional(),
    }),
  ),
  'people.draftPolicy': command(
    z.strictObject({
      companyName: PersonName,
      people: z.array(Person).min(1).max(200),
      defaultApprovals: z.number().int().min(1).max(10),
      table: z.array(ApprovalRule).max(500),
      changeApprovals: z.number().int().min(1).max(10),
    }),
    z.strictObject({ digest: Hash32 }),
    ['policy/invalid'],
  ),
  'people.discardDraft': command(z.strictObject({ digest: Hash32 }), Empty, ['policy/unknown']),
  'people.exportPolicy': command(
    z.strictObject({ digest: Hash32 }),
    Saved,
    ['policy/unknown', 'file/unwritable'],
    { concurrent: true },
  ),
  /**
   * Opens the approval window on a policy: to sign it as an approver, or to take the company's first policy into force on
   * this machine.
   */
  'people.reviewPolicy': command(z.strictObject({ digest: Hash32 }), Empty, [
    'policy/unknown',
    'policy/older',
    'policy/gap',
    'policy/fork',
    'policy/foreign',
    'clock/set-back',
  ]),
};

export const JournalRow = JournalEntry.extend({ hash: Hash32 });
export type JournalRow = z.infer<typeof JournalRow>;

export const journalContract = {
  'journal.list': query(
    z.strictObject({
      search: z.string().max(140),
      offset: z.number().int().min(0),
      limit: z.number().int().min(1).max(200),
    }),
    z.strictObject({ total: z.number().int(), entries: z.array(JournalRow) }),
  ),
  /** The head to compare with another machine's envelope or by phone. Checked at each unlock. */
  'journal.head': query(
    Empty,
    z.strictObject({
      count: z.number().int(),
      head: Hash32,
      checkedAt: Instant,
      /** What the vault remembers from the last time. */
      anchored: z.strictObject({ count: z.number().int(), head: Hash32 }).nullable(),
    }),
  ),
  'journal.exportFile': command(
    z.strictObject({ format: z.enum(['jsonl', 'csv']) }),
    Saved,
    ['file/unwritable'],
    { concurrent: true },
  ),
};

export const workspaceContract = {
  /** Online or offline for good, until somebody with the passphrase says otherwise. The vault keeps it. */
  'workspace.setMode': command(
    z.strictObject({ mode: z.enum(['online', 'offline']), passphrase: z.string().max(4096) }),
    Empty,
    ['vault/wrong-passphrase', 'vault/throttled', 'vault/corrupt', 'vault/unwritable'],
  ),
  /** Files that were opened with the app (double click, drop on its icon) and wait to be looked at. */
  'workspace.openedFiles': query(
    Empty,
    z.strictObject({ files: z.array(z.strictObject({ fileId: FileId, name: z.string() })) }),
  ),
};
