/**
 * Envelopes and their exchange, made of the contract alone. File ids choose the story of an import: `…merged`, `…nothing`,
 * `…policy`, `…card`; any other is a new envelope. QR texts: `UR:NOSTRO/n-20/…` belong together, `UR:OTHER/…` do not.
 */
import { encodeQR } from 'qr';
import type { AppEvent, Intake, MainHandlers } from '../../../src/shared/contract';
import { AppError } from '../../../src/shared/errors';
import * as data from './data';
import { detailAt, digestAt, linesAt, PLACES, personOf, summaryAt, type Who } from './envelope-data';
import { me } from './people-data';

export type EnvelopeScenario = {
  /** Who sits in front of this machine. */
  readonly role?: Who;
  readonly envelopes?: 'none';
  /** What the camera does: shows codes one after another, is not there, or is not allowed. */
  readonly camera?: 'codes' | 'foreign' | 'missing' | 'denied' | 'dark';
  /** Files that were opened with the app. */
  readonly opened?: number;
  /** All of the message stands in one code. */
  readonly isOneCode?: boolean;
};

type Methods =
  | Extract<keyof MainHandlers, `envelopes.${string}` | `exchange.${string}`>
  | 'workspace.openedFiles';

const PURE = 20;
const BODY = 'LPADBBCSIDCYMDSKPSMNHDIMAOLEGHBAHSZMRYSKFPKNWEIHGWBZJKJYJOJT';

export const frameAt = (index: number): string =>
  `UR:NOSTRO-ENVELOPE/${index + 1}-${PURE}/${BODY.repeat(13).slice(index % 40)}`;

/** A camera's stream that is a canvas with codes on it. */
const installCamera = (kind: NonNullable<EnvelopeScenario['camera']>): void => {
  const getUserMedia = async (): Promise<MediaStream> => {
    if (kind === 'missing') throw new DOMException('none', 'NotFoundError');
    if (kind === 'denied') throw new DOMException('no', 'NotAllowedError');
    const canvas = document.createElement('canvas');
    canvas.width = 1280;
    canvas.height = 720;
    const context = canvas.getContext('2d') as CanvasRenderingContext2D;
    let index = 0;
    const draw = (): void => {
      context.fillStyle = '#b9b4aa';
      context.fillRect(0, 0, 1280, 720);
      if (kind === 'dark') return;
      const text = kind === 'foreign' && index > 6 ? `UR:OTHER/${index}-9/${BODY}` : frameAt(index);
      const modules = encodeQR(text, 'raw', { ecc: 'low', border: 4 });
      const scale = Math.floor(660 / modules.length);
      context.fillStyle = '#fff';
      context.fillRect(310, 30, modules.length * scale, modules.length * scale);
      context.fillStyle = '#000';
      modules.forEach((row, y) => {
        row.forEach((isDark, x) => {
          if (isDark) context.fillRect(310 + x * scale, 30 + y * scale, scale, scale);
        });
      });
      index += 1;
    };
    draw();
    setInterval(draw, 180);
    return canvas.captureStream(20);
  };
  Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia }, configurable: true });
};

