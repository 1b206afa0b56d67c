/**
 * UR text back to one message.
 *
 * Hides: how parts that are sums of fragments are solved. Each frame is an equation over GF(2); what is new in it is kept
 * as one row of an echelon form, so any `seqLen` independent frames suffice and nothing more is ever stored.
 *
 * SECURITY: frames come from whatever a camera sees. Memory is bounded by the limits below, whatever arrives; the first
 * readable frame decides which message is read; frames of another one never mix with it; a message leaves only when its
 * CRC-32 is right (against noise; who sent it is for the envelope's own signatures to say).
 */
import { decodeBytewords } from './bytewords';
import { decodeBytes, decodePart, type Part } from './cbor';
import { crc32 } from './crc32';
import { createFragmentChooser, type FragmentChooser, xorInto } from './fragments';

/** Of the message, that is of compressed bytes: 512 KiB and its length. */
export const MAX_MESSAGE_BYTES = 512 * 1024 + 5;
/** Fragments of one message. With fewer bytes a fragment than {@link MAX_MESSAGE_BYTES} needs, less fits. */
export const MAX_PARTS = 2_048;
/** Two characters a byte of at most 3,000. */
const MAX_PART_BYTES = 1_500;
/** Rows that are solved before others get their turn. */
const ROWS_AT_ONCE = 32;

export type ReadState = 'collecting' | 'repeated' | 'foreign' | 'unreadable' | 'complete';
export type ReadResult = {
  readonly state: ReadState;
  /** Independent frames so far, and how many are needed; 0 before the first readable one. */
  readonly received: number;
  readonly expected: number;
  /** The byte string that the UR carries, once, with `complete`. */
  readonly payload: Uint8Array | null;
};

export type UrDecoder = {
  /** Takes one frame. Never throws for what it reads. */
  readonly receive: (text: string) => Promise<ReadResult>;
  /** Forgets everything; the next frame may be of any message. */
  readonly reset: () => void;
};

type Row = { readonly bits: Uint32Array; readonly data: Uint8Array };

/** A part of exactly the form that an encoder makes, or `null`. */
const readPart = (path: string, body: string): Part | null => {
  const named = /^([1-9][0-9]{0,9})-([1-9][0-9]{0,9})$/.exec(path);
  const bytes = named && decodeBytewords(body);
  const part = bytes && decodePart(bytes);
  if (!part || Number(named[1]) !== part.seqNum || Number(named[2]) !== part.seqLen) return null;
  const { seqLen, messageLen, data } = part;
  if (seqLen > MAX_PARTS || messageLen < 1 || messageLen > MAX_MESSAGE_BYTES) return null;
  if (data.length < 1 || data.length > MAX_PART_BYTES) return null;
  return Math.ceil(messageLen / data.length) === seqLen ? part : null;
};

const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const lowestBit = (bits: Uint32Array): number => {
  for (const [word, value] of bits.entries())
    if (value !== 0) return 32 * word + (31 - Math.clz32(value & -value));
  return -1;
};
const hasBit = (bits: Uint32Array, at: number): boolean =>
  (((bits[at >>> 5] as number) >>> (at & 31)) & 1) === 1;
const addRow = (target: Row, source: Row): void => {
  for (let word = 0; word < source.bits.length; word += 1)
    target.bits[word] = (target.bits[word] as number) ^ (source.bits[word] as number);
  xorInto(target.data, source.data);
};

