/** The open slots in memory: what is followed now. The store is the truth; this is its copy, by network and sender. */
import type { Address, BatchId, NetworkId, PaymentId } from '../../shared/model/ids';
import type { Slot } from './types';

export type Line = { readonly sender: Address; readonly slots: readonly Slot[] };

export type Book = {
  /** Takes slots in; one that is known is replaced. */
  readonly put: (slots: readonly Slot[]) => void;
  readonly get: (paymentId: PaymentId) => Slot | undefined;
  readonly remove: (paymentId: PaymentId) => void;
  readonly networks: () => readonly NetworkId[];
  /** Each sender's open slots in nonce order. */
  readonly lines: (network: NetworkId) => readonly Line[];
  readonly ofBatch: (batchId: BatchId) => readonly Slot[];
  readonly clear: () => void;
};

const byNonce = (a: Slot, b: Slot): number => (a.nonce < b.nonce ? -1 : a.nonce > b.nonce ? 1 : 0);

export const createBook = (): Book => {
  const slots = new Map<PaymentId, Slot>();
  const lines = new Map<NetworkId, Map<Address, PaymentId[]>>();

  const lineOf = (slot: Slot): PaymentId[] => {
    const network = lines.get(slot.networkId) ?? new Map<Address, PaymentId[]>();
    lines.set(slot.networkId, network);
    const line = network.get(slot.sender) ?? [];
    network.set(slot.sender, line);
    return line;
  };
  const slotsIn = (ids: readonly PaymentId[]): Slot[] =>
    ids.flatMap((id) => {
      const slot = slots.get(id);
      return slot ? [slot] : [];
    });

  return {
    put: (added) => {
      const touched = new Set<PaymentId[]>();
      for (const slot of added) {
        if (!slots.has(slot.paymentId)) {
          const line = lineOf(slot);
          line.push(slot.paymentId);
          touched.add(line);
        }
        slots.set(slot.paymentId, slot);
      }
      for (const line of touched)
        line.splice(
          0,
          line.length,
          ...slotsIn(line)
            .sort(byNonce)
            .map(({ paymentId }) => paymentId),
        );
    },
    get: (paymentId) => slots.get(paymentId),
    remove: (paymentId) => {
      const slot = slots.get(paymentId);
      if (!slot) return;
      slots.delete(paymentId);
      const network = lines.get(slot.networkId);
      const line = network?.get(slot.sender);
      const at = line?.indexOf(paymentId) ?? -1;
      if (line && at >= 0) line.splice(at, 1);
      if (line?.length === 0) network?.delete(slot.sender);
      if (network?.size === 0) lines.delete(slot.networkId);
    },
    networks: () => [...lines.keys()],
    lines: (network) =>
      [...(lines.get(network) ?? [])].map(([sender, ids]) => ({ sender, slots: slotsIn(ids) })),
    ofBatch: (batchId) => [...slots.values()].filter((slot) => slot.batchId === batchId),
    clear: () => {
      slots.clear();
      lines.clear();
    },
  };
};
