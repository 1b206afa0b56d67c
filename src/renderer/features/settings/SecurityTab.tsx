import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { settings as texts } from '../../../../assets/locales/en/settings';
import { unlock } from '../../../../assets/locales/en/unlock';
import type { KeyInfo } from '../../../shared/contract';
import type { ChosenFile } from '../../../shared/model/payments';
import { client } from '../../client';
import {
  type Assessment,
  ErrorState,
  markStale,
  PassphraseField,
  Section,
  shortenAddress,
  showToast,
  useAction,
} from '../../ui';
import { MachineMode } from './MachineMode';
import styles from './settings.module.css';
import { useSettings } from './use-settings';

const t = texts.security;
const IDLE_MINUTES = [1, 5, 10, 15, 30, 60, 240];
const FILE_MEBIBYTES = [16, 64, 256, 1024];

export const SecurityTab = () => {
  const { settings, change } = useSettings();
  if (settings === null) return null;
  return (
    <div className={styles.scroll}>
      <Section title={t.lockTitle}>
        <div className={styles.form}>
          <Select
            label={t.idle}
            w={240}
            value={String(settings.idleLockMinutes)}
            onChange={(value) => void change.run({ idleLockMinutes: Number(value ?? 10) })}
            data={[
              ...IDLE_MINUTES.map((minutes) => ({ value: String(minutes), label: t.minutes(minutes) })),
              { value: '0', label: t.never },
            ]}
          />
          <Switch
            label={t.suspend}
            checked={settings.lockOnSuspend}
            onChange={(event) => void change.run({ lockOnSuspend: event.currentTarget.checked })}
          />
          <Switch
            label={t.screen}
            checked={settings.lockOnScreenLock}
            onChange={(event) => void change.run({ lockOnScreenLock: event.currentTarget.checked })}
          />
          {change.error ? <ErrorState error={change.error} /> : null}
        </div>
      </Section>
      <MachineMode />
      <ChangePassphrase />
      <ImportKey />
      <Section title={t.filesTitle}>
        <Select
          label={t.maxFile}
          w={240}
          value={String(settings.maxFileMebibytes)}
          onChange={(value) => void change.run({ maxFileMebibytes: Number(value ?? 64) })}
          data={[...new Set([...FILE_MEBIBYTES, settings.maxFileMebibytes])]
            .sort((a, b) => a - b)
            .map((size) => ({ value: String(size), label: t.mebibytes(size) }))}
        />
      </Section>
    </div>
  );
};

const assess = (passphrase: string): Promise<Assessment> =>
  client['vault.assessPassphrase']({ passphrase, context: ['nostro', 'treasury'] });

const ChangePassphrase = () => {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [repeated, setRepeated] = useState('');
  const change = useAction(async () => {
    await client['vault.changePassphrase']({ current, next });
    setCurrent('');
    setNext('');
    setRepeated('');
    showToast('success', t.changed);
  });
  const isDifferent = repeated !== '' && !next.startsWith(repeated);
  return (
    <Section title={t.passphraseTitle} description={t.passphraseText}>
      <form
        className={styles.form}
        style={{ maxWidth: 420 }}
        onSubmit={(event) => {
          event.preventDefault();
          void change.run();
        }}
      >
        <PassphraseField label={t.current} value={current} onChange={setCurrent} />
        <PassphraseField label={common.newPassphrase} value={next} onChange={setNext} assess={assess} />
        <PassphraseField
          label={unlock.repeat}
          value={repeated}
          onChange={setRepeated}
          error={isDifferent ? unlock.mismatch : undefined}
        />
        {change.error ? <ErrorState error={change.error} /> : null}
        <div>
          <Button
            type="submit"
            loading={change.isRunning}
            disabled={current === '' || next === '' || next !== repeated}
          >
            {t.change}
          </Button>
        </div>
      </form>
    </Section>
  );
};

const ImportKey = () => {
  const [kind, setKind] = useState<'key' | 'keystore' | null>(null);
  const [secret, setSecret] = useState('');
  const [passphrase, setPassphrase] = useState('');
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [address, setAddress] = useState('');
  const close = (): void => {
    setKind(null);
    setSecret('');
    setAddress('');
    setPassphrase('');
    setFile(null);
  };
  const finish = (key: KeyInfo): void => {
    showToast('success', t.imported, t.importedText(shortenAddress(key.address)));
    markStale('directory');
    close();
  };
  const run = useAction(async () => {
    if (kind === 'key')
      finish(await client['vault.importPrivateKey']({ privateKey: secret.trim(), passphrase }));
    else if (file !== null) {
      finish(
        await client['vault.importKeystore']({
          fileId: file.fileId,
          keystorePassword: secret,
          passphrase,
          expectedAddress: address.trim() === '' ? null : address.trim(),
        }),
      );
    }
  });
  const choose = useAction(async () => {
    const answer = await client['files.choose']({ purpose: 'keystore' });
    if (answer.file === null) return;
    setFile(answer.file);
    setKind('keystore');
  });
  return (
    <Section title={t.keysTitle} description={t.keysText}>
      {kind === null ? (
        <div className={styles.form}>
          <div className={styles.chips}>
            <Button variant="default" onClick={() => setKind('key')}>
              {t.importKey}
            </Button>
            <Button variant="default" onClick={() => void choose.run()}>
              {t.importKeystore}
            </Button>
          </div>
          {choose.error ? <ErrorState error={choose.error} /> : null}
        </div>
      ) : (
        <form
          className={styles.form}
          style={{ maxWidth: 420 }}
          onSubmit={(event) => {
            event.preventDefault();
            void run.run();
          }}
        >
          {file === null ? null : <div>{file.name}</div>}
          <PassphraseField
            label={kind === 'key' ? unlock.privateKey : unlock.filePassword}
            value={secret}
            onChange={setSecret}
            autoFocus
          />
          {file === null ? null : (
            <TextInput
              label={unlock.fileAddress}
              description={unlock.fileAddressText}
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
            />
          )}
          <PassphraseField label={common.passphrase} value={passphrase} onChange={setPassphrase} />
          {run.error ? <ErrorState error={run.error} /> : null}
          <div className={styles.chips}>
            <Button variant="default" onClick={close}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={run.isRunning} disabled={secret === '' || passphrase === ''}>
              {unlock.importButton}
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
};
