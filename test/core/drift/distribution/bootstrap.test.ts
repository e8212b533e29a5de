import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateReturns } from '../../../../lab/returnProcesses.ts';
import { blockBootstrapP } from '../../../../core/drift/distribution/bootstrap.ts';
import { createRandom } from '../../../../core/random.ts';
import { asChanges } from '../../../../core/series/transform.ts';
import { exactPValue, ksStatistic, toSorted } from '../../../../core/stats/ks.ts';

test('on independent returns it agrees with the exact p-value', () => {
  for (const distance of [0.1, 0.13, 0.16]) {
    const shares = Array.from({ length: 8 }, (_, seed) =>
      blockBootstrapP(simulateReturns('normal', 1000, createRandom(seed)), 60, distance, seed),
    );
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    const exact = exactPValue(distance, 1000, 60);
    assert.ok(Math.abs(mean / exact - 1) < 0.35, `${mean} against ${exact} at ${distance}`);
  }
});

test('is the share of comparisons drawn in blocks, by sorting and comparing the values themselves', () => {
  const returns = simulateReturns('garch', 130, createRandom(8));
  // Coarse ticks, so that many values are tied.
  const ticks = asChanges(returns.map((value) => Math.round(2 * value) / 2));
  for (const reference of [returns, ticks]) {
    for (const windowDays of [30, 47]) {
      const random = createRandom(5);
      const draw = (length: number): Float64Array => {
        const drawn: number[] = [];
        while (drawn.length < length) {
          const from = Math.floor(random() * reference.length);
          for (let k = 0; k < windowDays && drawn.length < length; k += 1) {
            drawn.push(reference[(from + k) % reference.length]!);
          }
        }
        return Float64Array.from(drawn);
      };
      const distances = Array.from({ length: 400 }, () => {
        const other = toSorted(draw(reference.length));
        return ksStatistic(other, toSorted(draw(windowDays)));
      });
      for (const observed of [0.1, 0.2, distances[7]!]) {
        const beyond = distances.filter((distance) => distance >= observed - 1e-9).length;
        assert.equal(blockBootstrapP(reference, windowDays, observed, 5), (beyond + 1) / 401);
      }
    }
  }
});

test('every resample is at least as far as 0, none as far as 1', () => {
  const returns = simulateReturns('garch', 400, createRandom(1));
  assert.equal(blockBootstrapP(returns, 60, 0, 1), 1);
  assert.equal(blockBootstrapP(returns, 60, 1, 1), 1 / 401);
});
