/**
 * A whole machine whose clock jumps: ten years forth and back while it runs and over a restart. It unlocks, its journal is
 * in the order in which things were done, and nothing that bears a time is signed by a clock that went back.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hash32 } from '../../../src/shared/model/ids';
import { type AppFolder, type AppHarness, makeAppFolder, startApp } from '../../support/app-harness';

const PASSPHRASE = 'correct horse battery staple lagoon 41';
const START = Date.parse('2026-03-28T12:00:00Z');
const DAY = 24 * 3_600_000;
const TEN_YEARS = 3_653 * DAY;

let folder: AppFolder;
let app: AppHarness;
let now = START;
const clock = { now: () => new Date(now), monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n) };
let key: string;
const draft = async (company: string): Promise<Hash32> => {
  const { digest } = await app.main['people.draftPolicy']({
    companyName: company,
    people: [
      { name: 'Anna', key: key as never, roles: ['approver'] },
      { name: 'Mia', key: '0x5615dEB798BB3E4dFa0139dFa1b3D433Cc23b72f' as never, roles: ['maker'] },
    ],
    defaultApprovals: 1,
    table: [],
    changeApprovals: 1,
  });
  return digest;
};
const review = (digest: Hash32): Promise<string> =>
  app.main['people.reviewPolicy']({ digest }).then(
    () => 'open',
    (error: { code: string }) => error.code,
  );
const yes = (digest: Hash32): Promise<string> =>
  app.approval['approval.approve']({ digest, passphrase: PASSPHRASE }).then(
    () => 'signed',
    (error: { code: string }) => error.code,
  );
const journal = async () =>
  [...(await app.main['journal.list']({ search: '', offset: 0, limit: 200 })).entries].reverse();

beforeAll(async () => {
  folder = makeAppFolder();
  app = await startApp({ folder, clock });
  await app.main['vault.restore']({
    mnemonic: 'letter advice cage absurd amount doctor acoustic avoid letter advice cage above',
    bip39Passphrase: null,
    passphrase: PASSPHRASE,
    accounts: 1,
    mode: 'offline',
  });
  ({ key } = await app.main['people.identity']({}));
});
afterAll(async () => {
  await app.stop();
  folder.remove();
});

describe('a clock that jumps while the app runs', () => {
  it('signs nothing that bears a time while it is behind, however far, and goes on when it is right', async () => {
    await app.main['people.setName']({ name: 'Anna' });
    const digest = await draft('Example AG');
    for (const back of [6 * 60_000, 3_600_000, DAY, 365 * DAY, TEN_YEARS, START]) {
      now = START - back;
      expect(await review(digest)).toBe('clock/set-back');
    }
    // A clock that is a little behind is one of two honest ones.
    now = START - 60_000;
    expect(await review(digest)).toBe('open');
    // Set back between showing and answering.
    now = START - TEN_YEARS;
    expect(await yes(digest)).toBe('clock/set-back');
    now = START;
    expect(await yes(digest)).toBe('signed');
    expect((await app.main['people.policies']({})).inForce?.digest).toBe(digest);
  });

  it('keeps the journal in the order of what was done, with the time that the clock told', async () => {
    for (const difference of [0, 3_600_000, -3_600_000, TEN_YEARS / 4, -TEN_YEARS, 1_000]) {
      now = START + difference;
      await app.main['settings.set']({ theme: difference > 0 ? 'dark' : 'light' });
      await draft('Example AG').catch(() => undefined);
    }
    const entries = await journal();
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
    let latest = 0;
    let behind = 0;
    for (const { at, facts } of entries) {
      const isBehind = Date.parse(at) < latest;
      expect(facts.clockBehind ?? false).toBe(isBehind);
      if (isBehind) behind += 1;
      latest = Math.max(latest, Date.parse(at));
    }
    expect(behind).toBeGreaterThan(2);
  });
});

describe('a clock that was set while the app was closed', () => {
  it.each([
    ['ten years ahead', TEN_YEARS],
    ['to 2038 and beyond', Date.parse('2038-01-19T03:14:08Z') - START + DAY],
    ['ten years back', -TEN_YEARS],
    ['to the night in which summer time begins', Date.parse('2026-03-29T01:00:00Z') - START],
  ])('%s: it unlocks, and the journal is whole', async (_name, difference) => {
    const { count } = await app.main['journal.head']({});
    await app.stop();
    now = START + difference;
    app = await startApp({ folder, clock });
    await app.main['vault.unlock']({ passphrase: PASSPHRASE });
    expect((await app.main['journal.head']({})).count).toBeGreaterThanOrEqual(count);
    const entries = await journal();
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  });

  it('and is behind what was done since then signs nothing', async () => {
    const { inForce } = await app.main['people.policies']({});
    expect(inForce).not.toBeNull();
    now = START;
    const digest = await draft('Example AG');
    expect(await review(digest)).toBe('clock/set-back');
    now = Date.parse('2038-01-25T00:00:00Z');
    expect(await review(digest)).toBe('open');
    expect(await yes(digest)).toBe('signed');
  });
});
