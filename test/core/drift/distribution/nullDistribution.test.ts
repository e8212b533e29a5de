import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateReturns } from '../../../../lab/returnProcesses.ts';
import { simulateNull, tailProbability, tailShare } from '../../../../core/drift/distribution/nullDistribution.ts';
import { fitQuietModel, simulateHistory } from '../../../../core/drift/distribution/quietModel.ts';
import { createRandom } from '../../../../core/random.ts';
import { exactPValue, ksStatistic, sortFinite } from '../../../../core/stats/ks.ts';

test('the tail share counts the observed value itself and those equal to it', () => {
  assert.equal(tailShare([0.1, 0.2, 0.3], 0.2), 3 / 4);
  assert.equal(tailShare([0.1, 0.2, 0.3], 0.4), 1 / 4);
  assert.equal(tailShare([0.1, 0.2, 0.3], 0), 1);
});

const model = fitQuietModel(simulateReturns('normal', 1000, createRandom(2)));
const sizes = { reference: 1000, window: 60 };

test('without dependence the simulated distances are those of the exact test', () => {
  const distances = simulateNull(model, sizes, 3);
  assert.equal(distances.length, 1000);
  for (const distance of [0.1, 0.14, 0.17]) {
    const exact = exactPValue(distance, 1000, 60);
    const error = Math.sqrt((exact * (1 - exact)) / 1000);
    assert.ok(Math.abs(tailShare(distances, distance) - exact) < 5 * error, `at ${distance}`);
  }
});

test('beyond the largest simulated distances the p-value goes on falling, near the exact one', () => {
  const distances = simulateNull(model, sizes, 3);
  let before = 1;
  for (const distance of [0.1, 0.14, 0.18, 0.2, 0.22, 0.24, 0.26, 0.3]) {
    const p = tailProbability(distances, distance);
    assert.ok(p < before, `at ${distance}`);
    before = p;
    // The scale of fifty distances is known to a seventh; ten thousandths are four times that far out in the exponent.
    const exact = exactPValue(distance, 1000, 60);
    if (exact < 0.01)
      assert.ok(Math.abs(Math.log(p / exact)) < 0.5 * Math.abs(Math.log(exact)), `${distance}: ${p}, ${exact}`);
    else assert.equal(p, tailShare(distances, distance));
  }
  const edge = distances.at(-10)!;
  assert.equal(tailProbability(distances, edge), tailShare(distances, edge), 'where the tail begins both agree');
});

test('the distances are those of windows that follow a reference one after another, fifty references with twenty each', () => {
  const small = { reference: 80, window: 30 };
  const random = createRandom(9);
  const expected: number[] = [];
  for (let history = 0; history < 50; history += 1) {
    const days = simulateHistory(model, 80 + 20 * 30, random);
    for (let w = 0; w < 20; w += 1) {
      const window = days.subarray(80 + 30 * w, 80 + 30 * (w + 1));
      expected.push(ksStatistic(sortFinite(days.subarray(0, 80)), sortFinite(window)));
    }
  }
  assert.deepEqual(
    [...simulateNull(model, small, 9)],
    expected.toSorted((a, b) => a - b),
  );
});

test('distances equal but for rounding count as equal', () => {
  assert.equal(tailShare([0.1, 0.3 - 5e-10, 0.5], 0.3), 3 / 4);
  assert.equal(tailShare([0.1, 0.3 - 2e-9, 0.5], 0.3), 2 / 4);
  assert.equal(tailShare([], 0.3), 1);
});
