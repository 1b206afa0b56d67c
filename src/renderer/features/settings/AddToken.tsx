import { Button, Select, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { settings } from '../../../../assets/locales/en/settings';
import type { Network, TokenProbe } from '../../../shared/model/directory';
import { CurrencyCode, type NetworkId } from '../../../shared/model/ids';
import { client } from '../../client';
import { ErrorState, Notice, SidePanel, showToast, useAction } from '../../ui';
import { ProbeFacts } from './ProbeFacts';
import styles from './settings.module.css';

const t = settings.tokens;
type Probed = {
  readonly address: string;
  readonly probe: TokenProbe;
  readonly isKnown: boolean;
  readonly lookAlikes: readonly string[];
};

export type AddTokenProps = {
  readonly networks: readonly Network[];
  readonly onClose: () => void;
  readonly onAdded: (id: string) => void;
};

const orNull = (text: string): string | null => (text.trim() === '' ? null : text.trim());

/** First the network is asked, then a person confirms what it said and names the bank. */
export const AddToken = ({ networks, onClose, onAdded }: AddTokenProps) => {
  const [networkId, setNetworkId] = useState<string | null>(networks[0]?.id ?? null);
  const [address, setAddress] = useState('');
  const [probed, setProbed] = useState<Probed | null>(null);
  const [currency, setCurrency] = useState('');
  const [bank, setBank] = useState({ name: '', bic: '', lei: '', memberId: '', country: '' });
  const [source, setSource] = useState('');
  const [referenceSuffix, setReferenceSuffix] = useState(false);

  const ask = useAction(async () => {
    if (networkId === null) return;
    setProbed(null);
    const answer = await client['directory.probeToken']({
      networkId: networkId as NetworkId,
      address: address.trim(),
    });
    setProbed(answer);
    const guess = CurrencyCode.safeParse(answer.probe.currency ?? '');
    if (guess.success) setCurrency(guess.data);
  });
  const add = useAction(async () => {
    if (networkId === null || probed === null) return;
    const token = await client['directory.addToken']({
      networkId: networkId as NetworkId,
      address: probed.address,
      currency: CurrencyCode.parse(currency),
      issuer: {
        name: bank.name.trim(),
        bic: orNull(bank.bic.toUpperCase()),
        memberId: orNull(bank.memberId),
        lei: orNull(bank.lei.toUpperCase()),
        country: orNull(bank.country.toUpperCase()),
      },
      referenceSuffix,
      verification: { state: 'own', sources: source.trim() === '' ? [] : [source.trim()], note: null },
      seen: { decimals: probed.probe.decimals, implementation: probed.probe.implementation },
    });
    showToast('success', t.added, token.name);
    onAdded(token.id);
  });
  const isComplete =
    probed !== null && !probed.isKnown && CurrencyCode.safeParse(currency).success && bank.name.trim() !== '';
  const bankField = (field: keyof typeof bank, label: string, maxLength: number) => (
    <TextInput
      label={label}
      value={bank[field]}
      maxLength={maxLength}
      spellCheck={false}
      onChange={(event) => {
        const value = event.currentTarget.value;
        setBank((old) => ({ ...old, [field]: value }));
      }}
    />
  );
  return (
    <SidePanel
      title={t.addTitle}
      width={460}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button onClick={() => void add.run()} loading={add.isRunning} disabled={!isComplete}>
            {t.confirmAdd(currency, bank.name.trim())}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          void ask.run();
        }}
      >
        <Select
          label={t.network}
          value={networkId}
          onChange={(value) => {
            setNetworkId(value);
            setProbed(null);
          }}
          data={networks.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <TextInput
          label={t.addressLabel}
          value={address}
          onChange={(event) => {
            setAddress(event.currentTarget.value);
            setProbed(null);
          }}
          maxLength={80}
          spellCheck={false}
          autoComplete="off"
        />
        {probed === null ? <div className={styles.two}>{t.askFirst}</div> : null}
        <Button
          type="submit"
          variant={probed === null ? 'filled' : 'default'}
          loading={ask.isRunning}
          disabled={address.trim() === ''}
        >
          {t.ask}
        </Button>
        {ask.error ? <ErrorState error={ask.error} /> : null}
      </form>
      {probed === null ? null : (
        <div className={styles.form} style={{ marginTop: 20 }}>
          <h3>{t.answer}</h3>
          {probed.isKnown ? <Notice tone="warn">{t.known}</Notice> : null}
          {probed.lookAlikes.length === 0 ? null : (
            <Notice tone="bad" title={t.lookAlikes}>
              {probed.lookAlikes.map((text) => (
                <div key={text}>{text}</div>
              ))}
            </Notice>
          )}
          <ProbeFacts probe={probed.probe} />
          <h3>{t.bank}</h3>
          {bankField('name', t.bankName, 140)}
          <div className={styles.pair}>
            {bankField('bic', t.bic, 11)}
            {bankField('country', t.country, 2)}
          </div>
          {bankField('lei', t.lei, 20)}
          {bankField('memberId', t.member, 35)}
          <TextInput
            label={t.currency}
            value={currency}
            maxLength={3}
            onChange={(event) => setCurrency(event.currentTarget.value.toUpperCase())}
          />
          <TextInput
            label={t.source}
            description={t.sourceText}
            value={source}
            maxLength={500}
            onChange={(event) => setSource(event.currentTarget.value)}
          />
          <Switch
            label={t.carryReference}
            checked={referenceSuffix}
            onChange={(event) => setReferenceSuffix(event.currentTarget.checked)}
          />
          {add.error ? <ErrorState error={add.error} /> : null}
        </div>
      )}
    </SidePanel>
  );
};
