import { approval } from '../../../assets/locales/en/approval';
import { escapeOutside } from './escape';
import { groupHex } from './format';

/** Text that came from a file, a token or a person: as text, with hidden characters shown. */
export const Outside = ({ text }: { readonly text: string }) => (
  <bdi className="outside">
    {escapeOutside(text).map((segment, index) =>
      segment.isEscaped ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a segment
        <span key={index} className="escaped" title={approval.escaped}>
          {segment.text}
        </span>
      ) : (
        // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a segment
        <span key={index}>{segment.text}</span>
      ),
    )}
  </bdi>
);

/** All digits of an address or a digest, in groups of four. */
export const Groups = ({ hex, hasPrefix = true }: { readonly hex: string; readonly hasPrefix?: boolean }) => (
  <span className="groups" role="img" aria-label={hex}>
    {hasPrefix ? <span className="prefix">0x</span> : null}
    {groupHex(hex).map((group, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the position is the identity of a group
      <span key={index}>{group}</span>
    ))}
  </span>
);
