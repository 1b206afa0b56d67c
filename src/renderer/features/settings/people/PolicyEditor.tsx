import { Button, TextInput } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { common } from '../../../../../assets/locales/en/common';
import { people } from '../../../../../assets/locales/en/people';
import type { PolicyView } from '../../../../shared/contract';
import { AppError } from '../../../../shared/errors';
import type { Hash32 } from '../../../../shared/model/ids';
import { client } from '../../../client';
import { ErrorState, Notice, Section, showToast, useAction, useSession } from '../../../ui';
import {
  type Deciders,
  decidersOf,
  type PolicyDraft,
  type Review,
  reviewDraft,
  startDraft,
  toInput,
} from './draft';
import type { Identity } from './Me';
import { type Card, PeopleFields } from './PeopleFields';
import styles from './people.module.css';
import { RuleFields } from './RuleFields';
import { nameNote } from './words';

const t = people.editor;

export type PolicyEditorProps = {
  readonly identity: Identity;
  readonly cards: readonly Card[];
  readonly inForce: PolicyView | null;
  /** What the draft starts from; `null`: from this machine's person alone. */
  readonly base: PolicyView | null;
  /** The draft that the new one takes the place of. */
  readonly replaces: PolicyView | null;
  readonly onClose: () => void;
};

/** Drafts a policy. Nothing counts before it is signed; what is wrong stands beside its field. */
export const PolicyEditor = ({ identity, cards, inForce, base, replaces, onClose }: PolicyEditorProps) => {
  const workspaceName = useSession((state) => state.snapshot?.workspaceName ?? '');
  const [draft, setDraft] = useState<PolicyDraft>(() =>
    startDraft(base?.content ?? null, { ...identity, workspaceName }),
  );
  /** Empty fields are only called wrong once somebody wanted to save. */
  const [wasTried, setWasTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const review = useMemo(() => reviewDraft(draft, identity.key), [draft, identity.key]);
  const before = inForce?.content ?? null;
  const number = (before?.number ?? 0) + 1;
  const save = useAction(async () => {
    const { digest } = await client['people.draftPolicy'](toInput(draft));
    if (replaces !== null && replaces.digest !== digest) await discardReplaced(replaces.digest);
    showToast('success', t.saved, people.policy.titleDraft(number));
    onClose();
  });
  const change = (part: Partial<PolicyDraft>): void => setDraft((old) => ({ ...old, ...part }));
  const faultOf = (field: string): string | undefined => {
    const fault = review.faults.get(field);
    return fault === undefined || (!wasTried && fault.endsWith('-missing'))
      ? undefined
      : people.faults[fault];
  };
  const submit = (): void => {
    if (review.faults.size === 0) {
      void save.run();
      return;
    }
    setWasTried(true);
    // After the fields have said what is wrong with them.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <form
      ref={form}
      className={styles.scroll}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Section title={before === null ? t.titleFirst : t.titleNext(number)} description={t.text}>
        <TextInput
          label={t.company}
          description={t.companyText}
          value={draft.companyName}
          maxLength={80}
          autoComplete="off"
          spellCheck={false}
          w={420}
          error={faultOf('company')}
          onChange={(event) => change({ companyName: event.currentTarget.value })}
        />
      </Section>
      <PeopleFields
        people={draft.people}
        cards={cards}
        faultOf={faultOf}
        onChange={(rows) => change({ people: rows })}
      />
      <RuleFields draft={draft} onChange={change} faultOf={faultOf} />
      <Next
        review={review}
        deciders={decidersOf(draft, before)}
        before={before}
        ownName={identity.name}
        replaces={replaces !== null}
      />
      <div>
        {save.error ? <ErrorState error={save.error} /> : null}
        <div className={styles.foot}>
          <span className={styles.wrong} role="status">
            {wasTried && review.faults.size > 0 ? t.faults(review.faults.size) : null}
          </span>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={save.isRunning}>
            {t.save}
          </Button>
        </div>
      </div>
    </form>
  );
};

/** A draft that went meanwhile needs no discarding. */
const discardReplaced = async (digest: Hash32): Promise<void> => {
  try {
    await client['people.discardDraft']({ digest });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'policy/unknown')) throw error;
  }
};

type NextProps = {
  readonly review: Review;
  readonly deciders: Deciders;
  readonly before: PolicyView['content'] | null;
  readonly ownName: string | null;
  readonly replaces: boolean;
};

const Next = ({ review, deciders, before, ownName, replaces }: NextProps) => {
  const { needed, names, isEnough } = deciders;
  const way = !isEnough
    ? t.nextImpossible
    : before === null
      ? t.nextFirst(needed, names)
      : t.nextChange(needed, names, before.number);
  return (
    <Section title={t.next}>
      <div className={styles.stack}>
        <div>
          {way} {isEnough && ownName !== null && names.includes(ownName) ? t.nextYou : ''}
        </div>
        {replaces ? <div className={styles.muted}>{t.replaces}</div> : null}
        {review.notes.length === 0 ? null : (
          <Notice tone="warn" title={t.notes}>
            <ul className={styles.list}>
              {review.notes.map((note) => (
                <li key={nameNote(note)}>{nameNote(note)}</li>
              ))}
            </ul>
          </Notice>
        )}
      </div>
    </Section>
  );
};
