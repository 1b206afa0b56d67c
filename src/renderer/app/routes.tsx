import {
  IconBook2,
  IconBuildingBank,
  IconChartAreaLine,
  IconFileSpreadsheet,
  IconInbox,
  IconSettings,
  IconTransferOut,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { AppSnapshot } from '../../shared/contract';
import { CounterpartiesScreen } from '../features/counterparties';
import { EnvelopesScreen, useWaiting } from '../features/envelopes';
import { LedgerScreen } from '../features/ledger';
import { PaymentsScreen } from '../features/payments';
import { PositionScreen } from '../features/position';
import { ReportsScreen } from '../features/reports';
import { SettingsScreen } from '../features/settings';
import { type Screen, useSession } from '../ui';

type Mode = AppSnapshot['mode'];

type ScreenInfo = {
  readonly screen: Screen;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly component: ComponentType;
  /** Second key after `g`. */
  readonly key: string;
  /** How much waits there for this machine's person; a hook. */
  readonly useCount?: () => number;
  /** Kinds of machines that have this screen. */
  readonly modes: readonly Mode[];
};

const EVERYWHERE: readonly Mode[] = ['online', 'offline'];
/** What works with networks, or with payments before they are in an envelope. */
const ONLINE: readonly Mode[] = ['online'];

/** The screens in the order of the rail. */
const ROUTES: readonly ScreenInfo[] = [
  { screen: 'position', icon: IconChartAreaLine, component: PositionScreen, key: 'o', modes: ONLINE },
  {
    screen: 'inbox',
    icon: IconInbox,
    component: EnvelopesScreen,
    key: 'i',
    useCount: useWaiting,
    modes: EVERYWHERE,
  },
  { screen: 'payments', icon: IconTransferOut, component: PaymentsScreen, key: 'p', modes: ONLINE },
  { screen: 'ledger', icon: IconBook2, component: LedgerScreen, key: 'l', modes: ONLINE },
  {
    screen: 'counterparties',
    icon: IconBuildingBank,
    component: CounterpartiesScreen,
    key: 'c',
    modes: EVERYWHERE,
  },
  { screen: 'reports', icon: IconFileSpreadsheet, component: ReportsScreen, key: 'r', modes: EVERYWHERE },
  { screen: 'settings', icon: IconSettings, component: SettingsScreen, key: 's', modes: EVERYWHERE },
];

const OF_MODE: Readonly<Record<Mode, readonly ScreenInfo[]>> = {
  online: ROUTES.filter(({ modes }) => modes.includes('online')),
  offline: ROUTES.filter(({ modes }) => modes.includes('offline')),
};

/** The screens of this machine in the order of its rail; Ctrl/Cmd and a figure goes to the n-th. */
export const readRoutes = (): readonly ScreenInfo[] =>
  OF_MODE[useSession.getState().snapshot?.mode ?? 'online'];

export const useRoutes = (): readonly ScreenInfo[] =>
  useSession((state) => OF_MODE[state.snapshot?.mode ?? 'online']);