export const envelopeHandlers = (
  scenario: EnvelopeScenario,
  emit: (event: AppEvent) => void,
): Pick<MainHandlers, Methods> => {
  const who = scenario.role ?? 'maker';
  const places = scenario.envelopes === 'none' ? [] : PLACES;
  const placeOf = (digest: string): number => {
    const place = PLACES.find((each) => digestAt(each) === digest);
    if (place === undefined) throw new AppError('envelope/unknown');
    return place;
  };
  let opened = Array.from({ length: scenario.opened ?? 0 }, (_, index) => ({
    fileId: `fil_0000000opn${index}` as never,
    name: `payrun-2026-11-2${index}.nostro`,
  }));
  const checked = new Set<number>();
  const seen = new Set<string>();
  if (scenario.camera !== undefined) installCamera(scenario.camera);
  const detailOf = (digest: string) => {
    const place = placeOf(digest);
    const detail = detailAt(place, who);
    return checked.has(place) && detail.findings === null
      ? { ...detail, findings: detailAt(0, who).findings, checkedAt: data.instant(0) }
      : detail;
  };
  const listed = () => places.map((place) => summaryAt(place, who));
  return {
    'envelopes.list': async ({ filter, search, offset, limit }) => {
      const all = listed();
      const over = new Set(['settled', 'rejected', 'expired', 'withdrawn']);
      const rows = all
        .filter((each) =>
          filter === 'all' ? true : filter === 'open' ? !over.has(each.state) : each.waitsForMe,
        )
        .filter((each) =>
          `${each.source.messageId} ${each.source.fileName} ${each.maker.name} ${each.digest}`
            .toLowerCase()
            .includes(search.toLowerCase()),
        );
      return {
        total: rows.length,
        waiting: all.filter(({ waitsForMe }) => waitsForMe).length,
        envelopes: rows.slice(offset, offset + limit),
      };
    },
    'envelopes.get': async ({ digest }) => detailOf(digest),
    'envelopes.ofBatch': async ({ batchId }) => ({
      envelopes: listed().filter((each) => each.batchId === batchId && each.state === 'sent'),
    }),
    'envelopes.lines': async ({ digest, search, offset, limit }) => {
      const lines = linesAt(placeOf(digest), who).filter((line) =>
        `${line.creditorName} ${line.creditorAccount} ${line.endToEndId}`
          .toLowerCase()
          .includes(search.toLowerCase()),
      );
      return { total: lines.length, lines: lines.slice(offset, offset + limit) };
    },
    'envelopes.create': async () => ({ digest: digestAt(0) }),
    'envelopes.withdraw': async () => ({}),
    'envelopes.exportFile': async () => ({ saved: 'PAYRUN-2026-11-19.nostro' }),
    'envelopes.importFile': async ({ fileId }): Promise<Intake> => {
      opened = opened.filter((file) => file.fileId !== fileId);
      if (fileId.includes('policy')) return { format: 'policy', outcome: 'new', digest: data.hash(5004) };
      if (fileId.includes('card')) return { format: 'person', name: 'Henrike Vogel', key: me.key };
      const outcome = fileId.includes('merged') ? 'merged' : fileId.includes('nothing') ? 'unchanged' : 'new';
      return { format: 'envelope', outcome, digest: digestAt(0) };
    },
    'envelopes.check': async ({ digest }) => {
      checked.add(placeOf(digest));
      emit({ type: 'envelopes.changed' });
      return { findings: detailOf(digest).findings ?? [], checkedAt: data.instant(0) };
    },
    'envelopes.review': async () => ({}),
    'envelopes.send': async ({ digest }) => ({ sent: summaryAt(placeOf(digest), who).count }),
    'envelopes.report': async () => ({}),
    'exchange.frames': async ({ from, count }) => ({
      pure: scenario.isOneCode ? 1 : PURE,
      sizeBytes: scenario.isOneCode ? 230 : 41_280,
      frames: Array.from({ length: count }, (_, index) =>
        scenario.isOneCode ? `UR:NOSTRO-PERSON/${BODY.repeat(6)}` : frameAt(from + index),
      ),
    }),
    'exchange.receive': async ({ text }) => {
      const base = {
        progress: seen.size / PURE,
        received: seen.size,
        expected: seen.size === 0 ? 0 : PURE,
        intake: null,
      };
      if (!text.startsWith('UR:')) return { ...base, state: 'unreadable' };
      if (!text.startsWith('UR:NOSTRO')) return { ...base, state: 'foreign' };
      if (seen.has(text)) return { ...base, state: 'repeated' };
      seen.add(text);
      const received = seen.size;
      const isWhole = received >= PURE;
      return {
        state: isWhole ? 'complete' : 'collecting',
        progress: received / PURE,
        received,
        expected: PURE,
        intake: isWhole ? { format: 'envelope', outcome: 'new', digest: digestAt(0) } : null,
      };
    },
    'exchange.reset': async () => {
      seen.clear();
      return {};
    },
    'workspace.openedFiles': async () => ({ files: opened }),
  };
};

/** Who this machine belongs to, where it is not the standard maker. */
export const identityOf = (scenario: EnvelopeScenario) =>
  scenario.role === undefined ? null : personOf(scenario.role);
