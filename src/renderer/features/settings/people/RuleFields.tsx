import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useMemo } from 'react';
import { people } from '../../../../../assets/locales/en/people';
import { findCurrency, payableCurrencies } from '../../../../shared/money';
import { Section } from '../../../ui';
import { newId, type PolicyDraft, type RuleDraft } from './draft';
import styles from './people.module.css';

const t = people.editor;

/** In use with banks, but not in ISO 4217. */
const MARKET_CURRENCIES = ['CNH'];

type CountFieldProps = {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly description?: string;
  readonly value: number;
  readonly error: string | undefined;
  readonly onChange: (count: number) => void;
};

/** A number of people, never an amount. */
const CountField = ({
  label,
  isLabelHidden = false,
  description,
  value,
  error,
  onChange,
}: CountFieldProps) => (
  <NumberInput
    {...(isLabelHidden ? { 'aria-label': label } : { label })}
    {...(description === undefined ? {} : { description })}
    value={value}
    min={1}
    max={10}
    clampBehavior="strict"
    allowDecimal={false}
    allowNegative={false}
    error={error}
    onChange={(count) => onChange(typeof count === 'number' ? count : Number(count) || 0)}
    styles={{ wrapper: { maxWidth: 110 } }}
  />
);

export type RuleFieldsProps = {
  readonly draft: PolicyDraft;
  readonly onChange: (part: Partial<PolicyDraft>) => void;
  readonly faultOf: (field: string) => string | undefined;
};

/** How many approvals a batch needs, and how many signatures the policy itself. */
export const RuleFields = ({ draft, onChange, faultOf }: RuleFieldsProps) => {
  const currencies = useMemo(
    () =>
      [...payableCurrencies(), ...MARKET_CURRENCIES.flatMap((code) => findCurrency(code) ?? [])]
        .map(({ code, name }) => ({ value: code, label: `${code} · ${name}` }))
        .sort((a, b) => a.value.localeCompare(b.value)),
    [],
  );
  const change = (id: number, part: Partial<RuleDraft>): void =>
    onChange({ table: draft.table.map((row) => (row.id === id ? { ...row, ...part } : row)) });
  return (
    <Section title={t.table} description={t.tableText}>
      <div className={styles.stack}>
        <div>
          {draft.table.length === 0 ? (
            <div className={styles.muted}>{t.noRows}</div>
          ) : (
            <div className={`${styles.rule} ${styles.ruleHead}`} aria-hidden>
              <span>{t.currency}</span>
              <span>{t.above}</span>
              <span>{t.needed}</span>
            </div>
          )}
          {draft.table.map((row, index) => (
            <div key={row.id} className={styles.rule}>
              <Select
                aria-label={t.currencyOf(index + 1)}
                data={currencies}
                searchable
                value={row.currency === '' ? null : row.currency}
                placeholder={t.currency}
                error={faultOf(`currency ${row.id}`)}
                onChange={(currency) => change(row.id, { currency: currency ?? '' })}
              />
              <TextInput
                aria-label={t.aboveOf(index + 1)}
                placeholder="100000.00"
                value={row.above}
                maxLength={60}
                autoComplete="off"
                spellCheck={false}
                data-amount
                error={faultOf(`above ${row.id}`)}
                onChange={(event) => change(row.id, { above: event.currentTarget.value })}
              />
              <CountField
                label={t.neededOf(index + 1)}
                isLabelHidden
                value={row.approvals}
                error={faultOf(`needed ${row.id}`)}
                onChange={(approvals) => change(row.id, { approvals })}
              />
              <button
                type="button"
                className={`n-icon-button ${styles.remove}`}
                aria-label={t.removeRow(index + 1)}
                title={t.removeRow(index + 1)}
                onClick={() => onChange({ table: draft.table.filter(({ id }) => id !== row.id) })}
              >
                <IconX size={16} aria-hidden />
              </button>
            </div>
          ))}
          <Button
            variant="default"
            mt={8}
            leftSection={<IconPlus size={16} aria-hidden />}
            onClick={() =>
              onChange({
                table: [
                  ...draft.table,
                  {
                    id: newId(),
                    currency: draft.table.at(-1)?.currency ?? '',
                    above: '',
                    approvals: Math.min(10, draft.defaultApprovals + 1),
                  },
                ],
              })
            }
          >
            {t.addRow}
          </Button>
        </div>
        <div className={styles.counts}>
          <CountField
            label={t.standard}
            description={t.standardText}
            value={draft.defaultApprovals}
            error={faultOf('standard')}
            onChange={(defaultApprovals) => onChange({ defaultApprovals })}
          />
          <CountField
            label={t.changing}
            description={t.changingText}
            value={draft.changeApprovals}
            error={faultOf('changing')}
            onChange={(changeApprovals) => onChange({ changeApprovals })}
          />
        </div>
      </div>
    </Section>
  );
};
