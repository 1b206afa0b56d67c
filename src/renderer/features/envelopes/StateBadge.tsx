import { envelopes as words } from '../../../../assets/locales/en/envelopes';
import type { EnvelopeState } from '../../../shared/contract';
import { Badge } from '../../ui';
import { STATES } from './describe';
import styles from './envelopes.module.css';

/** `Waits for approval · PDNG`: the words, and the ISO 20022 code where one says the same. */
export const StateBadge = ({ state }: { readonly state: EnvelopeState }) => {
  const { tone, icon, iso } = STATES[state];
  return (
    <Badge tone={tone} icon={icon}>
      {words.states[state]}
      {iso === null ? null : <span className={styles.iso}> · {iso}</span>}
    </Badge>
  );
};
