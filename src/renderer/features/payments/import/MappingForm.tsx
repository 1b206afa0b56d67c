import { Button, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { payments as words } from '../../../../../assets/locales/en/payments';
import { type CsvField, REQUIRED_CSV_FIELDS } from '../../../../shared/model/payment-file';
import type { CsvMapping } from '../../../../shared/model/payments';
import { client } from '../../../client';
import { Badge, FieldError, Notice, Section, useQuery } from '../../../ui';
import styles from './import.module.css';
import { type CsvFacts, checkFile, type ImportSession } from './session';

const m = words.import.mapping;
const FIELDS = Object.keys(m.fields) as CsvField[];
const OPTIONAL = FIELDS.filter((field) => !REQUIRED_CSV_FIELDS.includes(field));
const DATE_FORMATS = ['YYYY-MM-DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYYMMDD'] as const;
const SAMPLES = 3;

const isField = (name: string): name is CsvField => name in m.fields;

type Draft = {
  readonly delimiter: CsvMapping['delimiter'] | null;
  readonly decimal: CsvMapping['decimal'] | null;
  readonly dateFormat: CsvMapping['dateFormat'] | null;
  readonly columns: Readonly<Record<string, string>>;
};

/** What has two readings is left empty for the person to say. */
const draftOf = (csv: CsvFacts, confirmed: CsvMapping | null): Draft => {
  if (confirmed !== null) return confirmed;
  const { suggested, ambiguous } = csv;
  return {
    delimiter: suggested?.delimiter ?? null,
    decimal: ambiguous.includes('decimal') ? null : (suggested?.decimal ?? null),
    dateFormat: ambiguous.includes('dateFormat') ? null : (suggested?.dateFormat ?? null),
    columns: suggested?.columns ?? {},
  };
};

type FieldRowProps = {
  readonly field: CsvField;
  readonly csv: CsvFacts;
  readonly column: string | undefined;
  readonly onChange: (column: string | null) => void;
};

const FieldRow = ({ field, csv, column, onChange }: FieldRowProps) => {
  const isRequired = REQUIRED_CSV_FIELDS.includes(field);
  const at = column === undefined ? -1 : csv.headings.indexOf(column);
  const samples = at < 0 ? [] : csv.sample.slice(0, SAMPLES).map((row) => row[at] ?? '');
  return (
    <tr>
      <td>
        {m.fields[field]} {isRequired ? <span className={styles.required}>· {m.required}</span> : null}
      </td>
      <td>
        <Select
          aria-label={m.fields[field]}
          placeholder={m.notUsed}
          data={[...new Set(csv.headings)].filter((heading) => heading !== '')}
          value={at < 0 ? null : (column ?? null)}
          onChange={onChange}
          clearable={!isRequired}
          searchable
          error={isRequired && at < 0}
          w={216}
        />
      </td>
      <td>
        <div className={styles.samples} title={samples.join('\n')}>
          {samples.join(' · ')}
        </div>
      </td>
    </tr>
  );
};

const Preview = ({ csv, used }: { readonly csv: CsvFacts; readonly used: ReadonlySet<string> }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
  <section className={styles.preview} tabIndex={0} aria-label={m.preview}>
    <table>
      <thead>
        <tr>
          {csv.headings.map((heading, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: headings may repeat, their place does not
            <th key={at} scope="col" data-used={used.has(heading) || undefined}>
              {heading}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {csv.sample.slice(0, SAMPLES).map((row, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other identity
          <tr key={line}>
            {row.map((cell, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <td key={at}>{cell}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

/** How a CSV file is to be read: declared by a person, proposed where only one reading is possible. */
export const MappingForm = ({
  session,
  csv,
}: {
  readonly session: ImportSession;
  readonly csv: CsvFacts;
}) => {
  const id = useId();
  const [draft, setDraft] = useState(() => draftOf(csv, session.mapping));
  const [saveAs, setSaveAs] = useState(csv.savedAs ?? '');
  const [showsOptional, setShowsOptional] = useState(false);
  const saved = useQuery(() => client['payments.mappings']({}), { key: 'mappings', topics: ['payments'] });
  const columns = Object.fromEntries(
    Object.entries(draft.columns).filter(
      ([field, column]) => isField(field) && csv.headings.includes(column),
    ),
  );
  const missing = REQUIRED_CSV_FIELDS.filter((field) => columns[field] === undefined);
  const { delimiter, decimal, dateFormat } = draft;
  const isComplete = missing.length === 0 && delimiter !== null && decimal !== null && dateFormat !== null;
  const submit = (): void => {
    if (delimiter === null || decimal === null || dateFormat === null || missing.length > 0) return;
    void checkFile(
      session.fileId,
      { delimiter, decimal, dateFormat, columns },
      saveAs.trim() === '' ? null : saveAs.trim(),
    );
  };
  const setColumn = (field: CsvField, column: string | null): void =>
    setDraft((old) => {
      const next = { ...old.columns };
      if (column === null) delete next[field];
      else next[field] = column;
      return { ...old, columns: next };
    });
  const removeSaved = async (name: string): Promise<void> => {
    await client['payments.removeMapping']({ name });
    saved.reload();
  };
  const mappings = saved.data?.mappings ?? [];
  const current = mappings.find(({ name }) => name === saveAs.trim());
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Section title={m.title} description={m.text}>
        <div className={styles.mapping}>
          <div className={styles.choices}>
            {csv.savedAs === null ? null : <Badge tone="info">{m.savedAs(csv.savedAs)}</Badge>}
            {mappings.length === 0 ? null : (
              <div className={styles.removable}>
                <Select
                  label={m.saved}
                  placeholder={m.savedNone}
                  data={mappings.map(({ name }) => name)}
                  value={current?.name ?? null}
                  onChange={(name) => {
                    const found = mappings.find((mapping) => mapping.name === name);
                    if (!found) return;
                    setDraft(found.mapping);
                    setSaveAs(found.name);
                  }}
                />
                {current ? (
                  <button
                    type="button"
                    className="n-icon-button"
                    aria-label={m.removeSaved(current.name)}
                    title={m.removeSaved(current.name)}
                    onClick={() => void removeSaved(current.name)}
                  >
                    <IconTrash size={16} aria-hidden />
                  </button>
                ) : null}
              </div>
            )}
            <Select
              label={m.delimiter}
              data={Object.entries(m.delimiters).map(([value, label]) => ({ value, label }))}
              value={delimiter}
              onChange={(value) => setDraft((old) => ({ ...old, delimiter: value as Draft['delimiter'] }))}
              error={delimiter === null ? m.toConfirm : null}
            />
            <Select
              label={m.decimal}
              data={Object.entries(m.decimals).map(([value, label]) => ({ value, label }))}
              value={decimal}
              onChange={(value) => setDraft((old) => ({ ...old, decimal: value as Draft['decimal'] }))}
              error={decimal === null ? m.toConfirm : null}
            />
            <Select
              label={m.dateFormat}
              data={[...DATE_FORMATS]}
              value={dateFormat}
              onChange={(value) => setDraft((old) => ({ ...old, dateFormat: value as Draft['dateFormat'] }))}
              error={dateFormat === null ? m.toConfirm : null}
            />
          </div>
          <div>
            <table className={styles.fields} aria-label={m.table} id={id}>
              <thead>
                <tr>
                  <th scope="col">{m.field}</th>
                  <th scope="col">{m.column}</th>
                  <th scope="col">{m.sample}</th>
                </tr>
              </thead>
              <tbody>
                {[
                  ...REQUIRED_CSV_FIELDS,
                  ...OPTIONAL.filter((field) => showsOptional || columns[field] !== undefined),
                ].map((field) => (
                  <FieldRow
                    key={field}
                    field={field}
                    csv={csv}
                    column={columns[field]}
                    onChange={(column) => setColumn(field, column)}
                  />
                ))}
              </tbody>
            </table>
            <Button
              variant="subtle"
              size="xs"
              mt={8}
              aria-expanded={showsOptional}
              aria-controls={id}
              onClick={() => setShowsOptional((shown) => !shown)}
            >
              {showsOptional ? m.hideOptional : m.showOptional}
            </Button>
          </div>
        </div>
      </Section>
      <Section title={m.preview}>
        <Preview csv={csv} used={new Set(Object.values(columns))} />
      </Section>
      {csv.headings.length === 0 ? <Notice tone="bad" title={words.import.report.noLines} /> : null}
      <div className={styles.footer}>
        <TextInput
          label={m.saveAs}
          description={m.saveAsText}
          value={saveAs}
          onChange={(event) => setSaveAs(event.currentTarget.value)}
          maxLength={80}
          w={360}
        />
        <div className={styles.choices}>
          {missing.length > 0 ? <FieldError>{m.missing(missing.length)}</FieldError> : null}
          <Button type="submit" disabled={!isComplete}>
            {m.check}
          </Button>
        </div>
      </div>
    </form>
  );
};
