/**
 * JSON for columns that hold nested facts (a probe, a verdict). bigint travels as `{"$int":"123"}`; everything else is
 * plain JSON. For our own tables only: not canonical, not for digests, not for foreign text.
 */
const TAG = '$int';

export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'bigint' ? { [TAG]: member.toString() } : member,
  );

/** Reads what {@link toJson} wrote. The type is the caller's word: parse with the model's schema where it matters. */
export const fromJson = <T = unknown>(text: string): T =>
  JSON.parse(text, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || !(TAG in member)) return member;
    const digits = (member as Record<string, unknown>)[TAG];
    if (typeof digits !== 'string' || Object.keys(member).length !== 1) throw new Error('bad tagged integer');
    return BigInt(digits);
  }) as T;
