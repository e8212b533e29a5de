import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDay } from '../../../core/series/day.ts';
import { sliceSeries, toSeries } from '../../../core/series/price.ts';
import { isSymbol, requireSymbol } from '../../../core/series/symbol.ts';

const bars = ['2024-01-02', '2024-01-03', '2024-01-04'].map((text, i) => ({ day: parseDay(text), close: 10 + i }));

test('a series has the days and closes of its bars, a part of it those from start to before end', () => {
  const series = toSeries(bars);
  assert.deepEqual(series, { days: bars.map(({ day }) => day), closes: Float64Array.of(10, 11, 12) });
  assert.deepEqual(sliceSeries(series, 1, 3), { days: ['2024-01-03', '2024-01-04'], closes: Float64Array.of(11, 12) });
  assert.deepEqual(sliceSeries(series, 0, 0), { days: [], closes: new Float64Array() });
});

test('symbols are of the characters that exchanges use, up to 32 of them', () => {
  for (const text of ['GSPC', '^GSPC', 'BTC-USD', 'PETR4.SA', 'ES=F', 'a_b', 'X'.repeat(32)]) {
    assert.equal(requireSymbol(text), text);
  }
  for (const text of ['', 'A B', 'A/B', '../x', 'é', 'A\n', 'X'.repeat(33)]) {
    assert.equal(isSymbol(text), false, text);
    assert.throws(() => requireSymbol(text), {
      code: 'INVALID_INPUT',
      message: `${JSON.stringify(text.slice(0, 40))} is not a symbol; expected letters, digits and ^ = . - _, such as PETR4.SA.`,
    });
  }
});
