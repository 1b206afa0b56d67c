import { Button } from '@mantine/core';
import { useState } from 'react';
import { people } from '../../../../../assets/locales/en/people';
import type { PolicyView } from '../../../../shared/contract';
import { client } from '../../../client';
import { Badge, ConfirmAction, ErrorState, Section, useAction, useLocale } from '../../../ui';
import { useCarry } from './Carry';
import { comparePolicies } from './changes';
import { approversOf } from './draft';
import { PolicyFacts } from './PolicyFacts';
import styles from './people.module.css';
import { nameChange } from './words';

const t = people.drafts;

export type DraftsProps = {
  readonly drafts: readonly PolicyView[];
  readonly inForce: PolicyView | null;
  readonly ownKey: string;
  readonly onEdit: (draft: PolicyView) => void;
};

/** Policies on their way: what they change, whose signature is missing, what this machine's person can do. */
export const Drafts = ({ drafts, inForce, ownKey, onEdit }: DraftsProps) => (
  <>
    {drafts.map((draft) => (
      <Draft
        key={draft.digest}
        draft={draft}
        inForce={inForce}
        ownKey={ownKey}
        onEdit={() => onEdit(draft)}
      />
    ))}
  </>
);

type DraftProps = {
  readonly draft: PolicyView;
  readonly inForce: PolicyView | null;
  readonly ownKey: string;
  readonly onEdit: () => void;
};

/** Approvers who may still sign: of the policy before it, or of itself where it is the first. */
const findMissing = (draft: PolicyView, inForce: PolicyView | null): readonly string[] => {
  const before = draft.content.number === 1 ? draft.content : inForce?.content;
  if (before === undefined) return [];
  const signed = new Set(draft.approvals.map(({ by }) => by.key.toLowerCase()));
  return approversOf(before.people)
    .filter(({ key }) => !signed.has(key.toLowerCase()))
    .map(({ name }) => name);
};

const Draft = ({ draft, inForce, ownKey, onEdit }: DraftProps) => {
  const { number } = draft.content;
  const [isWhole, setIsWhole] = useState(inForce === null);
  const [isDiscarding, setIsDiscarding] = useState(false);
  const { buttons, error } = useCarry(draft);
  const review = useAction(() => client['people.reviewPolicy']({ digest: draft.digest }));
  const discard = useAction(async () => {
    await client['people.discardDraft']({ digest: draft.digest });
    setIsDiscarding(false);
  });
  const given = draft.approvals.filter(({ counts }) => counts).length;
  const isComplete = given >= draft.needed;
  const missing = findMissing(draft, inForce);
  const status = isComplete
    ? t.complete
    : `${missing.length === 0 ? '' : `${t.stillNeeded(draft.needed - given, missing)} `}${t.carry}`;
  return (
    <Section
      title={people.policy.titleDraft(number)}
      description={status}
      actions={
        <Button
          variant={draft.waitsForMe || isComplete ? 'filled' : 'default'}
          loading={review.isRunning}
          onClick={() => void review.run()}
        >
          {isComplete ? t.adopt : draft.waitsForMe ? t.review : t.look}
        </Button>
      }
    >
      <div className={styles.stack}>
        <div className={styles.inline}>
          <Badge tone={isComplete ? 'good' : 'info'} icon={isComplete ? 'approved' : 'pending'}>
            {t.progress(given, draft.needed)}
          </Badge>
          {draft.waitsForMe ? (
            <Badge tone="warn" icon="waiting">
              {t.waitsForMe}
            </Badge>
          ) : null}
        </div>
        {inForce === null ? (
          <div className={styles.muted}>{t.first}</div>
        ) : (
          <Changes draft={draft} before={inForce} />
        )}
        {review.error ? <ErrorState error={review.error} /> : null}
        {error ? <ErrorState error={error} /> : null}
        <div className={styles.buttons}>
          {buttons}
          <Button variant="default" onClick={onEdit}>
            {t.edit}
          </Button>
          <Button variant="default" onClick={() => setIsDiscarding(true)}>
            {t.discard}
          </Button>
        </div>
        <div>
          <button
            type="button"
            className="n-link"
            aria-expanded={isWhole}
            onClick={() => setIsWhole(!isWhole)}
          >
            {isWhole ? people.policy.hideDetails : people.policy.details}
          </button>
        </div>
        {isWhole ? <PolicyFacts policy={draft} ownKey={ownKey} /> : null}
      </div>
      <ConfirmAction
        isOpen={isDiscarding}
        onClose={() => setIsDiscarding(false)}
        title={t.discardTitle(number)}
        text={t.discardText}
        canUndo={false}
        button={t.discardButton(number)}
        onConfirm={() => void discard.run()}
        isRunning={discard.isRunning}
        error={discard.error}
        isDangerous
      />
    </Section>
  );
};

const Changes = ({ draft, before }: { readonly draft: PolicyView; readonly before: PolicyView }) => {
  const locale = useLocale();
  const changes = comparePolicies(before.content, draft.content).map((change) => nameChange(change, locale));
  return (
    <div>
      <h3 className={styles.subTitle}>{t.changes}</h3>
      {changes.length === 0 ? (
        <div className={styles.muted}>{t.noChanges}</div>
      ) : (
        <ul className={styles.list}>
          {changes.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </div>
  );
};
