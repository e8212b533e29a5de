import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateReturns } from '../../../../lab/returnProcesses.ts';
import { blockBootstrapP } from '../../../../core/drift/distribution/bootstrap.ts';
import { createRandom } from '../../../../core/random.ts';
import { exactPValue } from '../../../../core/stats/ks.ts';

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

test('every resample is at least as far as 0, none as far as 1', () => {
  const returns = simulateReturns('garch', 400, createRandom(1));
  assert.equal(blockBootstrapP(returns, 60, 0, 1), 1);
  assert.equal(blockBootstrapP(returns, 60, 1, 1), 1 / 401);
});
