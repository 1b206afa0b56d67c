import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { settings as texts } from '../../../../assets/locales/en/settings';
import type { Settings } from '../../../shared/contract';
import { CurrencyCode } from '../../../shared/model/ids';
import { payableCurrencies } from '../../../shared/money';
import { ErrorState, formatInstant, Money, Section, useLocale } from '../../ui';
import styles from './settings.module.css';
import { useSettings } from './use-settings';

const t = texts.appearance;
const LOCALES = [
  'en-GB',
  'en-US',
  'de-DE',
  'de-CH',
  'fr-FR',
  'es-ES',
  'zh-CN',
  'zh-HK',
  'ja-JP',
  'en-SG',
  'en-IN',
];

const nameLocale = (tag: string): string =>
  new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;

export const AppearanceTab = () => {
  const { settings, change } = useSettings();
  const locale = useLocale();
  const [name, setName] = useState(settings?.workspaceName ?? '');
  if (settings === null) return null;
  const saveName = (): void => {
    const next = name.trim();
    if (next !== '' && next !== settings.workspaceName) void change.run({ workspaceName: next });
  };
  return (
    <div className={styles.scroll}>
      <Section>
        <div className={styles.form}>
          <TextInput
            label={t.workspace}
            w={320}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.currentTarget.value)}
            onBlur={saveName}
            onKeyDown={(event) => {
              if (event.key === 'Enter') saveName();
            }}
          />
          <Choice
            label={t.theme}
            value={settings.theme}
            options={t.themes}
            onChange={(theme) => void change.run({ theme: theme as Settings['theme'] })}
          />
          <Choice
            label={t.density}
            value={settings.density}
            options={t.densities}
            onChange={(density) => void change.run({ density: density as Settings['density'] })}
          />
          <Select
            label={t.locale}
            w={320}
            value={settings.locale ?? 'system'}
            onChange={(value) => void change.run({ locale: value === 'system' ? null : value })}
            data={[
              { value: 'system', label: t.systemLocale },
              ...[...new Set([...LOCALES, ...(settings.locale === null ? [] : [settings.locale])])].map(
                (tag) => ({
                  value: tag,
                  label: nameLocale(tag),
                }),
              ),
            ]}
          />
          <div className={styles.two}>
            {t.example}: <Money currency="EUR" units={-123_456_789n} decimals={2} /> ·{' '}
            {formatInstant('2026-11-23T09:30:00Z', locale)}
          </div>
          <Select
            label={t.reporting}
            description={t.reportingText}
            w={320}
            searchable
            value={settings.reportingCurrency}
            onChange={(value) => {
              const code = CurrencyCode.safeParse(value);
              if (code.success) void change.run({ reportingCurrency: code.data });
            }}
            data={payableCurrencies().map(({ code, name: full }) => ({
              value: code,
              label: `${code} · ${full}`,
            }))}
          />
          {change.error ? <ErrorState error={change.error} /> : null}
        </div>
      </Section>
    </div>
  );
};

type ChoiceProps = {
  readonly label: string;
  readonly value: string;
  readonly options: Readonly<Record<string, string>>;
  readonly onChange: (value: string) => void;
};

const Choice = ({ label, value, options, onChange }: ChoiceProps) => (
  <div>
    <div className="mantine-InputWrapper-label">{label}</div>
    <SegmentedControl
      aria-label={label}
      value={value}
      onChange={onChange}
      data={Object.entries(options).map(([option, text]) => ({ value: option, label: text }))}
    />
  </div>
);
