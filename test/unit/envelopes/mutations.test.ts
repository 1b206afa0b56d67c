import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { verifyActs } from '../../../src/main/envelopes/acts';
import { decodeRead, type ReadFile, readFormat } from '../../../src/main/envelopes/codec';
import { checkConsistency } from '../../../src/main/envelopes/consistency';
import { openRead } from '../../../src/main/envelopes/open';
import { checkTransactionSignatures } from '../../../src/main/envelopes/signatures';
import { type Canonical, canonicalJson } from '../../../src/shared/canonical';
import { AppError } from '../../../src/shared/errors';
import { Envelope } from '../../../src/shared/model/envelope';
import { REPO_ROOT } from '../../support/bundle-children';
import { envelopeFixture } from '../../support/envelope-fixture';
import { mutate } from '../../support/envelope-mutations';
import { resignedMutants } from '../../support/envelope-resigned';

/** At a release: NOSTRO_MUTATIONS=1000000. */
const MUTATIONS = Math.max(20_000, Number(process.env.NOSTRO_MUTATIONS ?? 0));

const everything = ['approve', 'approve-second', 'reject', 'sign', 'send'] as const;
const original = envelopeFixture({ lines: 4 }, everything);
const other = envelopeFixture({ lines: 4, seed: 'b' }, everything);
const json = (value: unknown): string => canonicalJson(value as Canonical);
const acts = original.envelope.acts.map(json);

/** Whether what was taken says what the original said, or what an earlier copy of it did. */
const isSameMeaning = (taken: Envelope): boolean => {
  const { content, digest, ...rest } = taken;
  const places = rest.acts.map((act) => acts.indexOf(json(act)));
  return (
    json(content) === json(original.content) &&
    digest === original.digest &&
    places.every((place, index) => place > (places[index - 1] ?? -1))
  );
};

type Run = { readonly codes: Map<string, number>; readonly wrong: string[]; earlier: number };

const run = (open: (read: ReadFile) => Envelope, from: number, to: number): Run => {
  const result: Run = { codes: new Map(), wrong: [], earlier: 0 };
  // Earlier copies come again and again, and cost the most.
  const before = new Map<string, string>();
  for (let seed = from; seed < to; seed += 1) {
    const { kind, bytes } = mutate(original.bytes, other.bytes, seed);
    const name = createHash('sha256').update(bytes).digest('base64');
    let outcome = before.get(name) ?? '';
    if (outcome === '') {
      try {
        const read = readFormat(bytes);
        const taken = read.format === 'envelope' ? open(read) : null;
        outcome = 'taken';
        if (taken === null || !isSameMeaning(taken)) result.wrong.push(`${seed}: ${kind}`);
        else if (taken.acts.length < acts.length) result.earlier += 1;
        // One envelope has one form: the same acts are the same bytes.
        else if (!Buffer.from(bytes).equals(original.bytes))
          result.wrong.push(`${seed}: ${kind}: another form`);
      } catch (error) {
        outcome = error instanceof AppError ? error.code : `not an AppError: ${String(error)}`;
      }
      before.set(name, outcome);
    }
    result.codes.set(outcome, (result.codes.get(outcome) ?? 0) + 1);
  }
  return result;
};

/** `checkEnvelope` of scripts/verify as a yes or no. */
const loadStranger = async (): Promise<(bytes: Uint8Array) => boolean> => {
  const folder = join(REPO_ROOT, 'scripts', 'verify');
  const { checkEnvelope } = await import(join(folder, 'envelope.mjs'));
  const { createReport, Stop } = await import(join(folder, 'report.mjs'));
  return (bytes) => {
    const report = createReport();
    try {
      checkEnvelope(new Uint8Array(bytes), { policyBytes: null, challenge: null, at: null }, report);
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
    }
    return report.count() === 0;
  };
};

describe('mutants of an envelope with every kind of act', () => {
  test(
    'are refused, or say the same, or are an earlier copy',
    () => {
      expect(openRead(readFormat(original.bytes))).toEqual(original.envelope);
      expect(openRead(readFormat(other.bytes))).toEqual(other.envelope);
      const { codes, wrong, earlier } = run(openRead, 0, MUTATIONS);
      expect(wrong).toEqual([]);
      expect([...codes.keys()].filter((code) => !/^(taken|envelope\/|file\/)/.test(code))).toEqual([]);
      // The mutants reach every gate, and the door behind the last.
      for (const code of [
        'malformed',
        'not-canonical',
        'newer-version',
        'digest-mismatch',
        'inconsistent',
        'bad-signature',
      ])
        expect(codes.get(`envelope/${code}`) ?? 0, code).toBeGreaterThan(0);
      expect(earlier).toBeGreaterThan(0);
    },
    Math.max(120_000, MUTATIONS * 20),
  );

  test("are the same to the stranger's check, which shares no code with this one", async () => {
    const stranger = await loadStranger();
    const differences: string[] = [];
    for (let seed = 100_000; seed < 100_400; seed += 1) {
      const { kind, bytes } = mutate(original.bytes, other.bytes, seed);
      let isTaken = true;
      try {
        isTaken = openRead(readFormat(bytes)).digest === original.digest;
      } catch {
        isTaken = false;
      }
      if (stranger(bytes) !== isTaken)
        differences.push(`${seed}: ${kind}: ${isTaken ? 'taken' : 'refused'} here`);
    }
    expect(stranger(original.bytes)).toBe(true);
    expect(differences).toEqual([]);
  }, 120_000);

  test("that were signed anew are the same to the stranger's check, texts at their limits too", async () => {
    const stranger = await loadStranger();
    const mutants = resignedMutants();
    const differences: string[] = [];
    const taken: string[] = [];
    for (const { name, bytes } of mutants) {
      let why = '';
      try {
        openRead(readFormat(bytes));
        taken.push(name);
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        why = error.code;
      }
      if (stranger(bytes) !== (why === '')) differences.push(`${name}: ${why || 'taken'} here`);
    }
    expect(differences).toEqual([]);
    // Characters are code points: 600 units of UTF-16 are 300 of them.
    expect(taken).toEqual(
      expect.arrayContaining([
        'nothing',
        'reason of 300 points, 600 units',
        'lines.0.creditor.name of 140 points, 280 units',
        'maker.name of 80 points, 160 units',
      ]),
    );
    expect(taken.filter((name) => /\b(?:301|141|81) points/.test(name))).toEqual([]);
    expect(mutants.length).toBeGreaterThan(200);
    expect(taken.length).toBeGreaterThan(50);
    expect(mutants.length - taken.length).toBeGreaterThan(100);
  }, 120_000);

  // Each gate taken away lets mutants through that the others do not stop: the test above can fail.
  test.each<readonly [string, (read: ReadFile) => Envelope]>([
    [
      'without acts',
      (read) => {
        const envelope = decodeRead(read);
        checkConsistency(envelope.content);
        checkTransactionSignatures(envelope.content, envelope.acts);
        return envelope;
      },
    ],
    [
      'without form and digest',
      (read) => {
        const envelope = Envelope.parse(read.value);
        checkConsistency(envelope.content);
        verifyActs(envelope.content, envelope.digest, envelope.content.lines.length, envelope.acts);
        checkTransactionSignatures(envelope.content, envelope.acts);
        return envelope;
      },
    ],
  ])(
    'are taken with another meaning or form %s',
    (_name, open) => {
      expect(run(open, 0, 1000).wrong.length).toBeGreaterThan(0);
    },
    120_000,
  );
});
