/** A message as UR text: one frame when it fits, else an endless fountain of them (BCR-2020-005, BCR-2024-001). */
import { encodeBytewords } from './bytewords';
import { encodeBytes, encodePart } from './cbor';
import { crc32 } from './crc32';
import { createFragmentChooser, xorInto } from './fragments';

/**
 * Most bytes of the message in one frame. 400 give at most 870 characters: a QR code of version 17 (85 modules) at level L
 * in alphanumeric mode, which a camera of 640 × 480 resolves with five points a module.
 */
export const MAX_FRAGMENT_BYTES = 400;

export type UrEncoder = {
  /** Frames that carry the message once. */
  readonly pure: number;
  /** Frame `index` from 0, upper case. The same index gives the same frame. */
  readonly frame: (index: number) => string;
};

/** Bytes a fragment: the fewest fragments of at most `max` bytes, as equal as can be. */
export const fragmentLength = (messageLen: number, max: number): number =>
  Math.ceil(messageLen / Math.max(1, Math.ceil(messageLen / max)));

export const createUrEncoder = (payload: Uint8Array, maxFragment = MAX_FRAGMENT_BYTES): UrEncoder => {
  const message = encodeBytes(payload);
  const size = fragmentLength(message.length, maxFragment);
  const seqLen = Math.ceil(message.length / size);
  if (seqLen === 1) {
    const only = `ur:bytes/${encodeBytewords(message)}`.toUpperCase();
    return { pure: 1, frame: () => only };
  }
  const checksum = crc32(message);
  const choose = createFragmentChooser(seqLen, checksum);
  return {
    pure: seqLen,
    frame: (index) => {
      const seqNum = index + 1;
      // The last fragment is filled up with zeros.
      const data = new Uint8Array(size);
      for (const each of choose(seqNum)) xorInto(data, message.subarray(each * size, (each + 1) * size));
      const part = encodePart({ seqNum, seqLen, messageLen: message.length, checksum, data });
      return `ur:bytes/${seqNum}-${seqLen}/${encodeBytewords(part)}`.toUpperCase();
    },
  };
};
