import { PasswordInput, TextInput } from '@mantine/core';
import { IconAlertCircle, IconSearch, IconX } from '@tabler/icons-react';
import { type ReactNode, type Ref, useEffect, useState } from 'react';
import { common } from '../../../assets/locales/en/common';
import styles from './panels.module.css';

/** What is wrong with one field, beside it. */
export const FieldError = ({ children }: { readonly children: ReactNode }) => (
  <div className={styles.fieldError} role="alert">
    <IconAlertCircle size={15} aria-hidden />
    <span>{children}</span>
  </div>
);

/** A key of the keyboard. */
export const Kbd = ({ children }: { readonly children: ReactNode }) => (
  <kbd className={styles.kbd}>{children}</kbd>
);

export type SearchFieldProps = {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly label: string;
  readonly placeholder?: string;
  readonly width?: number | string;
  readonly inputRef?: Ref<HTMLInputElement>;
};

/** Search with a clear button; Escape clears. Reports after a short pause of typing. */
export const SearchField = ({
  value,
  onChange,
  label,
  placeholder,
  width = 280,
  inputRef,
}: SearchFieldProps) => {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => onChange(text), 150);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <TextInput
      ref={inputRef}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || text === '') return;
        event.preventDefault();
        event.stopPropagation();
        setText('');
        onChange('');
      }}
      aria-label={label}
      placeholder={placeholder ?? label}
      w={width}
      maxLength={140}
      spellCheck={false}
      autoComplete="off"
      data-search-field
      leftSection={<IconSearch size={15} aria-hidden />}
      rightSection={
        text === '' ? null : (
          <button
            type="button"
            className="n-icon-button"
            aria-label={common.clearSearch}
            onClick={() => {
              setText('');
              onChange('');
            }}
          >
            <IconX size={14} aria-hidden />
          </button>
        )
      }
    />
  );
};

export type Assessment = {
  readonly score: number;
  readonly isAccepted: boolean;
  readonly reason: 'ok' | 'too-short' | 'too-long' | 'too-weak';
  readonly guesses: keyof typeof common.guesses;
};

export type PassphraseFieldProps = {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly description?: ReactNode;
  readonly error?: ReactNode;
  /** For a passphrase that is being chosen: asks main how strong it is. */
  readonly assess?: (passphrase: string) => Promise<Assessment>;
  readonly onAssessed?: (assessment: Assessment | null) => void;
  readonly autoFocus?: boolean;
  readonly isDisabled?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
};

/** A secret typed by a person: hidden, never checked for spelling, never offered again. */
export const PassphraseField = (props: PassphraseFieldProps) => {
  const { value, assess, onAssessed } = props;
  const [assessment, setAssessment] = useState<Assessment | null>(null);
  useEffect(() => {
    if (assess === undefined) return undefined;
    if (value === '') {
      setAssessment(null);
      onAssessed?.(null);
      return undefined;
    }
    let isCurrent = true;
    const timer = setTimeout(() => {
      assess(value).then(
        (answer) => {
          if (!isCurrent) return;
          setAssessment(answer);
          onAssessed?.(answer);
        },
        () => {
          if (!isCurrent) return;
          setAssessment(null);
          onAssessed?.(null);
        },
      );
    }, 120);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [value, assess, onAssessed]);
  return (
    <div>
      <PasswordInput
        ref={props.inputRef}
        label={props.label}
        description={props.description}
        value={value}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        error={props.error}
        disabled={props.isDisabled ?? false}
        autoComplete="off"
        autoCorrect="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={4096}
        data-autofocus={props.autoFocus || undefined}
        autoFocus={props.autoFocus ?? false}
        visibilityToggleButtonProps={{ 'aria-label': common.showPassphrase }}
      />
      {assess === undefined ? null : (
        <>
          <div className={styles.meter} data-score={assessment?.score} aria-hidden>
            <span />
            <span />
            <span />
            <span />
          </div>
          <div className={styles.meterText} role="status">
            {assessment === null
              ? null
              : `${common.strengthLabel}: ${common.strength[assessment.score] ?? ''}. ${
                  assessment.isAccepted
                    ? common.guesses[assessment.guesses]
                    : common.passphraseReason[assessment.reason]
                }`}
          </div>
        </>
      )}
    </div>
  );
};
