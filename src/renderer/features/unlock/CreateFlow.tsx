import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { unlock } from '../../../../assets/locales/en/unlock';
import { client } from '../../client';
import { ErrorState, Notice, PassphraseField, useAction, useOnboarding, useSession } from '../../ui';
import { StepHead } from './Frame';
import type { Mode } from './MachineChoice';
import { NewPassphrase, NO_PASSPHRASE } from './NewPassphrase';
import styles from './unlock.module.css';

type Prepared = { readonly pendingId: string; readonly confirmPositions: readonly number[] };
type Step = 'passphrase' | 'words' | 'confirm';

export type CreateFlowProps = { readonly mode: Mode; readonly onBack: () => void };

export const CreateFlow = ({ mode, onBack }: CreateFlowProps) => {
  const [step, setStep] = useState<Step>('passphrase');
  const [chosen, setChosen] = useState(NO_PASSPHRASE);
  const [words, setWords] = useState<12 | 24>(24);
  const [hasBip39, setHasBip39] = useState(false);
  const [bip39, setBip39] = useState('');
  const [prepared, setPrepared] = useState<Prepared | null>(null);
  const [wasShown, setWasShown] = useState(false);
  const [answers, setAnswers] = useState<Readonly<Record<number, string>>>({});
  const isWindowOpen = useSession((state) => state.isRecoveryWindowOpen);

  const prepare = useAction(async () => {
    const bip39Passphrase = hasBip39 && bip39 !== '' ? bip39 : null;
    setPrepared(await client['vault.prepare']({ words, bip39Passphrase }));
    setStep('words');
  });
  const show = useAction(async () => {
    if (prepared === null) return;
    await client['vault.showWords']({ pendingId: prepared.pendingId });
    setWasShown(true);
  });
  const confirm = useAction(async () => {
    if (prepared === null) return;
    useOnboarding.setState({ isNaming: true });
    try {
      await client['vault.confirm']({
        pendingId: prepared.pendingId,
        answers: prepared.confirmPositions.map((position) => ({
          position,
          word: (answers[position] ?? '').trim().toLowerCase(),
        })),
        passphrase: chosen.passphrase,
        mode,
      });
    } catch (error) {
      useOnboarding.setState({ isNaming: false });
      throw error;
    }
  });
  const giveUp = (): void => {
    client['vault.abandon']({}).catch(() => undefined);
    onBack();
  };
  const label = (n: number): string => `${unlock.stepOf(n, 4)} · ${unlock.steps.create[n - 1] ?? ''}`;

  if (step === 'passphrase') {
    return (
      <>
        <StepHead step={label(1)} title={unlock.passphraseTitle} text={unlock.passphraseText} />
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            if (chosen.isReady) void prepare.run();
          }}
        >
          <NewPassphrase onChange={setChosen} autoFocus />
          <div className={styles.row}>
            <span>{unlock.wordCount}</span>
            <SegmentedControl
              aria-label={unlock.wordCount}
              value={String(words)}
              onChange={(value) => setWords(value === '12' ? 12 : 24)}
              data={[
                { value: '12', label: unlock.wordChoices[12] },
                { value: '24', label: unlock.wordChoices[24] },
              ]}
            />
          </div>
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
          {prepare.error ? <ErrorState error={prepare.error} /> : null}
          <div className={styles.buttons}>
            <Button variant="default" onClick={giveUp}>
              {common.back}
            </Button>
            <Button type="submit" disabled={!chosen.isReady} loading={prepare.isRunning}>
              {common.next}
            </Button>
          </div>
        </form>
      </>
    );
  }

  if (step === 'words') {
    return (
      <>
        <StepHead step={label(2)} title={unlock.wordsTitle} text={unlock.wordsText} />
        <div className={styles.form}>
          <Notice tone="warn">{unlock.wordsPoint}</Notice>
          <Button
            variant={wasShown ? 'default' : 'filled'}
            leftSection={<IconExternalLink size={16} aria-hidden />}
            onClick={() => void show.run()}
            loading={show.isRunning}
          >
            {wasShown ? unlock.showWordsAgain : unlock.showWords}
          </Button>
          <div className={styles.hint} role="status">
            {isWindowOpen ? unlock.wordsOpen : null}
          </div>
          {show.error ? <ErrorState error={show.error} /> : null}
          <div className={styles.buttons}>
            <Button variant="default" onClick={giveUp}>
              {common.cancel}
            </Button>
            <Button onClick={() => setStep('confirm')} disabled={!wasShown}>
              {unlock.wordsDone}
            </Button>
          </div>
        </div>
      </>
    );
  }

  const positions = prepared?.confirmPositions ?? [];
  return (
    <>
      <StepHead step={label(3)} title={unlock.confirmTitle} text={unlock.confirmText} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void confirm.run();
        }}
      >
        <div className={styles.positions}>
          {positions.map((position, index) => (
            <TextInput
              key={position}
              label={unlock.wordAt(position)}
              value={answers[position] ?? ''}
              onChange={(event) => {
                const word = event.currentTarget.value;
                setAnswers((old) => ({ ...old, [position]: word }));
              }}
              autoFocus={index === 0}
              autoComplete="off"
              autoCorrect="off"
              autoCapitalize="off"
              spellCheck={false}
              maxLength={20}
            />
          ))}
        </div>
        {confirm.error ? <ErrorState error={confirm.error} /> : null}
        <div className={styles.hint} role="status">
          {confirm.isRunning ? unlock.working : null}
        </div>
        <div className={styles.buttons}>
          <Button variant="default" onClick={() => setStep('words')}>
            {common.back}
          </Button>
          <Button
            type="submit"
            loading={confirm.isRunning}
            disabled={positions.some((position) => (answers[position] ?? '').trim() === '')}
          >
            {unlock.confirmButton}
          </Button>
        </div>
      </form>
    </>
  );
};
