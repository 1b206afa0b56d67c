import { Button, NumberInput } from '@mantine/core';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { unlock } from '../../../../assets/locales/en/unlock';
import { client } from '../../client';
import { ErrorState, PassphraseField, useAction, useOnboarding } from '../../ui';
import { StepHead } from './Frame';
import type { Mode } from './MachineChoice';
import { NewPassphrase, NO_PASSPHRASE } from './NewPassphrase';
import styles from './unlock.module.css';

export type RestoreFlowProps = { readonly mode: Mode; readonly onBack: () => void };

export const RestoreFlow = ({ mode, onBack }: RestoreFlowProps) => {
  const [mnemonic, setMnemonic] = useState('');
  const [hasBip39, setHasBip39] = useState(false);
  const [bip39, setBip39] = useState('');
  const [accounts, setAccounts] = useState(1);
  const [chosen, setChosen] = useState(NO_PASSPHRASE);
  const count = mnemonic.trim() === '' ? 0 : mnemonic.trim().split(/\s+/).length;

  const restore = useAction(async () => {
    useOnboarding.setState({ isNaming: true });
    try {
      await client['vault.restore']({
        mnemonic: mnemonic.trim().toLowerCase().split(/\s+/).join(' '),
        bip39Passphrase: hasBip39 && bip39 !== '' ? bip39 : null,
        passphrase: chosen.passphrase,
        accounts,
        mode,
      });
    } catch (error) {
      useOnboarding.setState({ isNaming: false });
      throw error;
    }
  });

  return (
    <>
      <StepHead title={unlock.restoreTitle} text={unlock.restoreText} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen.isReady) void restore.run();
        }}
      >
        <PassphraseField
          label={unlock.words}
          description={unlock.wordsSeen(count)}
          value={mnemonic}
          onChange={setMnemonic}
          autoFocus
        />
        {hasBip39 ? (
          <PassphraseField
            label={unlock.bip39}
            description={unlock.bip39Text}
            value={bip39}
            onChange={setBip39}
          />
        ) : (
          <button type="button" className="n-link" onClick={() => setHasBip39(true)}>
            {unlock.advanced}
          </button>
        )}
        <NumberInput
          label={unlock.accounts}
          description={unlock.accountsText}
          value={accounts}
          onChange={(value) => setAccounts(Math.max(1, Math.min(20, Number(value) || 1)))}
          min={1}
          max={20}
          allowDecimal={false}
          styles={{ wrapper: { width: 160 } }}
        />
        <NewPassphrase onChange={setChosen} />
        {restore.error ? <ErrorState error={restore.error} /> : null}
        <div className={styles.hint} role="status">
          {restore.isRunning ? unlock.working : null}
        </div>
        <div className={styles.buttons}>
          <Button variant="default" onClick={onBack}>
            {common.back}
          </Button>
          <Button
            type="submit"
            loading={restore.isRunning}
            disabled={!chosen.isReady || (count !== 12 && count !== 24)}
          >
            {unlock.restoreButton}
          </Button>
        </div>
      </form>
    </>
  );
};
