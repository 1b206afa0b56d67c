/**
 * What a node may answer, as exact types. Nodes add members of their own, so objects are read loosely and cut to what is
 * named here. Hex comes out in lower case, quantities as bigint. Source: the execution-apis specification.
 */
import { z } from 'zod';
import type { Address, Hash32, Hex } from '../../shared/model/ids';

const HEX = /^0x(?:[0-9a-fA-F]{2})*$/;

/** Up to 256 bits; leading zeros are tolerated because several clients send them. */
export const Quantity = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((text) => BigInt(text));
const SmallQuantity = Quantity.refine((value) => value <= 0xffffffffn).transform(Number);
export const HexData = z
  .string()
  .regex(HEX)
  .transform((text) => text.toLowerCase() as Hex);
export const HashData = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform((text) => text.toLowerCase() as Hash32);
/** Lower case; EIP-55 form is made where an address is kept or shown. */
export const AddressData = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/)
  .transform((text) => text.toLowerCase() as Address);
/** A storage word: some nodes leave out leading zeros. */
export const WordData = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,64}$/)
  .transform((text) => `0x${text.slice(2).toLowerCase().padStart(64, '0')}` as Hash32);

const absent = <T extends z.ZodType>(schema: T) =>
  schema.nullish().transform((value) => (value === undefined ? null : value) as z.output<T> | null);

export const Block = z.object({
  number: Quantity,
  hash: HashData,
  parentHash: HashData,
  timestamp: Quantity,
  stateRoot: HashData,
  receiptsRoot: HashData,
  logsBloom: HexData,
  gasLimit: Quantity,
  gasUsed: Quantity,
  /** `null` before EIP-1559 and on networks without it. */
  baseFeePerGas: absent(Quantity),
  transactions: z.array(HashData),
});
export type Block = z.output<typeof Block>;

export const Log = z.object({
  address: AddressData,
  topics: z.array(HashData).max(4),
  data: HexData,
  blockNumber: Quantity,
  blockHash: HashData,
  transactionHash: HashData,
  transactionIndex: SmallQuantity,
  logIndex: SmallQuantity,
  /** A log of a block that is no longer part of the chain is never an answer to a query. */
  removed: z.literal(false).optional(),
});
export type Log = z.output<typeof Log>;

export const Receipt = z.object({
  transactionHash: HashData,
  transactionIndex: SmallQuantity,
  blockNumber: Quantity,
  blockHash: HashData,
  from: AddressData,
  to: absent(AddressData),
  contractAddress: absent(AddressData),
  status: Quantity.refine((value) => value === 0n || value === 1n).transform((value) => value === 1n),
  gasUsed: Quantity,
  cumulativeGasUsed: Quantity,
  effectiveGasPrice: absent(Quantity),
  /** OP-stack networks: what the settlement layer costs, on top of gas. */
  l1Fee: absent(Quantity),
  logs: z.array(Log),
});
export type Receipt = z.output<typeof Receipt>;

export const Transaction = z.object({
  hash: HashData,
  from: AddressData,
  to: absent(AddressData),
  nonce: Quantity,
  value: Quantity,
  input: HexData,
  gas: Quantity,
  gasPrice: absent(Quantity),
  maxFeePerGas: absent(Quantity),
  maxPriorityFeePerGas: absent(Quantity),
  /** `null` while it waits. */
  blockNumber: absent(Quantity),
  blockHash: absent(HashData),
  transactionIndex: absent(SmallQuantity),
});
export type Transaction = z.output<typeof Transaction>;

export const FeeHistory = z.object({
  oldestBlock: Quantity,
  /** One more than blocks asked for: the last is the next block's. Empty without EIP-1559. */
  baseFeePerGas: z
    .array(Quantity)
    .nullish()
    .transform((value) => value ?? []),
  /** Per block, per percentile asked for: effective priority fee. */
  reward: z
    .array(z.array(Quantity))
    .nullish()
    .transform((value) => value ?? []),
});
export type FeeHistory = z.output<typeof FeeHistory>;

export const AccountProof = z.object({
  address: AddressData,
  balance: Quantity,
  nonce: Quantity,
  codeHash: HashData,
  storageHash: HashData,
  accountProof: z.array(HexData).max(128),
  storageProof: z
    .array(z.object({ key: WordData, value: Quantity, proof: z.array(HexData).max(128) }))
    .max(1024),
});
export type AccountProof = z.output<typeof AccountProof>;

const RpcErrorBody = z.object({
  code: z.number(),
  message: z.string().catch(''),
  data: z.unknown().optional(),
});
/** One answer of JSON-RPC 2.0. */
export const RpcAnswer = z.union([
  z.object({ id: z.union([z.number(), z.string(), z.null()]), error: RpcErrorBody }),
  z
    .object({ id: z.number(), result: z.unknown() })
    .refine((answer) => 'result' in answer && answer.result !== undefined),
]);
export type RpcAnswer = z.output<typeof RpcAnswer>;
export type RpcErrorBody = z.output<typeof RpcErrorBody>;
