/**
 * Envelopes: the inbox, one envelope with its way through the roles, and the exchange by file and by QR codes.
 *
 * Hides files on their way in, the QR player and reader, the words for checks. Invariants: the page asks for the approval
 * window and never answers it; what may be done is what main lists as abilities; pictures of a camera stay in the page.
 * Called from app/routes.
 */
import { useRoute } from '../../ui';
import { EnvelopeScreen } from './detail/EnvelopeScreen';
import { QrScreen } from './exchange/QrScreen';
import { ReaderScreen } from './exchange/ReaderScreen';
import { InboxScreen } from './InboxScreen';
import { IntakeScreen } from './intake/IntakeScreen';

export { chooseExchangeFile } from './intake/choose';
export { useWaiting } from './waiting';

export const EnvelopesScreen = () => {
  const { view, id } = useRoute();
  if (view === 'file') return <IntakeScreen />;
  if (view === 'scan') return <ReaderScreen />;
  if (view === 'show') return <QrScreen key={id ?? ''} />;
  if (view === 'envelope' && id !== null) return <EnvelopeScreen key={id} digest={id} />;
  return <InboxScreen />;
};
