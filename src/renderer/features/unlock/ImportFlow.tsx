import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { unlock } from '../../../../assets/locales/en/unlock';
import type { ChosenFile } from '../../../shared/model/payments';
import { client } from '../../client';
import { ErrorState, PassphraseField, useAction, useOnboarding } from '../../ui';
import { StepHead } from './Frame';
import type { Mode } from './MachineChoice';
import { NewPassphrase, NO_PASSPHRASE } from './NewPassphrase';
import styles from './unlock.module.css';

export type ImportFlowProps = {
  readonly kind: 'key' | 'keystore';
  readonly mode: Mode;
  readonly onBack: () => void;
};

export const ImportFlow = ({ kind, mode, onBack }: ImportFlowProps) => {
  const [privateKey, setPrivateKey] = useState('');
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [keystorePassword, setKeystorePassword] = useState('');
  const [address, setAddress] = useState('');
  const [chosen, setChosen] = useState(NO_PASSPHRASE);
  const isKey = kind === 'key';

  const choose = useAction(async () => {
    const answer = await client['files.choose']({ purpose: 'keystore' });
    if (answer.file !== null) setFile(answer.file);
  });
  const importKey = useAction(async () => {
    useOnboarding.setState({ isNaming: true });
    const { passphrase } = chosen;
    try {
      if (isKey) await client['vault.importPrivateKey']({ privateKey: privateKey.trim(), passphrase, mode });
      else if (file !== null) {
        const expectedAddress = address.trim() === '' ? null : address.trim();
        const { fileId } = file;
        await client['vault.importKeystore']({ fileId, keystorePassword, passphrase, expectedAddress, mode });
      }
    } catch (error) {
      useOnboarding.setState({ isNaming: false });
      throw error;
    }
  });
  const isComplete =
    chosen.isReady && (isKey ? privateKey.trim() !== '' : file !== null && keystorePassword !== '');

  return (
    <>
      <StepHead
        title={isKey ? unlock.keyTitle : unlock.keystoreTitle}
        text={isKey ? unlock.keyText : unlock.keystoreText}
      />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (isComplete) void importKey.run();
        }}
      >
        {isKey ? (
          <PassphraseField label={unlock.privateKey} value={privateKey} onChange={setPrivateKey} autoFocus />
        ) : (
          <>
            <div className={styles.row}>
              <Button variant="default" onClick={() => void choose.run()}>
                {unlock.chooseFile}
              </Button>
              <span className={styles.hint}>{file?.name ?? unlock.noFile}</span>
            </div>
            {choose.error ? <ErrorState error={choose.error} /> : null}
            <PassphraseField
              label={unlock.filePassword}
              value={keystorePassword}
              onChange={setKeystorePassword}
            />
            <TextInput
              label={unlock.fileAddress}
              description={unlock.fileAddressText}
              value={address}
              onChange={(event) => setAddress(event.currentTarget.value)}
            />
          </>
        )}
        <NewPassphrase onChange={setChosen} />
        {importKey.error ? <ErrorState error={importKey.error} /> : null}
        <div className={styles.hint} role="status">
          {importKey.isRunning ? unlock.working : null}
        </div>
        <div className={styles.buttons}>
          <Button variant="default" onClick={onBack}>
            {common.back}
          </Button>
          <Button type="submit" loading={importKey.isRunning} disabled={!isComplete}>
            {unlock.importButton}
          </Button>
        </div>
      </form>
    </>
  );
};
