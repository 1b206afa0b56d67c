/**
 * This window's own reading of a transfer's bytes, apart from what main says about them: method, receiver, amount.
 *
 * Forms: `transfer(address,uint256)` (ERC-20) and `transferWithMemo(address,uint256,bytes32)` (TIP-20, B20).
 */
export type CallReading = { readonly method: string; readonly to: string; readonly units: bigint };

const METHODS: Readonly<Record<string, string>> = {
  '0xa9059cbb': 'transfer(address,uint256)',
  '0x95777d59': 'transferWithMemo(address,uint256,bytes32)',
};

export const readCall = (data: string): CallReading | null => {
  const method = METHODS[data.slice(0, 10)];
  if (method === undefined || !/^0x[0-9a-f]{136,}$/.test(data) || !/^0{24}/.test(data.slice(10))) return null;
  return { method, to: `0x${data.slice(34, 74)}`, units: BigInt(`0x${data.slice(74, 138)}`) };
};

/** Does the call say what the line says? A cancellation carries no call. */
export const agrees = (line: {
  readonly action: 'pay' | 'cancel';
  readonly data: string;
  readonly creditorAddress: string;
  readonly units: bigint;
}): boolean => {
  if (line.action === 'cancel') return line.data === '0x';
  const call = readCall(line.data);
  return call !== null && call.to === line.creditorAddress.toLowerCase() && call.units === line.units;
};
