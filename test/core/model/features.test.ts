import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { changesOf, featuresOf, FEATURES, fitScale, weightedVolatility } from '../../../core/model/features.ts';

const MEMORY = 20;
const returns = fc.array(fc.double({ min: -0.2, max: 0.2, noNaN: true }), { minLength: 25, maxLength: 80 });

test('volatility is the weighted root mean square, by its definition', () => {
  const changes = Float64Array.from([0.01, -0.03, 0.02]);
  const expected = Math.sqrt((0.02 ** 2 + 0.5 * 0.03 ** 2 + 0.25 * 0.01 ** 2) / 1.75);
  assert.ok(Math.abs(weightedVolatility(changes, 0.5, MEMORY, 0)[2]! - expected) < 1e-15);
  const lastTwo = Math.sqrt((0.02 ** 2 + 0.5 * 0.03 ** 2) / 1.5);
  assert.ok(Math.abs(weightedVolatility(changes, 0.5, 2, 0)[2]! - lastTwo) < 1e-15);
});

test('the last volatility of a window is that of any longer run that ends with it', () => {
  fc.assert(
    fc.property(returns, (values) => {
      const changes = Float64Array.from(values);
      const whole = weightedVolatility(changes, 0.94, MEMORY, 1e-4).at(-1)!;
      const alone = weightedVolatility(changes.subarray(-MEMORY), 0.94, MEMORY, 1e-4).at(-1)!;
      assert.ok(Math.abs(whole - alone) <= 1e-7 * alone, `${whole} ${alone}`);
    }),
  );
});

test('features do not know the unit of the changes, volatility carries it', () => {
  fc.assert(
    fc.property(returns, fc.integer({ min: -8, max: 8 }), (values, power) => {
      fc.pre(new Set(values).size > 1);
      const changes = Float64Array.from(values);
      const scaled = changes.map((change) => change * 2 ** power);
      fc.pre(fitScale(changes, MEMORY).changeDeviation > 1e-6);
      const one = featuresOf(changes, fitScale(changes, MEMORY), MEMORY);
      const other = featuresOf(scaled, fitScale(scaled, MEMORY), MEMORY);
      other.volatility.forEach((volatility, t) => {
        assert.ok(Math.abs(volatility / 2 ** power / one.volatility[t]! - 1) < 1e-12);
        assert.ok(Math.abs(other.values[t * FEATURES]! - one.values[t * FEATURES]!) < 1e-6);
      });
    }),
  );
});

test('changes are logarithms of ratios or differences; what has none is refused', () => {
  assert.ok(Math.abs(changesOf([100, 110], 'log-return')[0]! - Math.log(1.1)) < 1e-16);
  assert.deepEqual([...changesOf([-1, 0, 3], 'difference')], [1, 3]);
  for (const bad of [0, -1, Number.NaN, Infinity]) {
    assert.throws(() => changesOf([1, bad], 'log-return'), { code: 'INVALID_PRICE', message: /Value 2/ });
  }
  assert.throws(() => changesOf([1e308, -1e308], 'difference'), { code: 'INVALID_PRICE' });
  assert.throws(() => fitScale(new Float64Array(60), MEMORY), { code: 'INVALID_INPUT' });
});
