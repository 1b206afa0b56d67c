import { CopyButton } from '../../ui';
import { groupHex } from './describe';
import styles from './envelopes.module.css';

export type HexProps = {
  readonly value: string;
  /** Name of the copy button; without it there is none. */
  readonly copyLabel?: string;
  /** Four groups a line, for narrow places. */
  readonly isNarrow?: boolean;
};

/** All digits of a digest or a fingerprint, in groups of four, to be compared by eye. */
export const Hex = ({ value, copyLabel, isNarrow = false }: HexProps) => (
  <span className={styles.hex}>
    <span className={styles.hexGroups} data-narrow={isNarrow || undefined} role="img" aria-label={value}>
      {groupHex(value).map((group, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a group
        <span key={index}>{group}</span>
      ))}
    </span>
    {copyLabel === undefined ? null : <CopyButton value={value} label={copyLabel} />}
  </span>
);
