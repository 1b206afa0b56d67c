/** Policies, cards and the own name at rest. What may come into force is decided in main/people; kept in order here. */
import { type Canonical, canonicalJson } from '../../../shared/canonical';
import { AppError } from '../../../shared/errors';
import type { Hash32, Instant } from '../../../shared/model/ids';
import { PersonCard, PolicyApproval, PolicyContent } from '../../../shared/model/people';
import type { Db } from '../driver';

export type StoredPolicy = {
  readonly digest: Hash32;
  readonly content: PolicyContent;
  /** By key, each once. */
  readonly approvals: readonly PolicyApproval[];
  readonly receivedAt: Instant;
  /** When it came into force here; `null` for a draft. */
  readonly installedAt: Instant | null;
};

export type OwnPerson = { readonly name: string | null; readonly card: PersonCard | null };

type Row = {
  readonly digest: Hash32;
  readonly content: string;
  readonly approvals: string;
  readonly received_at: Instant;
  readonly installed_at: Instant | null;
};

const json = (value: unknown): string => canonicalJson(value as Canonical);

const toPolicy = (row: Row): StoredPolicy => ({
  digest: row.digest,
  content: PolicyContent.parse(JSON.parse(row.content)),
  approvals: PolicyApproval.array().parse(JSON.parse(row.approvals)),
  receivedAt: row.received_at,
  installedAt: row.installed_at,
});

export const createPeopleStore = (db: Db) => {
  const find = (digest: Hash32): StoredPolicy | null => {
    const row = db.prepare('SELECT * FROM policies WHERE digest = ?').get<Row>(digest);
    return row === undefined ? null : toPolicy(row);
  };
  const inForce = (): StoredPolicy | null => {
    const row = db
      .prepare('SELECT * FROM policies WHERE installed_at IS NOT NULL ORDER BY number DESC LIMIT 1')
      .get<Row>();
    return row === undefined ? null : toPolicy(row);
  };
  const ownPerson = (): OwnPerson => {
    const row = db.prepare('SELECT name, card FROM own_person').get<{
      readonly name: string | null;
      readonly card: string | null;
    }>();
    return {
      name: row?.name ?? null,
      card: row?.card ? PersonCard.parse(JSON.parse(row.card)) : null,
    };
  };
  const saveOwn = ({ name, card }: OwnPerson): void => {
    db.prepare(
      `INSERT INTO own_person (id, name, card) VALUES (1, ?, ?)
       ON CONFLICT (id) DO UPDATE SET name = excluded.name, card = excluded.card`,
    ).run(name, card === null ? null : json(card));
  };

  return {
    /** All of them, by number, then by digest. */
    policies: (): StoredPolicy[] =>
      db.prepare('SELECT * FROM policies ORDER BY number, digest').all<Row>().map(toPolicy),

    /**
     * Keeps a policy with all of `approvals`, and brings it into force with `install`: drafts that can then never follow
     * are removed. Throws `policy/fork` when its forerunner is not in force (any more), `envelope/conflict` when an
     * approval that was known is missing.
     */
    putPolicy: db.transaction(
      (input: {
        readonly digest: Hash32;
        readonly content: PolicyContent;
        readonly approvals: readonly PolicyApproval[];
        readonly install: boolean;
        readonly at: Instant;
      }): void => {
        const { digest, content, approvals, install, at } = input;
        const known = find(digest);
        const keys = new Set(approvals.map(({ by }) => by.key));
        if (known?.approvals.some(({ by }) => !keys.has(by.key))) throw new AppError('envelope/conflict');
        db.prepare(
          `INSERT INTO policies (digest, number, content, approvals, received_at) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (digest) DO UPDATE SET approvals = excluded.approvals`,
        ).run(digest, content.number, json(content), json(approvals), at);
        if (!install) return;
        // SECURITY: seen once more in the transaction itself, so that of two successors only one follows.
        const forerunner = inForce();
        const isNext =
          content.previous === (forerunner?.digest ?? null) &&
          content.number === (forerunner?.content.number ?? 0) + 1;
        if (!isNext) throw new AppError('policy/fork', { number: content.number });
        db.prepare('UPDATE policies SET installed_at = ? WHERE digest = ?').run(at, digest);
        db.prepare('DELETE FROM policies WHERE installed_at IS NULL AND number <= ?').run(content.number);
      },
    ),

    /** Throws `policy/unknown` for what is no draft. */
    removeDraft: (digest: Hash32): void => {
      const { changes } = db
        .prepare('DELETE FROM policies WHERE digest = ? AND installed_at IS NULL')
        .run(digest);
      if (Number(changes) === 0) throw new AppError('policy/unknown', { digest });
    },

    ownPerson,
    setName: db.transaction((name: string): void => saveOwn({ ...ownPerson(), name })),
    putOwnCard: db.transaction((card: PersonCard): void => saveOwn({ ...ownPerson(), card })),

    /** By key. */
    cards: (): PersonCard[] =>
      db
        .prepare('SELECT card FROM person_cards ORDER BY key')
        .all<{ readonly card: string }>()
        .map(({ card }) => PersonCard.parse(JSON.parse(card))),
    /** Takes the place of the key's card before. */
    putCard: (card: PersonCard, at: Instant): void => {
      db.prepare(
        `INSERT INTO person_cards (key, card, received_at) VALUES (?, ?, ?)
         ON CONFLICT (key) DO UPDATE SET card = excluded.card, received_at = excluded.received_at`,
      ).run(card.key.toLowerCase(), json(card), at);
    },
  };
};

export type PeopleStore = ReturnType<typeof createPeopleStore>;
