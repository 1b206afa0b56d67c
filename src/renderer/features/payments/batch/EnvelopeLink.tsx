import { Button } from '@mantine/core';
import { envelopes as words } from '../../../../../assets/locales/en/envelopes';
import type { EnvelopeSummary } from '../../../../shared/contract';
import type { BatchId } from '../../../../shared/model/ids';
import { client } from '../../../client';
import { Notice, navigate, useQuery } from '../../../ui';

const b = words.batch;

export type PolicyFacts = {
  readonly isUnknown: boolean;
  /** Batches go the way of envelopes here. */
  readonly isInForce: boolean;
  /** The policy lets this machine's person make one. */
  readonly isMaker: boolean;
  readonly whyNot: string;
};

/** Whether a policy is in force here, and what it makes of this machine's person. */
export const usePolicy = (): PolicyFacts => {
  const found = useQuery(
    async () => {
      const [{ inForce }, { roles }] = await Promise.all([
        client['people.policies']({}),
        client['people.identity']({}),
      ]);
      return { isInForce: inForce !== null, roles };
    },
    { key: 'policy and roles', topics: ['people'] },
  );
  const roles = found.data?.roles ?? [];
  return {
    isUnknown: found.data === undefined && !found.error,
    isInForce: found.data?.isInForce ?? false,
    isMaker: roles.includes('maker'),
    whyNot: `${b.needsMaker} ${roles.length === 0 ? b.noRole : roles.map((role) => words.roles[role]).join(', ')}`,
  };
};

/** The envelopes that were made of a batch, newest first. */
export const useEnvelopesOf = (batchId: BatchId): readonly EnvelopeSummary[] =>
  useQuery(() => client['envelopes.ofBatch']({ batchId }), {
    key: `envelopes of ${batchId}`,
    topics: ['envelopes', 'payments'],
  }).data?.envelopes ?? [];

/** Where the batch is on its way through the roles. */
export const EnvelopeLink = ({ batchId }: { readonly batchId: BatchId }) => {
  const [newest, ...older] = useEnvelopesOf(batchId);
  if (newest === undefined) return null;
  const { state, approvals, digest } = newest;
  const isOver = state === 'rejected' || state === 'expired';
  return (
    <Notice
      tone={isOver ? 'warn' : state === 'settled' ? 'good' : 'info'}
      title={`${b.inEnvelope}: ${words.states[state]}`}
      action={
        <Button
          size="xs"
          variant="default"
          onClick={() => navigate('inbox', { view: 'envelope', id: digest })}
        >
          {b.open}
        </Button>
      }
    >
      {b.approvals(approvals.given, approvals.needed)}
      {older.length === 0 ? null : ` ${b.older(older.length)}`}
    </Notice>
  );
};
