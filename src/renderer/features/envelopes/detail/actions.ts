import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeSummary } from '../../../../shared/contract';
import { client } from '../../../client';
import { formatCount, navigate, showToast, useAction, useLocale } from '../../../ui';

const d = words.detail;

/** Everything that can be asked of main about one envelope; each with its own error and its own wait. */
export const useEnvelopeActions = (summary: EnvelopeSummary) => {
  const locale = useLocale();
  const { digest, batchId } = summary;
  const reviewing = useAction((act: 'approve' | 'sign' | 'compare') =>
    client['envelopes.review']({ digest, act }),
  );
  const saving = useAction(async () => {
    const { saved } = await client['envelopes.exportFile']({ digest });
    if (saved !== null) showToast('success', d.saved(saved), d.savedHint);
  });
  const checking = useAction(() => client['envelopes.check']({ digest }));
  const sending = useAction(async () => {
    const { sent } = await client['envelopes.send']({ digest });
    showToast('success', d.sent(formatCount(sent, locale)));
    return true;
  });
  const reporting = useAction(async () => {
    await client['envelopes.report']({ digest });
    showToast('success', d.reported, d.reportedHint);
  });
  const withdrawing = useAction(async () => {
    await client['envelopes.withdraw']({ digest });
    showToast('success', d.withdrawn);
    return true;
  });
  const renewing = useAction(async () => {
    if (batchId === null) return undefined;
    // An envelope that is given up already (a second try after an error of the making) is not given up again.
    if (summary.state !== 'withdrawn') await client['envelopes.withdraw']({ digest });
    const made = await client['envelopes.create']({ batchId });
    showToast('success', d.renewed, words.batch.madeText);
    navigate('inbox', { view: 'envelope', id: made.digest });
    return true;
  });
  return { reviewing, saving, checking, sending, reporting, withdrawing, renewing };
};

export type EnvelopeActions = ReturnType<typeof useEnvelopeActions>;
