import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { counterparties as words } from '../../../../assets/locales/en/counterparties';
import type { MainClient } from '../../../shared/contract';
import type { Counterparty } from '../../../shared/model/directory';
import { client } from '../../client';
import { ErrorState, Notice, SidePanel, showToast, useAction } from '../../ui';
import styles from './counterparties.module.css';
import {
  type AccountDraft,
  changesAccounts,
  type Draft,
  draftOf,
  type Faults,
  faultsOfError,
  findFaults,
  inputOf,
  newAccount,
  nextKey,
} from './draft';

const f = words.form;
export type Saved = Awaited<ReturnType<MainClient['directory.saveCounterparty']>>;

type AccountFieldsProps = {
  readonly account: AccountDraft;
  readonly place: number;
  readonly faults: Faults;
  readonly onChange: (account: AccountDraft) => void;
  readonly onRemove: () => void;
};

const AccountFields = ({ account, place, faults, onChange, onRemove }: AccountFieldsProps) => (
  <fieldset className={styles.box} aria-label={words.detail.account(place)}>
    <div className={styles.boxHead}>
      <span>{words.detail.account(place)}</span>
      <button
        type="button"
        className="n-icon-button"
        aria-label={f.removeAccount(place)}
        title={f.removeAccount(place)}
        onClick={onRemove}
      >
        <IconTrash size={16} aria-hidden />
      </button>
    </div>
    <TextInput
      label={f.address}
      description={f.addressHelp}
      value={account.address}
      onChange={(event) => onChange({ ...account, address: event.currentTarget.value })}
      error={faults[`address ${account.key}`]}
      className={styles.mono}
      maxLength={80}
      spellCheck={false}
      autoComplete="off"
    />
    <div className={styles.sub}>{f.ids}</div>
    {account.ids.map((id) => {
      const change = (next: Partial<typeof id>): void =>
        onChange({
          ...account,
          ids: account.ids.map((each) => (each.key === id.key ? { ...each, ...next } : each)),
        });
      return (
        <div key={id.key} className={styles.idRow}>
          <Select
            aria-label={f.idKind}
            data={Object.entries(f.kinds).map(([value, label]) => ({ value, label }))}
            value={id.kind}
            onChange={(kind) => change({ kind: kind as 'iban' | 'other' })}
          />
          <TextInput
            aria-label={f.id}
            value={id.value}
            onChange={(event) => change({ value: event.currentTarget.value })}
            error={faults[`id ${id.key}`]}
            maxLength={34}
            spellCheck={false}
            autoComplete="off"
          />
          <button
            type="button"
            className="n-icon-button"
            aria-label={f.removeId(id.value)}
            onClick={() => onChange({ ...account, ids: account.ids.filter(({ key }) => key !== id.key) })}
          >
            <IconTrash size={16} aria-hidden />
          </button>
        </div>
      );
    })}
    <Button
      variant="subtle"
      size="xs"
      leftSection={<IconPlus size={14} aria-hidden />}
      onClick={() =>
        onChange({ ...account, ids: [...account.ids, { kind: 'iban', value: '', key: nextKey() }] })
      }
    >
      {f.addId}
    </Button>
  </fieldset>
);

export type PartyFormProps = {
  readonly party: Counterparty | null;
  readonly onClose: () => void;
  readonly onSaved: (saved: Saved) => void;
};

/** Adds or changes a counterparty. What main finds wrong stands at its field. */
export const PartyForm = ({ party, onClose, onSaved }: PartyFormProps) => {
  const [draft, setDraft] = useState<Draft>(() => draftOf(party));
  const [faults, setFaults] = useState<Faults>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // What is wrong may stand below the fold.
    if (Object.keys(faults).length > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [faults]);
  const saving = useAction(async () => {
    const saved = await client['directory.saveCounterparty'](inputOf(draft)).catch((error: unknown) => {
      const found = faultsOfError(error, draft);
      if (found === null) throw error;
      setFaults(found);
      return null;
    });
    if (saved === null) return;
    showToast('success', f.saved(saved.counterparty.name));
    onSaved(saved);
  });
  const submit = (): void => {
    const found = findFaults(draft);
    setFaults(found);
    if (Object.keys(found).length === 0) void saving.run();
  };
  type TextField = Exclude<keyof Draft, 'id' | 'accounts'>;
  const field = (name: TextField, maxLength: number) => ({
    label: f[name],
    value: draft[name],
    error: faults[name],
    maxLength,
    spellCheck: false,
    autoComplete: 'off',
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      const { value } = event.currentTarget;
      setDraft((old) => ({
        ...old,
        [name]: name === 'country' || name === 'lei' ? value.toUpperCase() : value,
      }));
    },
  });
  const setAccount = (key: number, account: AccountDraft): void =>
    setDraft((old) => ({
      ...old,
      accounts: old.accounts.map((each) => (each.key === key ? account : each)),
    }));
  const formId = 'counterparty-form';
  return (
    <SidePanel
      title={party === null ? f.addTitle : f.editTitle}
      subtitle={party?.name}
      onClose={onClose}
      width={520}
      footer={
        <>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" form={formId} loading={saving.isRunning}>
            {f.save}
          </Button>
        </>
      }
    >
      <form
        ref={form}
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {saving.error ? (
          <div className={styles.notice}>
            <ErrorState error={saving.error} />
          </div>
        ) : null}
        <div className={styles.fields}>
          <div className={styles.wide}>
            <TextInput {...field('name', 140)} data-autofocus autoFocus />
          </div>
          <TextInput {...field('lei', 20)} description={f.leiHelp} />
          <TextInput {...field('bic', 11)} description={f.bicHelp} />
        </div>
        <div className={styles.heading}>{f.postal}</div>
        <div className={styles.fields}>
          <TextInput {...field('street', 70)} />
          <TextInput {...field('building', 16)} />
          <TextInput {...field('postCode', 16)} />
          <TextInput {...field('town', 35)} />
          <TextInput {...field('country', 2)} description={f.countryHelp} />
        </div>
        <div className={styles.heading}>{f.accounts}</div>
        {changesAccounts(draft, party) ? (
          <div className={styles.notice}>
            <Notice tone="warn">{f.changed}</Notice>
          </div>
        ) : null}
        {draft.accounts.map((account, index) => (
          <AccountFields
            key={account.key}
            account={account}
            place={index + 1}
            faults={faults}
            onChange={(next) => setAccount(account.key, next)}
            onRemove={() =>
              setDraft((old) => ({ ...old, accounts: old.accounts.filter(({ key }) => key !== account.key) }))
            }
          />
        ))}
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => setDraft((old) => ({ ...old, accounts: [...old.accounts, newAccount()] }))}
        >
          {f.addAccount}
        </Button>
        <Textarea {...field('note', 1000)} mt="md" autosize minRows={2} />
      </form>
    </SidePanel>
  );
};
