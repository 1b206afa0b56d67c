import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { settings as texts } from '../../../../assets/locales/en/settings';
import { client } from '../../client';
import {
  Badge,
  ErrorState,
  Notice,
  PassphraseField,
  Section,
  useAction,
  useIsOfflineMachine,
} from '../../ui';
import styles from './settings.module.css';

const t = texts.machine;

/** What the machine is for, and the way to change it: with the passphrase, and it locks. */
export const MachineMode = () => {
  const isOffline = useIsOfflineMachine();
  const [isOpen, setIsOpen] = useState(false);
  const mode = isOffline ? 'offline' : 'online';
  return (
    <Section
      title={t.title}
      description={t.text[mode]}
      actions={
        <Button variant="default" onClick={() => setIsOpen(true)}>
          {t.change[mode]}
        </Button>
      }
    >
      <Badge tone={isOffline ? 'info' : 'neutral'} icon={isOffline ? 'locked' : 'sent'}>
        {t.is[mode]}
      </Badge>
      <SwitchDialog isOpen={isOpen} isOffline={isOffline} onClose={() => setIsOpen(false)} />
    </Section>
  );
};

type SwitchDialogProps = {
  readonly isOpen: boolean;
  readonly isOffline: boolean;
  readonly onClose: () => void;
};

const SwitchDialog = ({ isOpen, isOffline, onClose }: SwitchDialogProps) => {
  const [passphrase, setPassphrase] = useState('');
  const words = isOffline ? t.toOnline : t.toOffline;
  const change = useAction(async () => {
    const typed = passphrase;
    // SECURITY: a passphrase does not stay in the page, right or wrong.
    setPassphrase('');
    await client['workspace.setMode']({ mode: isOffline ? 'online' : 'offline', passphrase: typed });
    close();
  });
  const close = (): void => {
    setPassphrase('');
    change.clearError();
    onClose();
  };
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={words.title}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (passphrase !== '') void change.run();
        }}
      >
        <Notice tone={isOffline ? 'warn' : 'info'}>{words.point}</Notice>
        <ul className={styles.points}>
          {words.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
        <PassphraseField label={common.passphrase} value={passphrase} onChange={setPassphrase} autoFocus />
        {change.error ? <ErrorState error={change.error} /> : null}
        <div className={styles.buttons}>
          <Button variant="default" onClick={close}>
            {common.cancel}
          </Button>
          <Button
            type="submit"
            {...(isOffline ? { color: 'red.9' } : {})}
            loading={change.isRunning}
            disabled={passphrase === ''}
          >
            {words.button}
          </Button>
        </div>
      </form>
    </Modal>
  );
};
