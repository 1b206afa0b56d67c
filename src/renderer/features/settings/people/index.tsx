/** People: who this machine belongs to, the company's policy, its drafts, and cards that came in. */
import { Button } from '@mantine/core';
import { IconFileImport, IconQrcode, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { people } from '../../../../../assets/locales/en/people';
import type { Intake, PolicyView } from '../../../../shared/contract';
import { client } from '../../../client';
import {
  Address,
  EmptyState,
  ErrorState,
  LoadingState,
  markStale,
  navigate,
  Section,
  showToast,
  Time,
  useAction,
  useQuery,
} from '../../../ui';
import { useCarry } from './Carry';
import { Drafts } from './Drafts';
import { Me } from './Me';
import { PolicyEditor } from './PolicyEditor';
import { PolicyFacts } from './PolicyFacts';
import styles from './people.module.css';

/** What is being drafted: from scratch or from the policy in force (`null`), or in place of an earlier draft. */
type Editing = { readonly base: PolicyView | null; readonly replaces: PolicyView | null };

const tell = (intake: Intake): void => {
  switch (intake.format) {
    case 'person':
      showToast('success', people.readCard(intake.name), people.readCardText);
      return;
    case 'policy':
      showToast(
        intake.outcome === 'unchanged' ? 'info' : 'success',
        people.readPolicy[intake.outcome],
        people.readPolicyText[intake.outcome],
      );
      return;
    case 'envelope':
      // An envelope has its own page.
      navigate('inbox', { view: 'envelope', id: intake.digest });
  }
};

const readFile = async (): Promise<void> => {
  const { file } = await client['files.choose']({ purpose: 'exchange' });
  if (file === null) return;
  const intake = await client['envelopes.importFile']({ fileId: file.fileId });
  markStale('people', 'envelopes');
  tell(intake);
};

export const PeopleTab = () => {
  const [editing, setEditing] = useState<Editing | null>(null);
  const query = useQuery(
    async () => {
      const [identity, policies, { cards }] = await Promise.all([
        client['people.identity']({}),
        client['people.policies']({}),
        client['people.cards']({}),
      ]);
      return { identity, ...policies, cards };
    },
    { key: 'people', topics: ['people'] },
  );
  const read = useAction(readFile);
  if (query.data === undefined) {
    return query.error ? (
      <ErrorState error={query.error} layout="page" onRetry={query.reload} />
    ) : (
      <LoadingState />
    );
  }
  const { identity, inForce, drafts, cards } = query.data;
  if (editing !== null) {
    return (
      <PolicyEditor
        identity={identity}
        cards={cards}
        inForce={inForce}
        base={editing.base}
        replaces={editing.replaces}
        onClose={() => setEditing(null)}
      />
    );
  }
  const readButtons = (
    <>
      <Button
        variant="default"
        leftSection={<IconFileImport size={16} aria-hidden />}
        loading={read.isRunning}
        onClick={() => void read.run()}
      >
        {people.read}
      </Button>
      <Button
        variant="default"
        leftSection={<IconQrcode size={16} aria-hidden />}
        onClick={() => navigate('inbox', { view: 'scan' })}
      >
        {people.scan}
      </Button>
    </>
  );
  const draftNew = (): void => setEditing({ base: inForce, replaces: null });
  const isBare = inForce === null && drafts.length === 0;
  const policies = (
    <>
      <Drafts
        drafts={drafts}
        inForce={inForce}
        ownKey={identity.key}
        onEdit={(draft) => setEditing({ base: draft, replaces: draft })}
      />
      {inForce === null ? null : <InForce policy={inForce} ownKey={identity.key} onDraft={draftNew} />}
    </>
  );
  return (
    <div className={styles.scroll}>
      {isBare ? null : <div className={styles.bar}>{readButtons}</div>}
      {read.error ? <ErrorState error={read.error} /> : null}
      {query.error ? <ErrorState error={query.error} onRetry={query.reload} /> : null}
      {drafts.some(({ waitsForMe }) => waitsForMe) ? (
        <>
          {policies}
          <Me identity={identity} />
        </>
      ) : (
        <>
          <Me identity={identity} />
          {policies}
        </>
      )}
      {isBare ? (
        <Section>
          <EmptyState
            icon={IconUsersGroup}
            title={people.none.title}
            text={`${people.none.why} ${people.none.what} ${people.none.how}`}
            action={
              <>
                {readButtons}
                <Button onClick={draftNew}>{people.none.draft}</Button>
              </>
            }
          />
        </Section>
      ) : null}
      {cards.length === 0 ? null : (
        <Section title={people.cards.title} description={people.cards.text}>
          <table className={styles.table}>
            <caption className="visually-hidden">{people.cards.title}</caption>
            <thead>
              <tr>
                <th scope="col">{people.policy.name}</th>
                <th scope="col">{people.policy.key}</th>
                <th scope="col">{people.cards.read}</th>
              </tr>
            </thead>
            <tbody>
              {cards.map(({ name, key, at }) => (
                <tr key={key}>
                  <td className={styles.name}>{name}</td>
                  <td>
                    <Address address={key} variant="full" />
                  </td>
                  <td>
                    <Time instant={at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Section>
      )}
    </div>
  );
};

type InForceProps = {
  readonly policy: PolicyView;
  readonly ownKey: string;
  readonly onDraft: () => void;
};

const InForce = ({ policy, ownKey, onDraft }: InForceProps) => {
  const { buttons, error } = useCarry(policy);
  return (
    <Section
      title={people.policy.title(policy.content.number)}
      actions={
        <Button variant="default" onClick={onDraft}>
          {people.policy.draftNext}
        </Button>
      }
    >
      <div className={styles.stack}>
        <PolicyFacts policy={policy} ownKey={ownKey} />
        {error ? <ErrorState error={error} /> : null}
        <div className={styles.buttons}>{buttons}</div>
      </div>
    </Section>
  );
};
