/**
 * Bytewords, minimal style (BCR-2020-012): two letters a byte, with a CRC-32 of the bytes at the end.
 * Source of the word list: BCR-2020-012, "Word List"; byte 0x00 first.
 */
import { crc32 } from './crc32';

const WORDS =
  'able acid also apex aqua arch atom aunt away axis back bald barn belt beta bias blue body brag brew bulb buzz calm cash ' +
  'cats chef city claw code cola cook cost crux curl cusp cyan dark data days deli dice diet door down draw drop drum dull ' +
  'duty each easy echo edge epic even exam exit eyes fact fair fern figs film fish fizz flap flew flux foxy free frog fuel ' +
  'fund gala game gear gems gift girl glow good gray grim guru gush gyro half hang hard hawk heat help high hill holy hope ' +
  'horn huts iced idea idle inch inky into iris iron item jade jazz join jolt jowl judo jugs jump junk jury keep keno kept ' +
  'keys kick kiln king kite kiwi knob lamb lava lazy leaf legs liar limp lion list logo loud love luau luck lung main many ' +
  'math maze memo menu meow mild mint miss monk nail navy need news next noon note numb obey oboe omit onyx open oval owls ' +
  'paid part peck play plus poem pool pose puff puma purr quad quiz race ramp real redo rich road rock roof ruby ruin runs ' +
  'rust safe saga scar sets silk skew slot soap solo song stub surf swan taco task taxi tent tied time tiny toil tomb toys ' +
  'trip tuna twin ugly undo unit urge user vast very veto vial vibe view visa void vows wall wand warm wasp wave waxy webs ' +
  'what when whiz wolf work yank yawn yell yoga yurt zaps zero zest zinc zone zoom';

const PAIRS: readonly string[] = WORDS.split(' ').map((word) => `${word[0]}${word[3]}`);
const BYTE_OF: ReadonlyMap<string, number> = new Map(PAIRS.map((pair, byte) => [pair, byte]));

const CHECKSUM_BYTES = 4;

/** Lower case. */
export const encodeBytewords = (bytes: Uint8Array): string => {
  const checksum = new Uint8Array(CHECKSUM_BYTES);
  new DataView(checksum.buffer).setUint32(0, crc32(bytes));
  let text = '';
  for (const part of [bytes, checksum]) for (const byte of part) text += PAIRS[byte];
  return text;
};

/** Of lower-case text; `null` when it is not whole words with the right checksum. */
export const decodeBytewords = (text: string): Uint8Array | null => {
  if (text.length % 2 !== 0 || text.length / 2 <= CHECKSUM_BYTES) return null;
  const all = new Uint8Array(text.length / 2);
  for (let at = 0; at < all.length; at += 1) {
    const byte = BYTE_OF.get(text.slice(2 * at, 2 * at + 2));
    if (byte === undefined) return null;
    all[at] = byte;
  }
  const bytes = all.subarray(0, all.length - CHECKSUM_BYTES);
  const stated = new DataView(all.buffer).getUint32(bytes.length);
  return crc32(bytes) === stated ? bytes : null;
};
