import { describe, expect, it } from 'vitest';
import { journal } from '../../../assets/locales/en/journal';
import { findEvent, nameActor, nameEvent } from '../../../src/renderer/features/reports/journal-words';
import { approvalContract, mainContract } from '../../../src/shared/contract';

const commands = Object.entries({ ...mainContract, ...approvalContract })
  .filter(([, { kind }]) => kind === 'command')
  .map(([name]) => name);

describe('the journal in words', () => {
  it.each(commands)('has words for %s', (name) => {
    expect(nameEvent(name)).toMatchObject({ isKnown: true });
  });

  it('has no words twice: a search by words means one thing', () => {
    const words = Object.values(journal.events);
    expect(new Set(words).size).toBe(words.length);
  });

  it.each(['bank.statement-checked', 'toString', '__proto__', 'constructor'])(
    'shows an unknown event as it stands: %s',
    (event) => {
      expect(nameEvent(event)).toEqual({ text: event, isKnown: false });
    },
  );

  it('finds by its words what is written by its name', () => {
    expect(findEvent(' send an ENVELOPE ')).toBe('envelopes.send');
    expect(findEvent('Lock')).toBe('vault.lock');
    expect(findEvent('pain.002')).toBe('payments.exportStatus');
    expect(findEvent('save')).toBeNull();
    expect(findEvent('Ines Okafor')).toBeNull();
    expect(findEvent('')).toBeNull();
  });

  it('names a person, the app, or nobody', () => {
    const who = { name: 'Ines Okafor', key: `0x${'1'.repeat(40)}` as never };
    expect(nameActor({ who, source: 'app' })).toBe('Ines Okafor');
    expect(nameActor({ who: null, source: 'app' })).toBe('Nostro');
    expect(nameActor({ who: null, source: 'main' })).toBe('Not known yet');
  });
});
