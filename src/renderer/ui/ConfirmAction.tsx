import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { common } from '../../../assets/locales/en/common';
import { type Fact, KeyValue } from './KeyValue';
import styles from './panels.module.css';
import { ErrorState } from './states';

export type ConfirmActionProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What happens, as a statement: `Reject this batch`. */
  readonly title: string;
  /** One or two sentences on the effect. */
  readonly text: ReactNode;
  /** To whom, how much, which: the facts that are at stake. */
  readonly facts?: readonly Fact[];
  readonly canUndo: boolean;
  /** How it is undone; replaces the standard words. */
  readonly undoText?: string;
  /** Verb and amount: `Reject 24 payments, USD 4,310,220.50`. */
  readonly button: string;
  readonly onConfirm: () => void;
  readonly isRunning?: boolean;
  readonly error?: unknown;
  readonly isDangerous?: boolean;
};

/** Says what happens, to whom, how much and whether it can be undone; the button repeats verb and amount. */
export const ConfirmAction = (props: ConfirmActionProps) => (
  <Modal
    opened={props.isOpen}
    onClose={props.onClose}
    title={props.title}
    size="md"
    closeButtonProps={{ 'aria-label': common.close }}
  >
    <div className={styles.confirm}>
      <div>{props.text}</div>
      {props.facts === undefined ? null : <KeyValue facts={props.facts} />}
      <div className={styles.undo}>
        {props.undoText ?? (props.canUndo ? common.canUndo : common.cannotUndo)}
      </div>
      {props.error ? <ErrorState error={props.error} /> : null}
      <div className={styles.buttons}>
        <Button variant="default" onClick={props.onClose}>
          {common.cancel}
        </Button>
        <Button
          {...(props.isDangerous ? { color: 'red.9' } : {})}
          onClick={props.onConfirm}
          loading={props.isRunning ?? false}
          data-autofocus
        >
          {props.button}
        </Button>
      </div>
    </div>
  </Modal>
);
