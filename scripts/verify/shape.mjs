/** The forms of the three files (docs/envelope.md, docs/policy.md, docs/journal.md): members, no others, and what each may be. */

/** A check takes a value and its path, and says what is wrong or nothing. */
const pattern = (regex, name) => (value, path) =>
  typeof value === 'string' && regex.test(value) ? [] : [`${path} is no ${name}`];
/** Unicode code points, not UTF-16 units: what docs/envelope.md calls characters. A point is one or two units. */
const isLength = (value, min, max) => {
  if (typeof value !== 'string' || value.length > 2 * max) return false;
  const length = [...value].length;
  return length >= min && length <= max;
};
const text =
  (max, min = 0) =>
  (value, path) =>
    isLength(value, min, max) ? [] : [`${path} is no text of ${min} to ${max} characters`];
const integer = (min, max) => (value, path) =>
  Number.isSafeInteger(value) && value >= min && value <= max
    ? []
    : [`${path} is no integer from ${min} to ${max}`];
const boolean = (value, path) => (typeof value === 'boolean' ? [] : [`${path} is neither true nor false`]);
const exactly = (wanted) => (value, path) =>
  value === wanted ? [] : [`${path} is not ${JSON.stringify(wanted)}`];
const oneOf =
  (...wanted) =>
  (value, path) =>
    wanted.includes(value) ? [] : [`${path} is none of ${wanted.join(', ')}`];
const nullable = (check) => (value, path) => (value === null ? [] : check(value, path));
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

const list =
  (check, max, min = 0) =>
  (value, path) => {
    if (!Array.isArray(value) || value.length < min || value.length > max)
      return [`${path} is no list of ${min} to ${max}`];
    return value.flatMap((item, index) => check(item, `${path}[${index}]`));
  };
const object = (members) => {
  const names = Object.keys(members);
  return (value, path) => {
    if (!isObject(value)) return [`${path} is no object`];
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(members, name));
    return [
      ...unknown.map((name) => `${path} has a member ${JSON.stringify(name)} that is not known`),
      ...names.flatMap((name) =>
        Object.hasOwn(value, name)
          ? members[name](value[name], `${path}.${name}`)
          : [`${path} has no member ${name}`],
      ),
    ];
  };
};
/** Objects whose member `by` says which of `forms` they are. */
const variant = (by, forms) => (value, path) => {
  if (!isObject(value) || !Object.hasOwn(forms, value[by])) return [`${path}.${by} is not known`];
  return forms[value[by]](value, path);
};

const hash32 = pattern(/^0x[0-9a-f]{64}$/, '32 bytes in lower-case hex');
const address = pattern(/^0x[0-9a-fA-F]{40}$/, 'address');
const decimal = pattern(/^(?:0|[1-9][0-9]{0,77})$/, 'integer of up to 78 digits');
const instant = pattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z$/, 'moment in UTC');
const currency = pattern(/^[A-Z]{3}$/, 'currency code');
const networkId = pattern(/^eip155:[1-9][0-9]{0,17}$/, 'network id');
const tokenId = pattern(/^eip155:[1-9][0-9]{0,17}\/erc20:0x[0-9a-f]{40}$/, 'token id');
const signature = pattern(/^0x[0-9a-f]{128}0[01]$/, 'signature');
const index = integer(0, 99_999);
const name = (value, path) =>
  isLength(value, 1, 80) &&
  value.normalize('NFC') === value &&
  value.trim() === value &&
  !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\p{Default_Ignorable_Code_Point}\u2800]/u.test(value)
    ? []
    : [`${path} is no name`];
const person = object({ name, key: address });
const company = object({ id: hash32, name });
const block = object({ number: decimal, hash: hash32, time: instant });

const call = { chainId: decimal, nonce: decimal, to: address, value: decimal, gas: decimal };
const data = pattern(/^0x(?:[0-9a-f]{2})*$/, 'bytes in lower-case hex');
const transaction = variant('type', {
  eip1559: object({
    type: exactly('eip1559'),
    ...call,
    data,
    maxFeePerGas: decimal,
    maxPriorityFeePerGas: decimal,
  }),
  legacy: object({ type: exactly('legacy'), ...call, data, gasPrice: decimal }),
});

const line = object({
  paymentId: pattern(/^pay_[0-9a-z]{10,32}$/, 'payment id'),
  action: oneOf('pay', 'cancel'),
  endToEndId: text(35),
  instructionId: nullable(text(35)),
  uetr: nullable(text(36)),
  reference: text(16, 16),
  requestedDate: pattern(/^\d{4}-\d{2}-\d{2}$/, 'date'),
  account: index,
  token: index,
  units: decimal,
  creditor: object({
    name: text(140),
    lei: nullable(text(20)),
    country: nullable(text(2)),
    account: text(140),
    address,
  }),
  purposeCode: nullable(text(35)),
  remittance: nullable(text(600)),
  docHash: hash32,
  check: nullable(
    object({
      state: oneOf('ok', 'unknown'),
      at: instant,
      block: nullable(decimal),
      unanswered: list(text(40), 30),
    }),
  ),
  transaction,
});

