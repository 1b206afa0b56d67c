import { useCallback, useState } from 'react';
import { unlock } from '../../../../assets/locales/en/unlock';
import { client } from '../../client';
import { type Assessment, PassphraseField } from '../../ui';

export type NewPassphraseValue = { readonly passphrase: string; readonly isReady: boolean };
export const NO_PASSPHRASE: NewPassphraseValue = { passphrase: '', isReady: false };

const assess = (passphrase: string): Promise<Assessment> =>
  client['vault.assessPassphrase']({ passphrase, context: ['nostro', 'treasury'] });

/** A passphrase chosen twice, with its strength told by main. Ready when it is accepted and both are the same. */
export const NewPassphrase = ({
  onChange,
  autoFocus = false,
}: {
  readonly onChange: (value: NewPassphraseValue) => void;
  readonly autoFocus?: boolean;
}) => {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const [isAccepted, setIsAccepted] = useState(false);
  const tell = (passphrase: string, repeated: string, accepted: boolean): void =>
    onChange({ passphrase, isReady: accepted && passphrase !== '' && passphrase === repeated });
  const onAssessed = useCallback((answer: Assessment | null) => {
    setIsAccepted(answer?.isAccepted ?? false);
  }, []);
  // The answer comes after the typing: the owner is told again when it is there.
  const [told, setTold] = useState(false);
  if (told !== isAccepted) {
    setTold(isAccepted);
    queueMicrotask(() => tell(first, second, isAccepted));
  }
  return (
    <>
      <PassphraseField
        label={unlock.passphrase}
        value={first}
        onChange={(value) => {
          setFirst(value);
          tell(value, second, false);
          setIsAccepted(false);
        }}
        assess={assess}
        onAssessed={onAssessed}
        autoFocus={autoFocus}
      />
      <PassphraseField
        label={unlock.repeat}
        value={second}
        onChange={(value) => {
          setSecond(value);
          tell(first, value, isAccepted);
        }}
        error={second !== '' && !first.startsWith(second) ? unlock.mismatch : undefined}
      />
    </>
  );
};