/** The frames of one message. */
const createCollection = (first: Part) => {
  const { seqLen, messageLen, checksum } = first;
  const size = first.data.length;
  const choose: FragmentChooser = createFragmentChooser(seqLen, checksum);
  /** By lowest fragment: no two rows share it. */
  const rows = new Map<number, Row>();
  return {
    expected: seqLen,
    received: () => rows.size,
    isOf: (part: Part): boolean =>
      part.seqLen === seqLen &&
      part.messageLen === messageLen &&
      part.checksum === checksum &&
      part.data.length === size,
    /** `contradiction`: says something else than what was read before, so one of both is wrong. */
    add: (part: Part): 'new' | 'known' | 'contradiction' => {
      const row: Row = { bits: new Uint32Array(Math.ceil(seqLen / 32)), data: Uint8Array.from(part.data) };
      for (const index of choose(part.seqNum))
        row.bits[index >>> 5] = (row.bits[index >>> 5] as number) | (1 << (index & 31));
      for (;;) {
        const lowest = lowestBit(row.bits);
        if (lowest < 0) return row.data.every((byte) => byte === 0) ? 'known' : 'contradiction';
        const other = rows.get(lowest);
        if (!other) {
          rows.set(lowest, row);
          return 'new';
        }
        addRow(row, other);
      }
    },
    /** With all rows there: the message, `null` when its checksum is wrong. */
    solve: async (): Promise<Uint8Array | null> => {
      const message = new Uint8Array(seqLen * size);
      for (let at = seqLen - 1; at >= 0; at -= 1) {
        if (at % ROWS_AT_ONCE === 0) await pause();
        const row = rows.get(at) as Row;
        // Every later fragment is known already.
        for (let later = at + 1; later < seqLen; later += 1)
          if (hasBit(row.bits, later)) xorInto(row.data, message.subarray(later * size, (later + 1) * size));
        message.set(row.data, at * size);
      }
      const whole = message.subarray(0, messageLen);
      return message.subarray(messageLen).every((byte) => byte === 0) && crc32(whole) === checksum
        ? whole
        : null;
    },
  };
};

export const createUrDecoder = (): UrDecoder => {
  let collection: ReturnType<typeof createCollection> | null = null;
  /** Text of a message of one frame that was read. */
  let single: string | null = null;
  let isSolving = false;

  const reset = (): void => {
    collection = null;
    single = null;
    isSolving = false;
  };
  const result = (state: ReadState, payload: Uint8Array | null = null): ReadResult => ({
    state,
    received: single === null ? (collection?.received() ?? 0) : 1,
    expected: single === null ? (collection?.expected ?? 0) : 1,
    payload,
  });

  const receiveSingle = (body: string): ReadResult => {
    const bytes = body.length <= 2 * MAX_PART_BYTES ? decodeBytewords(body) : null;
    const payload = bytes && decodeBytes(bytes);
    if (!payload) return result('unreadable');
    if (single !== null) return result(single === body ? 'repeated' : 'foreign');
    if (collection) return result('foreign');
    single = body;
    return result('complete', Uint8Array.from(payload));
  };

  const receivePart = async (part: Part): Promise<ReadResult> => {
    if (single !== null) return result('foreign');
    const own = collection ?? createCollection(part);
    if (!own.isOf(part)) return result('foreign');
    collection = own;
    if (isSolving) return result('repeated');
    const added = own.add(part);
    if (added === 'contradiction') {
      // Which of both frames is wrong nobody can tell: what was read is worth nothing.
      reset();
      return result('unreadable');
    }
    if (own.received() < own.expected) return result(added === 'new' ? 'collecting' : 'repeated');
    isSolving = true;
    const message = await own.solve();
    if (collection !== own) return result('repeated');
    const payload = message && decodeBytes(message);
    if (!payload) {
      reset();
      return result('unreadable');
    }
    return result('complete', payload);
  };

  return {
    receive: async (text) => {
      const read = /^ur:bytes\/(?:([0-9-]{3,21})\/)?([a-z]+)$/.exec(text.toLowerCase());
      const body = read?.[2];
      if (!read || body === undefined)
        return result(/^ur:(?!bytes\/)[a-z0-9-]+\//i.test(text) ? 'foreign' : 'unreadable');
      if (read[1] === undefined) return receiveSingle(body);
      const part = readPart(read[1], body);
      return part ? receivePart(part) : result('unreadable');
    },
    reset,
  };
};