const act = (kind, body) =>
  object({
    kind: exactly(kind),
    by: person,
    at: instant,
    body,
    journal: object({ count: integer(0, Number.MAX_SAFE_INTEGER), head: hash32 }),
    signature,
  });

export const envelopeShape = object({
  format: exactly('nostro-envelope'),
  version: exactly(1),
  digest: hash32,
  content: object({
    kind: oneOf('batch', 'replacement'),
    company,
    policy: object({ number: integer(1, Number.MAX_SAFE_INTEGER), digest: hash32 }),
    maker: person,
    createdAt: instant,
    expiresAt: instant,
    source: object({
      kind: oneOf('pain.001', 'csv', 'form'),
      format: text(40),
      fileName: nullable(text(255)),
      sha256: nullable(pattern(/^[0-9a-f]{64}$/, 'SHA-256')),
      sizeBytes: nullable(integer(0, Number.MAX_SAFE_INTEGER)),
      messageId: nullable(text(35)),
    }),
    releasedHolds: list(text(300), 1000),
    networks: list(
      object({
        id: networkId,
        name: text(80),
        nativeSymbol: text(12),
        nativeDecimals: integer(0, 36),
        block,
      }),
      100,
      1,
    ),
    tokens: list(
      object({
        id: tokenId,
        name: text(200),
        symbol: text(60),
        currency,
        decimals: integer(0, 36),
        issuer: object({ name: text(140), bic: nullable(text(11)), lei: nullable(text(20)) }),
        codeHash: hash32,
        implementation: nullable(address),
        implementationCodeHash: nullable(hash32),
        reference: oneOf('memo', 'suffix', 'none'),
        block,
      }),
      1000,
      1,
    ),
    accounts: list(
      object({
        name: text(80),
        entity: object({ name: text(140), lei: nullable(text(20)) }),
        address,
        nonces: list(
          object({ network: networkId, first: decimal, count: integer(1, Number.MAX_SAFE_INTEGER) }),
          100,
          1,
        ),
      }),
      1000,
      1,
    ),
    totals: list(
      object({
        currency,
        count: integer(1, Number.MAX_SAFE_INTEGER),
        units: decimal,
        decimals: integer(0, 36),
      }),
      200,
    ),
    lines: list(line, 100_000, 1),
  }),
  acts: list(
    variant('kind', {
      create: act('create', exactly(null)),
      approve: act('approve', object({ voice: boolean, expiresAt: instant })),
      reject: act('reject', object({ reason: text(300, 1) })),
      sign: act(
        'sign',
        object({ voice: boolean, signatures: list(object({ line: index, signature }), 100_000, 1) }),
      ),
      send: act(
        'send',
        object({
          lines: list(
            object({
              line: index,
              status: oneOf('RCVD', 'ACTC', 'PDNG', 'ACCP', 'ACSP', 'ACSC', 'RJCT'),
              stage: oneOf(
                ...['signed', 'sent', 'included', 'final', 'requested'],
                ...['reverted', 'dropped', 'replaced', 'stuck', 'foreign'],
              ),
              transaction: hash32,
              block: nullable(decimal),
            }),
            100_000,
            1,
          ),
        }),
      ),
    }),
    1000,
    1,
  ),
});

export const policyShape = object({
  format: exactly('nostro-policy'),
  version: exactly(1),
  digest: hash32,
  content: object({
    company,
    number: integer(1, 1_000_000),
    previous: nullable(hash32),
    createdAt: instant,
    people: list(
      object({ name, key: address, roles: list(oneOf('maker', 'approver', 'signer', 'auditor'), 4, 1) }),
      200,
      1,
    ),
    defaultApprovals: integer(1, 10),
    table: list(
      object({
        currency,
        above: pattern(/^(?:0|[1-9][0-9]{0,29})(?:\.[0-9]{1,18})?$/, 'amount'),
        approvals: integer(1, 10),
      }),
      500,
    ),
    changeApprovals: integer(1, 10),
  }),
  approvals: list(object({ by: person, at: instant, signature }), 200),
});

export const journalHeaderShape = object({
  format: exactly('nostro-journal'),
  version: exactly(1),
  count: integer(0, Number.MAX_SAFE_INTEGER),
  head: hash32,
});

const fact = (value, path) =>
  value === null || typeof value === 'boolean' || Number.isSafeInteger(value) || isLength(value, 0, 300)
    ? []
    : [`${path} is no fact`];
const facts = (value, path) =>
  isObject(value)
    ? Object.entries(value).flatMap(([key, member]) => fact(member, `${path}.${key}`))
    : [`${path} is no object`];
export const journalEntryShape = object({
  seq: integer(1, Number.MAX_SAFE_INTEGER),
  at: instant,
  who: nullable(person),
  source: oneOf('main', 'approval', 'app'),
  event: text(80, 1),
  digest: nullable(hash32),
  verdict: text(80, 1),
  facts,
  hash: hash32,
});

/** Whether such a moment exists: the 30th of February has the form of one. */
export function isMoment(instantText) {
  const ms = Date.parse(instantText);
  const full = instantText.includes('.') ? instantText : instantText.replace('Z', '.000Z');
  return !Number.isNaN(ms) && new Date(ms).toISOString() === full;
}
