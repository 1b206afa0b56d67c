import { Button, Loader } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle, IconPlugConnectedX, IconShieldLock } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import { common } from '../../../assets/locales/en/common';
import { useErrorWords } from './errors';
import { useIsOffline, useIsOfflineMachine } from './session';
import styles from './states.module.css';

export type EmptyStateProps = {
  readonly icon?: ComponentType<{ size?: number; stroke?: number }>;
  readonly title: string;
  /** What to do first. */
  readonly text?: ReactNode;
  readonly action?: ReactNode;
};

export const EmptyState = ({ icon: Icon, title, text, action }: EmptyStateProps) => (
  <div className={styles.empty}>
    {Icon === undefined ? null : (
      <div className={styles.emptyIcon} aria-hidden>
        <Icon size={28} stroke={1.5} />
      </div>
    )}
    <div className={styles.emptyTitle}>{title}</div>
    {text === undefined ? null : <div className={styles.emptyText}>{text}</div>}
    {action === undefined ? null : <div className={styles.emptyAction}>{action}</div>}
  </div>
);

export const LoadingState = ({ text = common.loading }: { readonly text?: string }) => (
  <div className={styles.loading} role="status">
    <Loader size={18} color="gray" />
    <span>{text}</span>
  </div>
);

export type ErrorStateProps = {
  readonly error: unknown;
  readonly onRetry?: () => void;
  /** `inline` beside an action; `page` in place of content. */
  readonly layout?: 'inline' | 'page';
};

/** Details that the words around already say. */
const HIDDEN_DETAILS = new Set(['waitMs', 'failedAttempts']);

/** An error in words: what happened, what it means for the money, what to do. */
export const ErrorState = ({ error, onRetry, layout = 'inline' }: ErrorStateProps) => {
  const words = useErrorWords()(error);
  const details = Object.entries(words.details).filter(
    ([name, value]) => value !== null && value !== '' && !HIDDEN_DETAILS.has(name),
  );
  return (
    <div className={styles.error} data-layout={layout} role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <div className={styles.errorBody}>
        <div className={styles.errorTitle}>{words.title}</div>
        <div>
          {words.meaning} {words.action}
        </div>
        <div className={styles.errorCode}>
          <span>{words.code}</span>
          {details.map(([name, value]) => (
            <span key={name}>
              {name}: {String(value)}
            </span>
          ))}
          {words.incident === null ? null : (
            <span>
              {common.incident} {words.incident}
            </span>
          )}
        </div>
      </div>
      {onRetry === undefined ? null : (
        <Button size="xs" variant="default" onClick={onRetry}>
          {common.retry}
        </Button>
      )}
    </div>
  );
};

export type NoticeProps = {
  readonly tone: 'info' | 'warn' | 'bad' | 'good';
  readonly title?: ReactNode;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
};

/** A standing remark within a page. */
export const Notice = ({ tone, title, children, action }: NoticeProps) => {
  const Icon = tone === 'info' || tone === 'good' ? IconInfoCircle : IconAlertTriangle;
  return (
    <div className={styles.notice} data-tone={tone}>
      <Icon size={18} aria-hidden />
      <div className={styles.errorBody}>
        {title === undefined ? null : <div className={styles.errorTitle}>{title}</div>}
        {children === undefined ? null : <div>{children}</div>}
      </div>
      {action}
    </div>
  );
};

/** Over everything on a machine that never connects, also while it is locked. Nothing closes it. */
export const ModeBanner = () => {
  const isOffline = useIsOfflineMachine();
  if (!isOffline) return null;
  return (
    <div className={styles.mode} role="note" aria-label={common.offlineMachine}>
      <IconShieldLock size={17} stroke={1.8} aria-hidden />
      <strong>{common.offlineMachine}</strong>
      <span>{common.offlineMachineText}</span>
    </div>
  );
};

/** Shown on top of screens while no network answers. */
export const OfflineBanner = () => {
  const isOffline = useIsOffline();
  if (!isOffline) return null;
  return (
    <div className={styles.offline} role="status">
      <IconPlugConnectedX size={16} aria-hidden />
      <span>
        <strong>{common.offlineTitle}</strong> {common.offlineText}
      </span>
    </div>
  );
};
