import { Checkbox } from '@mantine/core';
import type { ReactNode } from 'react';
import { payments as words } from '../../../../../assets/locales/en/payments';
import type { Hold } from '../../../../shared/model/payments';
import { Address, Badge, formatCount, navigate, Section, useLocale } from '../../../ui';
import { useDirectory } from '../directory';
import styles from './import.module.css';
import { holdKey } from './session';

const h = words.import.holds;

/** Kinds that are about one debt or one fraud each: never released in one go. */
const ONE_BY_ONE: ReadonlySet<Hold['kind']> = new Set(['same-payment', 'look-alike-address', 'same-file']);
const ADDRESS = /(0x[0-9a-fA-F]{40})/;

/** The text before an address: the line break after it stands for the dot. */
const trimEnd = (text: string): string => text.replace(/[\s·,]+$/, '');

const WithAddresses = ({ text }: { readonly text: string }) => (
  <>
    {text.split(ADDRESS).map(
      (part, index): ReactNode =>
        ADDRESS.test(part) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
          <Address key={index} address={part} variant="full" hideCopy />
        ) : (
          trimEnd(part)
        ),
    )}
  </>
);

/** Accounts to compare, one under the other: the one to be paid, then those that are known, each with its name. */
const Pair = ({ text }: { readonly text: string }) => {
  const parts = text.split(ADDRESS);
  return parts.map(
    (part, index): ReactNode =>
      ADDRESS.test(part) ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text
        <span key={index} className={styles.holdAddress}>
          <span className={styles.holdRole}>{index === 1 ? h.toPay : h.known}</span>
          <Address address={part} variant="full" hideCopy />
          <span>{trimEnd(parts[index + 1] ?? '')}</span>
        </span>
      ) : null,
  );
};

const describeHold = (hold: Hold, locale: string): string => {
  if (hold.text === null) return h.everywhere;
  const isSummary = hold.paymentIndex === null && /^\d+$/.test(hold.text);
  return isSummary ? h.manyOf(formatCount(Number(hold.text), locale)) : hold.text;
};

const groupByKind = (holds: readonly Hold[]): readonly (readonly [Hold['kind'], readonly Hold[]])[] =>
  [...new Set(holds.map(({ kind }) => kind))].map((kind) => [
    kind,
    holds.filter((hold) => hold.kind === kind),
  ]);

export type HoldListProps = {
  readonly holds: readonly Hold[];
  readonly released: ReadonlySet<string>;
  readonly onChange: (released: ReadonlySet<string>) => void;
};

/** Reasons to stop and look, each with what it collides with, each released by name. */
export const HoldList = ({ holds, released, onChange }: HoldListProps) => {
  const locale = useLocale();
  const { tokenOf } = useDirectory();
  const toggle = (keys: readonly string[], isReleased: boolean): void => {
    const next = new Set(released);
    for (const key of keys) {
      if (isReleased) next.add(key);
      else next.delete(key);
    }
    onChange(next);
  };
  const groups = groupByKind(holds);
  const open = holds.filter((hold) => !released.has(holdKey(hold))).length;
  return (
    <Section
      title={h.title}
      description={h.text}
      actions={
        open === 0 ? (
          <Badge tone="good" icon="settled">
            {h.allReleased}
          </Badge>
        ) : (
          <Badge tone="warn" icon="warning">
            {h.open(formatCount(open, locale))}
          </Badge>
        )
      }
    >
      {groups.map(([kind, list]) => {
        const keys = list.map(holdKey);
        const done = keys.filter((key) => released.has(key)).length;
        return (
          <div key={kind} className={styles.holdGroup}>
            <div className={styles.holdHead}>{h.kinds[kind]}</div>
            <div className={styles.holdMeaning}>{h.meanings[kind]}</div>
            {list.length > 1 && !ONE_BY_ONE.has(kind) ? (
              <Checkbox
                mb={10}
                label={h.releaseAll(formatCount(list.length, locale), h.kinds[kind])}
                checked={done === keys.length}
                indeterminate={done > 0 && done < keys.length}
                onChange={(event) => toggle(keys, event.currentTarget.checked)}
              />
            ) : null}
            <ul className={styles.holdList} data-wide={ONE_BY_ONE.has(kind) || undefined}>
              {list.map((hold) => {
                const token = hold.text === null ? undefined : tokenOf(hold.text);
                const text = token ? `${token.name} · ${token.issuer.name}` : describeHold(hold, locale);
                const { otherBatchId, otherPaymentId } = hold;
                return (
                  <li key={holdKey(hold)}>
                    <Checkbox
                      aria-label={h.releaseOne(`${h.kinds[kind]}, ${text}`)}
                      label={
                        kind === 'look-alike-address' ? <Pair text={text} /> : <WithAddresses text={text} />
                      }
                      checked={released.has(holdKey(hold))}
                      onChange={(event) => toggle([holdKey(hold)], event.currentTarget.checked)}
                    />
                    {otherBatchId === null ? null : (
                      <button
                        type="button"
                        className="n-link"
                        onClick={() =>
                          navigate('payments', {
                            view: 'batch',
                            id: otherBatchId,
                            params: otherPaymentId === null ? {} : { payment: otherPaymentId },
                          })
                        }
                      >
                        {h.openOther}
                      </button>
                    )}
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </Section>
  );
};
