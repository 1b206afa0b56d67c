import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { unlock } from '../../../../assets/locales/en/unlock';
import { PersonName } from '../../../shared/model/people';
import { client } from '../../client';
import {
  ErrorState,
  navigate,
  showToast,
  useAction,
  useIsOfflineMachine,
  useOnboarding,
  useSession,
} from '../../ui';
import { StepHead } from './Frame';
import styles from './unlock.module.css';

export const WorkspaceStep = () => {
  const snapshot = useSession((state) => state.snapshot);
  const isOffline = useIsOfflineMachine();
  const [person, setPerson] = useState('');
  const [known, setKnown] = useState<string | null>(null);
  const [name, setName] = useState(snapshot?.workspaceName ?? '');
  const hasSandbox = !isOffline && (snapshot?.sandboxAvailable ?? false);
  useEffect(() => {
    // Books that were there before may know the person, and a policy may have fixed the name.
    client['people.identity']({}).then(
      (identity) => {
        setKnown(identity.name);
        setPerson((typed) => (typed === '' ? (identity.name ?? '') : typed));
      },
      () => undefined,
    );
  }, []);
  const own = person.normalize('NFC').trim();
  const isNameRight = PersonName.safeParse(own).success;
  const start = useAction(async (withSandbox: boolean) => {
    if (own !== known) {
      await client['people.setName']({ name: own });
      setKnown(own);
    }
    const workspaceName = name.trim();
    if (workspaceName !== '' && workspaceName !== snapshot?.workspaceName) {
      await client['settings.set']({ workspaceName });
    }
    if (withSandbox) {
      const added = await client['app.addSandbox']({});
      showToast(
        'success',
        unlock.sandboxAdded,
        unlock.sandboxCounts(added.tokens, added.counterparties, added.accounts),
      );
      navigate('position');
    } else navigate('settings', { view: isOffline ? 'people' : 'networks' });
    useOnboarding.setState({ isNaming: false });
  });
  const isComplete = name.trim() !== '' && isNameRight;
  return (
    <>
      <StepHead
        step={unlock.steps.create[3] ?? ''}
        title={unlock.workspaceTitle}
        text={unlock.workspaceText}
      />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete) void start.run(hasSandbox);
        }}
      >
        <TextInput
          label={unlock.personName}
          description={unlock.personNameText}
          placeholder={unlock.personPlaceholder}
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
          error={own !== '' && !isNameRight ? unlock.personNameWrong : undefined}
          maxLength={80}
          autoComplete="off"
          spellCheck={false}
          autoFocus
        />
        <TextInput
          label={unlock.workspaceName}
          description={unlock.workspaceNameText}
          placeholder={unlock.workspacePlaceholder}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
        />
        {hasSandbox ? (
          <div className={styles.box}>
            <strong>{unlock.sandboxTitle}</strong>
            <span className={styles.hint}>{unlock.sandboxText}</span>
            <Button type="submit" loading={start.isRunning} disabled={!isComplete}>
              {unlock.addSandbox}
            </Button>
          </div>
        ) : null}
        {start.error ? <ErrorState error={start.error} /> : null}
        <div className={styles.row}>
          <Button
            {...(hasSandbox ? {} : { type: 'submit' as const })}
            variant={hasSandbox ? 'default' : 'filled'}
            loading={!hasSandbox && start.isRunning}
            disabled={!isComplete || start.isRunning}
            {...(hasSandbox ? { onClick: () => void start.run(false) } : {})}
          >
            {isOffline ? unlock.startOffline : unlock.startEmpty}
          </Button>
          <span className={styles.hint}>{isOffline ? unlock.startOfflineText : unlock.startEmptyText}</span>
        </div>
      </form>
    </>
  );
};
