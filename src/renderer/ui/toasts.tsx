import { IconAlertTriangle, IconCircleCheck, IconInfoCircle, IconX } from '@tabler/icons-react';
import { create } from 'zustand';
import { common } from '../../../assets/locales/en/common';
import { useIsOfflineMachine } from './session';
import styles from './toasts.module.css';

export type Toast = {
  readonly id: number;
  readonly tone: 'info' | 'success' | 'error';
  readonly title: string;
  readonly text: string | null;
};

const useToasts = create<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));
let nextId = 1;
const SHOWN_MS = 6000;

export const dismissToast = (id: number): void =>
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));

/** Says something in passing. Never the only place of a fact: errors of an action stand beside the action. */
export const showToast = (tone: Toast['tone'], title: string, text: string | null = null): void => {
  const id = nextId++;
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts.slice(-3), { id, tone, title, text }] }));
  // An error stays until it is read and closed.
  if (tone !== 'error') setTimeout(() => dismissToast(id), SHOWN_MS);
};

export const clearToasts = (): void => useToasts.setState({ toasts: [] });

const ICONS = { info: IconInfoCircle, success: IconCircleCheck, error: IconAlertTriangle };

export const ToastRegion = () => {
  const toasts = useToasts((state) => state.toasts);
  const hasBand = useIsOfflineMachine();
  return (
    <div
      className={styles.region}
      data-below-band={hasBand || undefined}
      role="status"
      aria-live="polite"
      aria-label={common.notifications}
    >
      {toasts.map((toast) => {
        const Icon = ICONS[toast.tone];
        return (
          <div key={toast.id} className={styles.toast} data-tone={toast.tone}>
            <Icon size={18} aria-hidden />
            <div className={styles.words}>
              <div className={styles.title}>{toast.title}</div>
              {toast.text === null ? null : <div className={styles.text}>{toast.text}</div>}
            </div>
            <button
              type="button"
              className={styles.close}
              aria-label={common.dismiss}
              onClick={() => dismissToast(toast.id)}
            >
              <IconX size={14} aria-hidden />
            </button>
          </div>
        );
      })}
    </div>
  );
};
