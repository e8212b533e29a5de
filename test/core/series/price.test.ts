import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDay } from '../../../core/series/day.ts';
import { closesByDay, dayAt, lastValues, sliceSeries, toSeries } from '../../../core/series/price.ts';
import { isSymbol, parseSymbol } from '../../../core/series/symbol.ts';

const bars = ['2024-01-02', '2024-01-03', '2024-01-04'].map((text, i) => ({ day: parseDay(text), close: 10 + i }));

test('a series has the days and closes of its bars, a part of it those from start to before end', () => {
  const series = toSeries(bars);
  assert.deepEqual(series, { days: bars.map(({ day }) => day), closes: Float64Array.of(10, 11, 12) });
  assert.deepEqual(sliceSeries(series, 1, 3), { days: ['2024-01-03', '2024-01-04'], closes: Float64Array.of(11, 12) });
  assert.deepEqual(sliceSeries(series, 0, 0), { days: [], closes: new Float64Array() });
});

test('a day of a series is found by its index or its name, and one that is not there is a bug', () => {
  const series = toSeries(bars);
  assert.deepEqual(dayAt(series, 1), { day: '2024-01-03', close: 11 });
  assert.equal(closesByDay(series).get(parseDay('2024-01-04')), 12);
  assert.throws(() => dayAt(series, 3), new RangeError('a series of 3 days has no day 3'));
  assert.throws(() => dayAt(series, -1), RangeError);
});

test('the last values are a copy, and all of them where there are fewer', () => {
  const values = Float64Array.of(1, 2, 3);
  const last = lastValues(values, 2);
  assert.deepEqual(last, Float64Array.of(2, 3));
  last[0] = 9;
  assert.deepEqual(values, Float64Array.of(1, 2, 3));
  assert.deepEqual(lastValues([1, 2], 5), Float64Array.of(1, 2));
});

test('symbols are of the characters that exchanges use, up to 32 of them', () => {
  for (const text of ['GSPC', '^GSPC', 'BTC-USD', 'PETR4.SA', 'ES=F', 'a_b', 'X'.repeat(32)]) {
    assert.equal(parseSymbol(text), text);
  }
  for (const text of ['', 'A B', 'A/B', '../x', 'é', 'A\n', 'X'.repeat(33)]) {
    assert.equal(isSymbol(text), false, text);
    assert.throws(() => parseSymbol(text), {
      code: 'INVALID_INPUT',
      message: `${JSON.stringify(text.slice(0, 40))} is not a symbol; expected letters, digits and ^ = . - _, such as PETR4.SA.`,
    });
  }
});
