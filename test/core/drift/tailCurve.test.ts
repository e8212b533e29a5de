import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitTail, levelAt } from '../../../core/drift/tailCurve.ts';
import { createRandom } from '../../../core/random.ts';

/** Highs whose excess is generalised Pareto: (U^-shape - 1) / shape, or exponential. */
function highs(count: number, shape: number, seed: number): number[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const u = 1 - random();
    return shape === 0 ? -Math.log(u) : (u ** -shape - 1) / shape;
  });
}

test('a level far beyond the highs seen is that of the law they come from', () => {
  // 20,000 highs in 200,000 days, of which the tail begins at one in 80 days; asked for is one in 2,000,000 days.
  for (const shape of [0, 0.2]) {
    const levels = Array.from({ length: 20 }, (_, seed) => {
      const curve = fitTail(highs(20_000, shape, seed + 1), 200_000, 1 / 80);
      return levelAt(curve, 1 / 2_000_000);
    });
    const share = (1 / 2_000_000) * 10;
    const expected = shape === 0 ? -Math.log(share) : (share ** -shape - 1) / shape;
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    assert.ok(Math.abs(mean / expected - 1) < 0.15, `${mean} is not ${expected}`);
  }
});

test('the level that is reached as often as the tail begins is where it begins, and rarer ones lie higher', () => {
  const curve = fitTail(highs(5000, 0, 3), 50_000, 1 / 100);
  assert.ok(Math.abs(levelAt(curve, curve.rate) - curve.level) < 1e-12);
  const levels = [1 / 50, 1 / 100, 1 / 252, 1 / 2520, 1 / 1e6].map((rate) => levelAt(curve, rate));
  assert.ok(
    levels.every((level, k) => k === 0 || level > levels[k - 1]!),
    levels.join(),
  );
});

test('a few highs, or all alike, still give a finite curve', () => {
  for (const values of [[1], [2, 2, 2, 2], [1, 5]]) {
    const curve = fitTail(values, 1000, 1 / 80);
    assert.ok(Number.isFinite(levelAt(curve, 1 / 252)), JSON.stringify(curve));
  }
});
