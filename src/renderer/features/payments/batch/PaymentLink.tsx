import { useEffect } from 'react';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { PaymentId } from '../../../../shared/model/ids';
import { client } from '../../../client';
import { ErrorState, LoadingState, replaceRoute, useQuery } from '../../../ui';

/** A payment named by its id alone: opens its batch with the payment beside. */
export const PaymentLink = ({ paymentId }: { readonly paymentId: string }) => {
  const found = useQuery(() => client['payments.payment']({ paymentId: paymentId as PaymentId }), {
    key: paymentId,
  });
  const batchId = found.data?.batchId;
  useEffect(() => {
    if (batchId !== undefined)
      replaceRoute('payments', { view: 'batch', id: batchId, params: { payment: paymentId } });
  }, [batchId, paymentId]);
  return found.error ? (
    <ErrorState error={found.error} layout="page" onRetry={found.reload} />
  ) : (
    <LoadingState text={words.detail.loading} />
  );
};
