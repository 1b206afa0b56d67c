import { payments as words } from '../../../../../assets/locales/en/payments';
import type { Refusal } from '../../../../shared/model/directory';
import { Notice } from '../../../ui';
import styles from './batch.module.css';

const d = words.detail;

/** A refusal in plain words, the token's own text beside it, its raw data for support. */
export const RefusalNotice = ({ refusal }: { readonly refusal: Refusal }) => (
  <div className={styles.notice}>
    <Notice tone="bad" title={words.refusals[refusal.kind]}>
      {refusal.text === null ? null : d.tokenSays(refusal.text)}
      <details className={styles.raw}>
        <summary>{d.rawData}</summary>
        <code>{refusal.data === null || refusal.data === '0x' ? d.noRawData : refusal.data}</code>
      </details>
    </Notice>
  </div>
);
