import { describe, expect, it } from 'vitest';
import { createFrameSource, LAST_FRAME } from '../../../src/renderer/features/envelopes/exchange/frames';

const WHAT = { format: 'person' } as const;

const fakeMain = (pure = 20) => {
  const asked: number[] = [];
  let isFailing = false;
  return {
    asked,
    fail: (next: boolean) => {
      isFailing = next;
    },
    ask: async ({ from, count }: { from: number; count: number }) => {
      asked.push(from);
      if (isFailing) throw new Error('no');
      return { pure, sizeBytes: 9, frames: Array.from({ length: count }, (_, n) => `F${from + n}`) };
    },
  };
};

describe('frames of a fountain', () => {
  it('are asked for by portion, the next one before it is needed', async () => {
    const main = fakeMain();
    const source = createFrameSource(WHAT, main.ask);
    expect(await source.read(0)).toBe('F0');
    expect(source.facts()).toEqual({ pure: 20, sizeBytes: 9 });
    expect(await source.read(25)).toBe('F25');
    expect(main.asked).toEqual([0]);
    expect(await source.read(26)).toBe('F26');
    expect(main.asked).toEqual([0, 50]);
    expect(await source.read(50)).toBe('F50');
    expect(main.asked).toEqual([0, 50]);
  });

  it('are not asked for beyond what one code holds', async () => {
    const main = fakeMain(1);
    const source = createFrameSource(WHAT, main.ask);
    await source.read(0);
    await source.read(40);
    expect(main.asked).toEqual([0]);
  });

  it('end where main hands out no more', async () => {
    const main = fakeMain();
    const source = createFrameSource(WHAT, main.ask);
    expect(await source.read(LAST_FRAME)).toBe(`F${LAST_FRAME}`);
    expect(main.asked).toEqual([LAST_FRAME - 49]);
  });

  it('can be asked for again after an error', async () => {
    const main = fakeMain();
    const source = createFrameSource(WHAT, main.ask);
    main.fail(true);
    await expect(source.read(3)).rejects.toThrow('no');
    main.fail(false);
    expect(await source.read(3)).toBe('F3');
  });

  it('are forgotten when they are far behind, so that an endless stream stays small', async () => {
    const main = fakeMain();
    const source = createFrameSource(WHAT, main.ask);
    for (let index = 0; index < 1000; index += 10) await source.read(index);
    const before = main.asked.length;
    await source.read(0);
    expect(main.asked.length).toBe(before + 1);
  });
});
