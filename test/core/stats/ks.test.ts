import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  asymptoticPValue,
  exactPValue,
  kolmogorovSmirnov,
  kolmogorovSurvival,
  ksStatistic,
  sortFinite,
  toSorted,
} from '../../../core/stats/ks.ts';

interface Fixture {
  cases: { name: string; first: number[]; second: number[]; statistic: number; exact: number; asymptotic: number }[];
  kolmogorov: { x: number; survival: number }[];
}
const fixture = JSON.parse(readFileSync('test/fixtures/stats/ks.json', 'utf8')) as Fixture; // written by ks.py beside it

function assertClose(actual: number, expected: number, relative: number): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);
}

describe('two-sample KS as SciPy computes it', () => {
  for (const { name, first, second, statistic, exact, asymptotic } of fixture.cases) {
    test(name, () => {
      const result = kolmogorovSmirnov(first, second);
      assertClose(result.statistic, statistic, 1e-12);
      assertClose(result.pValue, exact, 1e-9);
      assert.equal(result.method, 'exact');
      assertClose(asymptoticPValue(result.statistic, first.length, second.length), asymptotic, 1e-9);
    });
  }

  test("Kolmogorov's distribution on both sides of the change of series", () => {
    for (const { x, survival } of fixture.kolmogorov) assertClose(kolmogorovSurvival(x), survival, 1e-9);
  });
});

test('large samples use the asymptotic p-value', () => {
  const ramp = Array.from({ length: 1200 }, (_, k) => k);
  assert.equal(kolmogorovSmirnov(ramp, ramp).method, 'asymptotic');
});

test('a million pairs are still counted exactly, more are not', () => {
  const ramp = (length: number) => Array.from({ length }, (_, k) => k);
  assert.equal(kolmogorovSmirnov(ramp(1000), ramp(1000)).method, 'exact');
  const larger = kolmogorovSmirnov(
    ramp(1001),
    ramp(1000).map((value) => value + 30),
  );
  assert.equal(larger.method, 'asymptotic');
  assert.equal(larger.pValue, asymptoticPValue(larger.statistic, 1001, 1000));
});

test("Kolmogorov's distribution begins at 1 and falls", () => {
  assert.deepEqual([kolmogorovSurvival(0), kolmogorovSurvival(-1)], [1, 1]);
  let before = 1;
  for (let x = 0.05; x < 3; x += 0.01) {
    const survival = kolmogorovSurvival(x);
    assert.ok(survival <= before && survival >= 0, `at ${x}`);
    before = survival;
  }
  assert.ok(Math.abs(kolmogorovSurvival(1 - 1e-9) - kolmogorovSurvival(1)) < 1e-8, 'the two series meet');
});

test('sorting leaves the sample as it was, and says what is wrong with it', () => {
  const sample = [3, 1, 2];
  assert.deepEqual([...toSorted(sample)], [1, 2, 3]);
  assert.deepEqual(sample, [3, 1, 2]);
  const values = Float64Array.of(3, -1, 2);
  assert.deepEqual([...sortFinite(values)], [-1, 2, 3]);
  assert.deepEqual([...values], [3, -1, 2]);
  assert.throws(() => toSorted([]), { message: 'A sample has no values; give at least one.' });
  assert.throws(() => toSorted([1, -Infinity]), {
    message: 'Value 2 of a sample is -Infinity; expected a finite number.',
  });
});

test('empty samples and values that are not finite are refused', () => {
  assert.throws(() => kolmogorovSmirnov([], [1]), { code: 'TOO_FEW_VALUES' });
  assert.throws(() => kolmogorovSmirnov([1], [1, Number.NaN]), { code: 'INVALID_INPUT', message: /Value 2/ });
});

const sample = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 40 });

test('the statistic is symmetric, within 0 and 1, and blind to increasing transformations', () => {
  fc.assert(
    fc.property(sample, sample, (first, second) => {
      const statistic = ksStatistic(toSorted(first), toSorted(second));
      assert.ok(statistic >= 0 && statistic <= 1);
      assert.equal(ksStatistic(toSorted(second), toSorted(first)), statistic);
      const cube = (x: number): number => x ** 3 + x;
      assert.equal(ksStatistic(toSorted(first.map(cube)), toSorted(second.map(cube))), statistic);
    }),
  );
});

test('the exact p-value falls as the distance grows, from 1 at no distance', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 1, max: 25 }), (m, n) => {
      let before = exactPValue(0, m, n);
      assert.equal(before, 1);
      for (let k = 1; k <= m * n; k += 1) {
        const p = exactPValue(k / (m * n), m, n);
        assert.ok(p <= before && p > 0);
        before = p;
      }
    }),
    { numRuns: 30 },
  );
});
