/**
 * Payments: batches, the import of files, one batch with its payments, one payment typed by hand.
 *
 * Hides the import's session, filters, the words for statuses, checks and refusals. Invariants: amounts stay bigint;
 * nothing is worked out here that main decides; what stands in the page is forgotten on lock. Called from app/routes.
 */
import { useRoute } from '../../ui';
import { BatchList } from './BatchList';
import { BatchScreen } from './batch/BatchScreen';
import { PaymentLink } from './batch/PaymentLink';
import { ImportScreen } from './import/ImportScreen';
import { SinglePaymentScreen } from './SinglePaymentScreen';

export const PaymentsScreen = () => {
  const { view, id } = useRoute();
  if (view === 'import') return <ImportScreen />;
  if (view === 'new') return <SinglePaymentScreen />;
  if (view === 'batch' && id !== null) return <BatchScreen key={id} batchId={id} />;
  if (view === 'payment' && id !== null) return <PaymentLink key={id} paymentId={id} />;
  return <BatchList />;
};
