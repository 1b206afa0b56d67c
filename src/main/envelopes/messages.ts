/** What main and the process that opens envelopes say to each other. */
import type { Act, EnvelopeLine } from '../../shared/model/envelope';
import type { Hash32 } from '../../shared/model/ids';
import type { ChildMethod } from '../platform/child-protocol';
import type { EnvelopeHead } from './ports';

/** Where the bytes are: a file on the disk, or in hand already (from animated QR frames). */
export type OpenSource = { readonly path: string } | { readonly bytes: Uint8Array };

/** What stands in front of the lines. */
export type OpenedHead = {
  readonly digest: Hash32;
  readonly head: EnvelopeHead;
  readonly lineCount: number;
  /** Of the file. */
  readonly sizeBytes: number;
};

export type OpenProgress =
  | ({ readonly kind: 'head' } & OpenedHead)
  | { readonly kind: 'lines'; readonly from: number; readonly lines: readonly EnvelopeLine[] };

export type OpenOutput =
  | { readonly format: 'envelope'; readonly acts: readonly Act[] }
  /** Small files of the people domain, which parses them. */
  | { readonly format: 'policy' | 'person'; readonly bytes: Uint8Array };

export type EnvelopeMethods = {
  open: ChildMethod<OpenSource, OpenOutput, OpenProgress>;
};
