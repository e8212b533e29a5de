import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { readFeedRows, type UncheckedRow } from '../../../core/feed/row.ts';

const EMPTY = { open: null, high: null, low: null, adjustedClose: null, volume: null };
const row = (day: string, fields: Partial<Record<keyof UncheckedRow, unknown>>): UncheckedRow => ({
  ...EMPTY,
  close: null,
  ...fields,
  day: parseDay(day),
});

describe('rows of a feed', () => {
  it('become bars in order of days, one a day', () => {
    const days = fc.array(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.double({ min: 0.1, max: 10, noNaN: true })));
    fc.assert(
      fc.property(days, (series) => {
        const rows = series.map(([n, close]) => row(addDays(parseDay('2020-01-01'), n), { close }));
        const { bars, problems } = readFeedRows('X', rows);
        assert.deepEqual(problems, []);
        assert.deepEqual(
          bars.map(({ day, close }) => [day, close]),
          [...new Map(rows.map(({ day, close }) => [day, close]))].sort(([a], [b]) => (a < b ? -1 : 1)),
        );
      }),
    );
  });

  for (const [field, value, sentence] of [
    ['close', Number.NaN, 'X on 2020-01-02: close is NaN; expected a finite number.'],
    ['close', Number.POSITIVE_INFINITY, 'X on 2020-01-02: close is Infinity; expected a finite number.'],
    ['close', '1', 'X on 2020-01-02: close is "1"; expected a finite number.'],
    ['close', undefined, 'X on 2020-01-02: close is missing; expected a finite number.'],
    ['high', {}, 'X on 2020-01-02: high is {}; expected a finite number.'],
    ['close', '1\0', 'X on 2020-01-02: close is "1\\u0000"; expected a finite number.'],
    ['close', `${'x'.repeat(38)}\u{1F40F}`, `X on 2020-01-02: close is "${'x'.repeat(38)}; expected a finite number.`],
    ['volume', -1, 'X on 2020-01-02: volume is -1; expected a number from 0.'],
  ] as const) {
    it(`name a bad ${field} and its value and keep the days around it: ${sentence}`, () => {
      const good = [row('2020-01-01', { close: 1 }), row('2020-01-03', { close: 3 })];
      const bad = row('2020-01-02', { close: 2, [field]: value });
      const { bars, problems } = readFeedRows('X', [good[0]!, bad, good[1]!]);
      assert.deepEqual(bars, good);
      assert.deepEqual(problems, [{ day: '2020-01-02', field, read: /is (.*);/.exec(sentence)![1], sentence }]);
    });
  }

  it('take a later good row for a bad one of the same day', () => {
    const { bars, problems } = readFeedRows('X', [row('2020-01-02', { close: 'x' }), row('2020-01-02', { close: 2 })]);
    assert.deepEqual([bars.length, problems.length], [1, 0]);
  });

  it('keep the days of a series that never has volume, however flat', () => {
    const flat = { close: 1, open: 1, high: 1, low: 1, volume: 0 };
    const { bars } = readFeedRows('X', [row('2020-01-01', flat), row('2020-01-02', flat), row('2020-01-03', flat)]);
    assert.equal(bars.length, 3);
  });
});
