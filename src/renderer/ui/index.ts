/**
 * The parts that screens are made of, and what screens share: navigation, session, live queries, toasts.
 *
 * Hides Mantine's defaults, virtualisation, formats of money, time and addresses. Invariants: nothing here knows a
 * feature or calls main; amounts are bigint to the last digit shown. Called from app and features.
 */
export { Address, type AddressProps, CopyButton, HashText, HexGroups } from './Address';
export { AsOf, Time, useNow } from './AsOf';
export { checkAddressText, toChecksumAddress } from './address-checksum';
export { ConfirmAction, type ConfirmActionProps } from './ConfirmAction';
export { copyText } from './copy';
export { type Column, DataTable, type DataTableProps, type Sort } from './DataTable';
export { type DescribeError, type ErrorWords, ErrorWordsProvider, useErrorWords } from './errors';
export { type Assessment, FieldError, Kbd, PassphraseField, SearchField } from './fields';
export * from './format';
export { type Fact, KeyValue } from './KeyValue';
export {
  forgetLive,
  markAllStale,
  markStale,
  type QueryState,
  recordProgress,
  type Topic,
  useAction,
  useProgress,
  useQuery,
  useVersion,
} from './live';
export { countShownDecimals, Money, type MoneyProps, widestDecimals } from './Money';
export {
  formatRoute,
  goBack,
  goForward,
  HOME,
  navigate,
  parseRoute,
  type Route,
  type RouteTarget,
  replaceRoute,
  restoreRoute,
  SCREENS,
  type Screen,
  useNavigation,
  useRoute,
} from './navigation';
export { useOnboarding } from './onboarding';
export { Page, Section, SplitView, Toolbar } from './Page';
export { ProgressPanel } from './ProgressPanel';
export { listSource, type PagedRows, type RowSource, usePagedRows } from './rows';
export { SidePanel } from './SidePanel';
export { Badge, type StateIcon, StatusBadge, type Tone } from './StatusBadge';
export {
  isOfflineMachine,
  readLocale,
  type Session,
  useIsOffline,
  useIsOfflineMachine,
  useLocale,
  useSession,
} from './session';
export { EmptyState, ErrorState, LoadingState, ModeBanner, Notice, OfflineBanner } from './states';
export { clearToasts, dismissToast, showToast, ToastRegion } from './toasts';
