/** An envelope's content against itself: every transaction made again from its line, nonces, totals, names that repeat. */

import { sum, writeAmount } from './amounts.mjs';
import { checksumAddress } from './bytes.mjs';
import { isMoment } from './shape.mjs';
import { transferData } from './transaction.mjs';

const UINT64 = 2n ** 64n;
const networkOf = (tokenId) => tokenId.split('/')[0];
const contractOf = (tokenId) => checksumAddress(tokenId.split('erc20:')[1]);
const isChecksummed = (address) => checksumAddress(address) === address;

/** What is wrong with the numbers of a transaction. */
function* findRangeFaults(tx) {
  if (tx.value !== '0') yield `carries ${tx.value} of the native currency`;
  const chainId = BigInt(tx.chainId);
  if (chainId === 0n || chainId >= UINT64) yield `chain id ${tx.chainId} is out of range`;
  if (BigInt(tx.nonce) >= UINT64 - 1n) yield `nonce ${tx.nonce} is out of range (EIP-2681)`;
  if (BigInt(tx.gas) < 21_000n || BigInt(tx.gas) > 10_000_000n) yield `gas ${tx.gas} is out of range`;
  const fee = BigInt(tx.type === 'legacy' ? tx.gasPrice : tx.maxFeePerGas);
  if (fee >= 2n ** 128n) yield `fee ${fee} is out of range`;
  if (tx.type === 'eip1559' && BigInt(tx.maxPriorityFeePerGas) > fee) yield 'priority fee above the fee';
}

/** What one line says that cannot be. */
function* findLineFaults(line, { kind, tokens, accounts }) {
  const { transaction: tx, creditor, units } = line;
  const token = tokens[line.token];
  const account = accounts[line.account];
  if (!token || !account) {
    yield !token ? `token ${line.token} is not listed` : `account ${line.account} is not listed`;
    return;
  }
  yield* findRangeFaults(tx);
  const chain = networkOf(token.id).slice('eip155:'.length);
  if (tx.chainId !== chain) yield `transaction is for chain ${tx.chainId}, its token is on ${chain}`;
  if (line.endToEndId === '') yield 'no end-to-end id';
  if (!/^[0-9A-HJKMNP-TV-Z]{16}$/.test(line.reference)) yield `reference ${line.reference} has another form`;
  if (!isMoment(`${line.requestedDate}T00:00:00Z`)) yield `date ${line.requestedDate} does not exist`;
  if (line.check !== null && !isMoment(line.check.at)) yield `moment ${line.check.at} does not exist`;
  if (BigInt(units) === 0n || BigInt(units) >= 2n ** 256n) yield `amount ${units} is out of range`;
  for (const address of [creditor.address, tx.to])
    if (!isChecksummed(address)) yield `${address} is not in EIP-55 form`;
  if (creditor.address === account.address) yield 'pays the account that it pays from';

  if (line.action === 'cancel') {
    if (kind !== 'replacement') yield 'cancels outside of a replacement';
    if (tx.to !== account.address) yield `cancels by a transaction to ${tx.to}, not to its own account`;
    if (tx.data !== '0x') yield 'cancels by a transaction that carries data';
    return;
  }
  const contract = contractOf(token.id);
  if (tx.to !== contract) yield `transaction goes to ${tx.to}, the token is ${contract}`;
  if (creditor.address === contract || BigInt(creditor.address) === 0n) yield 'pays to where money is lost';
  const { reference, docHash } = line;
  const wanted = transferData({ to: creditor.address, units, form: token.reference, reference, docHash });
  if (tx.data !== wanted) yield* explainData(tx.data, wanted, line);
}

/** Where calldata is not that of the payment, in the payment's terms. */
function* explainData(data, wanted, { creditor, units, reference }) {
  const at = (from, to) => [data.slice(from, to), wanted.slice(from, to)];
  const [selector, wantedSelector] = at(0, 10);
  if (selector !== wantedSelector) yield `data calls ${selector}, not ${wantedSelector}`;
  const [to, wantedTo] = at(10, 74);
  if (to !== wantedTo) yield `data pays to 0x${to.slice(24)}, the creditor is ${creditor.address}`;
  const [amount, wantedAmount] = at(74, 138);
  if (amount !== wantedAmount)
    yield `data pays ${/^[0-9a-f]{64}$/.test(amount) ? BigInt(`0x${amount}`) : 'nothing'}, the line ${units}`;
  const [tail, wantedTail] = at(138);
  if (tail !== wantedTail)
    yield `data ends in ${tail || 'nothing'}, reference ${reference} would be ${wantedTail || 'nothing'}`;
}

