import { Button } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { unlock } from '../../../../assets/locales/en/unlock';
import { AppError } from '../../../shared/errors';
import { client } from '../../client';
import { ErrorState, Notice, PassphraseField, useAction, useNow, useSession } from '../../ui';
import { StepHead } from './Frame';
import styles from './unlock.module.css';

export const UnlockForm = () => {
  const { lockCause, snapshot } = useSession();
  const [passphrase, setPassphrase] = useState('');
  const [failed, setFailed] = useState(0);
  const [waitUntil, setWaitUntil] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  const now = useNow(250);
  const wait = Math.max(0, Math.ceil((waitUntil - now) / 1000));

  const readStatus = async (): Promise<void> => {
    const status = await client['vault.status']({});
    setFailed(status.failedAttempts);
    // The clock of the page stands still between its ticks: no wait must not look like the rest of one.
    setWaitUntil(status.waitMs === 0 ? 0 : Date.now() + status.waitMs);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the screen appears
  useEffect(() => {
    readStatus().catch(() => undefined);
  }, []);

  const open = useAction(async () => {
    try {
      await client['vault.unlock']({ passphrase });
    } catch (error) {
      await readStatus().catch(() => undefined);
      throw error;
    } finally {
      // SECURITY: a passphrase does not stay in the page, right or wrong.
      setPassphrase('');
    }
  });

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (passphrase === '' || wait > 0) return;
    void open.run().then(() => field.current?.focus());
  };

  const isThrottled = open.error instanceof AppError && open.error.code === 'vault/throttled';
  return (
    <>
      <StepHead title={unlock.title} text={snapshot?.workspaceName ?? ''} />
      {lockCause === null || lockCause === 'person' ? null : (
        <Notice tone={lockCause === 'crash' ? 'warn' : 'info'}>{unlock.causes[lockCause]}</Notice>
      )}
      <form className={styles.form} onSubmit={submit}>
        <PassphraseField
          label={unlock.passphrase}
          value={passphrase}
          onChange={setPassphrase}
          autoFocus
          inputRef={field}
          isDisabled={open.isRunning}
        />
        {open.error && !(isThrottled && wait === 0) ? <ErrorState error={open.error} /> : null}
        {wait > 0 ? (
          <Notice tone="warn">
            {unlock.attempts(failed)} {unlock.wait(wait)}
          </Notice>
        ) : null}
        <Button
          type="submit"
          fullWidth
          size="md"
          loading={open.isRunning}
          disabled={passphrase === '' || wait > 0}
        >
          {wait > 0 ? unlock.waitButton(wait) : unlock.button}
        </Button>
        <div className={styles.hint} role="status">
          {open.isRunning ? unlock.opening : null}
        </div>
      </form>
    </>
  );
};
