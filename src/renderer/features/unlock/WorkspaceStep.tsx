import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { unlock } from '../../../../assets/locales/en/unlock';
import { client } from '../../client';
import { ErrorState, navigate, showToast, useAction, useOnboarding, useSession } from '../../ui';
import { StepHead } from './Frame';
import styles from './unlock.module.css';

export const WorkspaceStep = () => {
  const snapshot = useSession((state) => state.snapshot);
  const [name, setName] = useState(snapshot?.workspaceName ?? '');
  const hasSandbox = snapshot?.sandboxAvailable ?? false;
  const start = useAction(async (withSandbox: boolean) => {
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
    } else navigate('settings', { view: 'networks' });
    useOnboarding.setState({ isNaming: false });
  });
  const isComplete = name.trim() !== '';
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
          label={unlock.workspaceName}
          placeholder={unlock.workspacePlaceholder}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={80}
          autoFocus
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
            variant={hasSandbox ? 'default' : 'filled'}
            disabled={!isComplete || start.isRunning}
            onClick={() => void start.run(false)}
          >
            {unlock.startEmpty}
          </Button>
          <span className={styles.hint}>{unlock.startEmptyText}</span>
        </div>
      </form>
    </>
  );
};