/** What stands in front of the lines. */
function* findHeadFaults({ createdAt, expiresAt, maker, networks, tokens, accounts }) {
  for (const moment of [createdAt, expiresAt, ...[...networks, ...tokens].map(({ block }) => block.time)])
    if (!isMoment(moment)) yield `moment ${moment} does not exist`;
  if (Date.parse(expiresAt) <= Date.parse(createdAt)) yield 'expires before it was made';
  const implementations = tokens.flatMap(({ implementation }) =>
    implementation === null ? [] : [implementation],
  );
  for (const address of [maker.key, ...accounts.map((account) => account.address), ...implementations])
    if (!isChecksummed(address)) yield `${address} is not in EIP-55 form`;
  const twice = (items) => items.find((item, at) => items.indexOf(item) !== at);
  for (const items of [
    networks.map(({ id }) => id),
    tokens.map(({ id }) => id),
    accounts.map(({ address }) => address),
  ])
    if (twice(items) !== undefined) yield `${twice(items)} is listed twice`;
  for (const { id, implementation, implementationCodeHash } of tokens) {
    if (!networks.some((network) => network.id === networkOf(id))) yield `the network of ${id} is not listed`;
    if ((implementation === null) !== (implementationCodeHash === null))
      yield `${id} has half an implementation`;
  }
  for (const { id } of networks)
    if (!tokens.some((token) => networkOf(token.id) === id)) yield `network ${id} has no token here`;
}

/** Nonces that lines take, as ranges by account and network; the way in which a content states them. */
function noncesOf(lines, { tokens, networks, accounts }) {
  const taken = accounts.map(() => new Map(networks.map(({ id }) => [id, []])));
  for (const { account, token, transaction } of lines)
    taken[account].get(networkOf(tokens[token].id))?.push(BigInt(transaction.nonce));
  return taken.map((byNetwork) => {
    const ranges = [];
    for (const [network, nonces] of byNetwork) {
      let next = null;
      for (const nonce of nonces.sort((a, b) => (a < b ? -1 : 1))) {
        if (nonce === next) ranges.at(-1).count += 1;
        else ranges.push({ network, first: String(nonce), count: 1 });
        next = nonce + 1n;
      }
    }
    return ranges;
  });
}

export function totalsOf(lines, tokens) {
  const sums = new Map();
  for (const line of lines) {
    if (line.action !== 'pay') continue;
    const { currency, decimals } = tokens[line.token];
    const before = sums.get(currency) ?? { count: 0, total: { units: 0n, decimals: 0 } };
    sums.set(currency, {
      count: before.count + 1,
      total: sum(before.total, { units: line.units, decimals }),
    });
  }
  return [...sums]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, { count, total }]) => ({
      currency,
      count,
      units: String(total.units),
      decimals: total.decimals,
    }));
}

const describeTotals = (totals) =>
  totals.map((total) => `${total.currency} ${writeAmount(total)} in ${total.count}`).join(', ') || 'none';
const describeRanges = (ranges) =>
  ranges.map(({ network, first, count }) => `${network} ${first}+${count}`).join(', ') || 'none';

/** Says of every line, by its index, what differs. */
export function checkContent(content, report) {
  const { lines, tokens, accounts } = content;
  const before = report.count();
  for (const fault of findHeadFaults(content)) report.differ('content', fault);

  const seen = { payment: new Map(), reference: new Map(), 'end-to-end id': new Map(), nonce: new Map() };
  const isNew = (what, value, at) => {
    const earlier = seen[what].get(value);
    if (earlier !== undefined) report.differ(`line ${at}`, `the ${what} ${value} is that of line ${earlier}`);
    seen[what].set(value, at);
  };
  const next = new Map();
  let isComplete = true;
  lines.forEach((line, at) => {
    for (const fault of findLineFaults(line, content)) report.differ(`line ${at}`, fault);
    isNew('payment', line.paymentId, at);
    isNew('reference', line.reference, at);
    if (content.kind === 'batch') isNew('end-to-end id', line.endToEndId, at);
    if (!tokens[line.token] || !accounts[line.account]) {
      isComplete = false;
      return;
    }
    const slot = `${accounts[line.account].address} ${networkOf(tokens[line.token].id)}`;
    const nonce = BigInt(line.transaction.nonce);
    isNew('nonce', `${slot} ${nonce}`, at);
    if (content.kind === 'batch' && next.has(slot) && next.get(slot) !== nonce)
      report.differ(`line ${at}`, `nonce ${nonce} where ${next.get(slot)} would be next`);
    next.set(slot, nonce + 1n);
  });
  if (report.count() === before)
    report.agree('lines', `${lines.length} transactions do what their lines say`);
  if (!isComplete) return;

  tokens.forEach((token, at) => {
    if (!lines.some((line) => line.token === at)) report.differ('content', `token ${token.id} is not used`);
  });
  const stated = JSON.stringify(
    content.totals.map(({ currency, count, units, decimals }) => ({ currency, count, units, decimals })),
  );
  const totals = totalsOf(lines, tokens);
  if (stated === JSON.stringify(totals)) report.agree('totals', describeTotals(totals));
  else
    report.differ(
      'totals',
      `stated ${describeTotals(content.totals)}; of the lines ${describeTotals(totals)}`,
    );
  noncesOf(lines, content).forEach((ranges, at) => {
    const [own, plan] = [describeRanges(ranges), describeRanges(accounts[at].nonces)];
    if (own !== plan)
      report.differ(`account ${accounts[at].address}`, `plans nonces ${plan}; its lines take ${own}`);
  });
}
