/** JSON with bigint, for the bridge between a page and the process that drives it. */
const TAG = '$bigint';

export const encode = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? { [TAG]: String(member) } : member,
  );

export const decode = (text: string): unknown =>
  JSON.parse(text, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && TAG in member && typeof member[TAG] === 'string'
      ? BigInt(member[TAG])
      : member,
  );
