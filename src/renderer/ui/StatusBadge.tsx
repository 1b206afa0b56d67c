import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleX,
  IconClock,
  IconFileCheck,
  IconInbox,
  IconLoader2,
  IconLock,
  IconPlugConnectedX,
  IconRubberStamp,
  IconSend,
  IconUserCheck,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { common } from '../../../assets/locales/en/common';
import type { BatchStatus } from '../../shared/model/payments';
import styles from './StatusBadge.module.css';

export type Tone = 'neutral' | 'info' | 'good' | 'warn' | 'bad';

/** The icons that stand for a state, by meaning; one meaning, one picture, everywhere. */
export const STATE_ICONS = {
  received: IconInbox,
  checked: IconFileCheck,
  waiting: IconUserCheck,
  approved: IconRubberStamp,
  sent: IconSend,
  settled: IconCircleCheck,
  rejected: IconCircleX,
  warning: IconAlertTriangle,
  pending: IconClock,
  working: IconLoader2,
  locked: IconLock,
  offline: IconPlugConnectedX,
};

export type StateIcon = keyof typeof STATE_ICONS;

export type BadgeProps = {
  readonly tone: Tone;
  readonly icon?: StateIcon;
  readonly children: ReactNode;
  readonly title?: string;
};

/** A state: icon, word and colour together, never colour alone. */
export const Badge = ({ tone, icon, children, title }: BadgeProps) => {
  const Icon = icon === undefined ? null : STATE_ICONS[icon];
  return (
    <span className={styles.badge} data-tone={tone} title={title}>
      {Icon === null ? null : <Icon size={14} stroke={1.9} aria-hidden />}
      <span className={styles.word}>{children}</span>
    </span>
  );
};

const OF_STATUS: Record<BatchStatus, { readonly tone: Tone; readonly icon: StateIcon }> = {
  RCVD: { tone: 'neutral', icon: 'received' },
  ACTC: { tone: 'neutral', icon: 'checked' },
  PDNG: { tone: 'warn', icon: 'waiting' },
  ACCP: { tone: 'info', icon: 'approved' },
  ACSP: { tone: 'info', icon: 'sent' },
  ACSC: { tone: 'good', icon: 'settled' },
  RJCT: { tone: 'bad', icon: 'rejected' },
  PART: { tone: 'warn', icon: 'warning' },
};

export type StatusBadgeProps = {
  readonly status: BatchStatus;
  /** A short word in narrow columns, so that the code is never cut off; the whole word as its title. */
  readonly isShort?: boolean;
};

/** `Settled · ACSC`. */
export const StatusBadge = ({ status, isShort = false }: StatusBadgeProps) => (
  <Badge {...OF_STATUS[status]} title={common.status[status]}>
    {isShort ? common.statusShort[status] : common.status[status]}{' '}
    <span className={styles.code}>· {status}</span>
  </Badge>
);
