import { useCallback, useEffect, useRef, useState } from 'react';
import { unlock } from '../../../../assets/locales/en/unlock';
import { client } from '../../client';
import { type Assessment, PassphraseField } from '../../ui';

export type NewPassphraseValue = { readonly passphrase: string; readonly isReady: boolean };
export const NO_PASSPHRASE: NewPassphraseValue = { passphrase: '', isReady: false };

const assess = (passphrase: string): Promise<Assessment> =>
  client['vault.assessPassphrase']({ passphrase, context: ['nostro', 'treasury'] });

export type NewPassphraseProps = {
  readonly onChange: (value: NewPassphraseValue) => void;
  readonly autoFocus?: boolean;
};

/** A passphrase chosen twice, with its strength told by main. Ready when it is accepted and both are the same. */
export const NewPassphrase = ({ onChange, autoFocus = false }: NewPassphraseProps) => {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  /** The passphrase that main accepted; any other text is not accepted yet. */
  const [accepted, setAccepted] = useState<string | null>(null);
  const latest = useRef(first);
  latest.current = first;
  const tell = useRef(onChange);
  tell.current = onChange;
  const onAssessed = useCallback((answer: Assessment | null) => {
    setAccepted(answer?.isAccepted ? latest.current : null);
  }, []);
  useEffect(() => {
    tell.current({ passphrase: first, isReady: first !== '' && first === second && accepted === first });
  }, [first, second, accepted]);
  return (
    <>
      <PassphraseField
        label={unlock.passphrase}
        value={first}
        onChange={setFirst}
        assess={assess}
        onAssessed={onAssessed}
        autoFocus={autoFocus}
      />
      <PassphraseField
        label={unlock.repeat}
        value={second}
        onChange={setSecond}
        error={second !== '' && !first.startsWith(second) ? unlock.mismatch : undefined}
      />
    </>
  );
};
