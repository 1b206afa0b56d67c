import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { unlock } from '../../../../assets/locales/en/unlock';
import { Badge, useSession } from '../../ui';
import styles from './unlock.module.css';

export const Frame = ({ children }: { readonly children: ReactNode }) => {
  const snapshot = useSession((state) => state.snapshot);
  return (
    <div className={styles.frame}>
      <aside className={styles.side}>
        <div className={styles.brand}>
          <svg viewBox="0 0 32 32" width="36" height="36" aria-hidden="true">
            <rect width="32" height="32" rx="8" fill="#fff" fillOpacity="0.14" />
            <path
              d="M10 23V9l12 14V9"
              fill="none"
              stroke="#fff"
              strokeWidth="2.6"
              strokeLinecap="round"
              strokeLinejoin="round"
            />
          </svg>
          <span>Nostro</span>
        </div>
        <p className={styles.claim}>{unlock.frameText}</p>
        <ul className={styles.facts}>
          {unlock.facts.map((fact) => (
            <li key={fact}>
              <IconCheck size={16} aria-hidden />
              <span>{fact}</span>
            </li>
          ))}
        </ul>
        <div className={styles.version}>
          {snapshot === null ? null : `${snapshot.productVersion} · ${snapshot.runtime}`}
        </div>
      </aside>
      <main className={styles.main}>
        {snapshot?.isTestRuntime ? (
          <div className={styles.runtime}>
            <Badge tone="warn" icon="warning">
              Test runtime
            </Badge>
          </div>
        ) : null}
        <div className={styles.card}>{children}</div>
      </main>
    </div>
  );
};

export type StepHeadProps = { readonly title: string; readonly text?: string; readonly step?: string };

export const StepHead = ({ title, text, step }: StepHeadProps) => (
  <div className={styles.head}>
    {step === undefined ? null : <div className={styles.step}>{step}</div>}
    <h1 className={styles.title}>{title}</h1>
    {text === undefined ? null : <p className={styles.text}>{text}</p>}
  </div>
);
