import { Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { common } from '../../../assets/locales/en/common';
import styles from './Address.module.css';
import { copyText } from './copy';
import { groupAddress, shortenAddress } from './format';

const Groups = ({ address }: { readonly address: string }) => (
  <span className={styles.groups} role="img" aria-label={address}>
    <span className={styles.prefix}>0x</span>
    {groupAddress(address).map((group, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a group
      <span key={index}>{group}</span>
    ))}
  </span>
);

/** All digits of a digest in groups of four, to be read out and compared. */
export const HexGroups = ({ value }: { readonly value: string }) => (
  <span className={styles.address}>
    <Groups address={value} />
    <CopyButton value={value} label={common.copy} />
  </span>
);

export const CopyButton = ({ value, label }: { readonly value: string; readonly label: string }) => {
  const [isCopied, setIsCopied] = useState(false);
  const copy = (): void => {
    if (!copyText(value)) return;
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1500);
  };
  return (
    <button
      type="button"
      className={styles.copy}
      aria-label={isCopied ? common.copied : label}
      onClick={(event) => {
        event.stopPropagation();
        copy();
      }}
    >
      {isCopied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
    </button>
  );
};

export type AddressProps = {
  readonly address: string;
  /** `short`: first and last six, the whole on hover and focus. `full`: all 40 digits in groups of four. */
  readonly variant?: 'short' | 'full';
  readonly hideCopy?: boolean;
};

export const Address = ({ address, variant = 'short', hideCopy = false }: AddressProps) => (
  <span className={styles.address}>
    {variant === 'full' ? (
      <Groups address={address} />
    ) : (
      <Tooltip label={<Groups address={address} />} maw={560}>
        <span className={styles.short}>{shortenAddress(address)}</span>
      </Tooltip>
    )}
    {hideCopy ? null : (
      <Tooltip label={variant === 'full' ? common.copyAddress : <Groups address={address} />} maw={560}>
        <span>
          <CopyButton value={address} label={`${common.copyAddress} ${shortenAddress(address)}`} />
        </span>
      </Tooltip>
    )}
  </span>
);

/** A hash or id of any length: shortened, copied whole. */
export const HashText = ({
  value,
  hideCopy = false,
}: {
  readonly value: string;
  readonly hideCopy?: boolean;
}) => (
  <span className={styles.address}>
    <Tooltip label={<span className={styles.whole}>{value}</span>} maw={480} multiline>
      <span className={styles.short}>
        {value.length > 22 ? `${value.slice(0, 10)}…${value.slice(-8)}` : value}
      </span>
    </Tooltip>
    {hideCopy ? null : <CopyButton value={value} label={common.copy} />}
  </span>
);
