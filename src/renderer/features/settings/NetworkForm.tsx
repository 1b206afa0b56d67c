import { Button, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { common } from '../../../../assets/locales/en/common';
import { settings } from '../../../../assets/locales/en/settings';
import type { FeeRule, FinalityRule, Network } from '../../../shared/model/directory';
import { networkIdOf } from '../../../shared/model/ids';
import { client } from '../../client';
import { ErrorState, SidePanel, showToast, useAction } from '../../ui';
import styles from './settings.module.css';

const t = settings.networks;
type FinalityChoice = keyof typeof t.finalityKinds;

export type NetworkFormProps = {
  /** `null`: a new one. */
  readonly network: Network | null;
  readonly onClose: () => void;
  readonly onSaved: (id: string) => void;
};

export const NetworkForm = ({ network, onClose, onSaved }: NetworkFormProps) => {
  const [chainId, setChainId] = useState(network?.id.slice('eip155:'.length) ?? '');
  const [name, setName] = useState(network?.name ?? '');
  const [endpoints, setEndpoints] = useState(network?.endpoints.join('\n') ?? '');
  const rule = network?.finality ?? { kind: 'tag', tag: 'finalized' };
  const [finality, setFinality] = useState<FinalityChoice>(rule.kind === 'tag' ? rule.tag : 'depth');
  const [depth, setDepth] = useState(rule.kind === 'depth' ? rule.blocks : 12);
  const [fees, setFees] = useState<FeeRule>(network?.fees ?? 'eip1559');
  const [symbol, setSymbol] = useState(network?.nativeCurrency.symbol ?? 'ETH');
  const [decimals, setDecimals] = useState(network?.nativeCurrency.decimals ?? 18);
  const [startBlock, setStartBlock] = useState(network?.startBlock.toString() ?? '0');
  const nodes = endpoints.split(/\s+/).filter(Boolean);
  const isComplete =
    /^[1-9][0-9]{0,17}$/.test(chainId) &&
    name.trim() !== '' &&
    nodes.length > 0 &&
    symbol.trim() !== '' &&
    /^[0-9]{1,18}$/.test(startBlock);

  const save = useAction(async () => {
    const rule: FinalityRule =
      finality === 'depth' ? { kind: 'depth', blocks: depth } : { kind: 'tag', tag: finality };
    const id = networkIdOf(BigInt(chainId));
    await client['directory.saveNetwork']({
      id,
      name: name.trim(),
      endpoints: nodes,
      finality: rule,
      fees,
      nativeCurrency: { symbol: symbol.trim(), decimals },
      startBlock: BigInt(startBlock),
      isSandbox: network?.isSandbox ?? false,
      verification: network?.verification ?? { state: 'own', sources: [], note: null },
    });
    showToast('success', t.saved, name.trim());
    onSaved(id);
  });

  return (
    <SidePanel
      title={network === null ? t.addTitle : t.editTitle}
      onClose={onClose}
      footer={
        <>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button onClick={() => void save.run()} loading={save.isRunning} disabled={!isComplete}>
            {common.save}
          </Button>
        </>
      }
    >
      <div className={styles.form}>
        <TextInput
          label={t.name}
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t.chain}
          value={chainId}
          inputMode="numeric"
          disabled={network !== null}
          onChange={(event) => setChainId(event.currentTarget.value.trim())}
        />
        <Textarea
          label={t.endpoints}
          description={t.endpointsText}
          value={endpoints}
          onChange={(event) => setEndpoints(event.currentTarget.value)}
          minRows={2}
          autosize
          spellCheck={false}
        />
        <Select
          label={t.finality}
          value={finality}
          onChange={(value) => setFinality((value ?? 'finalized') as FinalityChoice)}
          data={Object.entries(t.finalityKinds).map(([value, label]) => ({ value, label }))}
        />
        {finality === 'depth' ? (
          <NumberInput
            label={t.depth}
            value={depth}
            min={1}
            max={10_000}
            allowDecimal={false}
            onChange={(value) => setDepth(Math.max(1, Number(value) || 1))}
          />
        ) : null}
        <Select
          label={t.fees}
          value={fees}
          onChange={(value) => setFees((value ?? 'eip1559') as FeeRule)}
          data={Object.entries(t.feeRules).map(([value, label]) => ({ value, label }))}
        />
        <div className={styles.pair}>
          <TextInput
            label={t.native}
            value={symbol}
            maxLength={12}
            onChange={(event) => setSymbol(event.currentTarget.value)}
          />
          <NumberInput
            label={t.nativeDecimals}
            value={decimals}
            min={0}
            max={36}
            allowDecimal={false}
            onChange={(value) => setDecimals(Number(value) || 0)}
          />
        </div>
        <TextInput
          label={t.startBlock}
          value={startBlock}
          inputMode="numeric"
          onChange={(event) => setStartBlock(event.currentTarget.value.trim())}
        />
        {save.error ? <ErrorState error={save.error} /> : null}
      </div>
    </SidePanel>
  );
};
