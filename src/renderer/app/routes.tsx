import {
  IconBook2,
  IconBuildingBank,
  IconChartAreaLine,
  IconFileSpreadsheet,
  IconSettings,
  IconTransferOut,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { CounterpartiesScreen } from '../features/counterparties';
import { LedgerScreen } from '../features/ledger';
import { PaymentsScreen } from '../features/payments';
import { PositionScreen } from '../features/position';
import { ReportsScreen } from '../features/reports';
import { SettingsScreen } from '../features/settings';
import type { Screen } from '../ui';

type ScreenInfo = {
  readonly screen: Screen;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly component: ComponentType;
  /** Second key after `g`. */
  readonly key: string;
};

/** The screens in the order of the rail; Ctrl/Cmd and a figure goes to the n-th. */
export const ROUTES: readonly ScreenInfo[] = [
  { screen: 'position', icon: IconChartAreaLine, component: PositionScreen, key: 'o' },
  { screen: 'payments', icon: IconTransferOut, component: PaymentsScreen, key: 'p' },
  { screen: 'ledger', icon: IconBook2, component: LedgerScreen, key: 'l' },
  { screen: 'counterparties', icon: IconBuildingBank, component: CounterpartiesScreen, key: 'c' },
  { screen: 'reports', icon: IconFileSpreadsheet, component: ReportsScreen, key: 'r' },
  { screen: 'settings', icon: IconSettings, component: SettingsScreen, key: 's' },
];
