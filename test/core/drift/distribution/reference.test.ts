import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { simulateReturns } from '../../../../lab/returnProcesses.ts';
import { obstacleOfReference } from '../../../../core/drift/distribution/obstacle.ts';
import {
  belongsTo,
  fitReference,
  nullDistancesFor,
  thresholdFor,
  type DriftReference,
} from '../../../../core/drift/distribution/reference.ts';
import { DEFAULT_DRIFT_SETTING, SINGLE_CHECK_SETTING } from '../../../../core/drift/setting.ts';
import { createRandom } from '../../../../core/random.ts';
import { asChanges } from '../../../../core/series/transform.ts';
import { exactPValue } from '../../../../core/stats/ks.ts';

const reference = asChanges(simulateReturns('normal', 1000, createRandom(4)).map((value) => 0.01 * value));
const setting = DEFAULT_DRIFT_SETTING;
const fitted = fitReference(reference, setting, 3);

/** The distance that has the same scaled size in a window of `n` days: D = scaled / sqrt(mn / (m + n)). */
const distanceOf = (scaled: number, n: number, m = 1000): number => scaled * Math.sqrt(1 / m + 1 / n);
const scaledOf = (distance: number, n: number, m = 1000): number => distance / Math.sqrt(1 / m + 1 / n);

describe('threshold of a window', () => {
  const curves = fitted.curves!;
  const threshold = (size: number, everyDays = 252, series = 1) =>
    thresholdFor({ curves, m: 1000 }, nullDistancesFor(fitted, reference, size, 3), size, { everyDays, series });

  test('is one and the same scaled distance at every size, and for independent days its exact p-value', () => {
    const { distance } = threshold(60, 25); // often enough for a thousand simulated distances to tell
    for (const size of [30, 35, 45, 60]) {
      const own = threshold(size, 25);
      assert.ok(Math.abs(scaledOf(own.distance, size) / scaledOf(distance, 60) - 1) < 1e-12);
      const exact = exactPValue(own.distance, 1000, size);
      const error = Math.sqrt((exact * (1 - exact)) / 1000);
      assert.ok(Math.abs(own.probability - exact) < 4 * error, `${size} days: ${own.probability} is not ${exact}`);
    }
  });

  test('is stricter the rarer the alarms, and a flock shares what one series had', () => {
    const rare = [63, 252, 1000, 100_000].map((days) => threshold(60, days).distance);
    assert.ok(
      rare.every((distance, k) => k === 0 || distance > rare[k - 1]!),
      rare.join(),
    );
    assert.deepEqual(threshold(60, 252, 10), threshold(60, 2520));
  });
});

describe('distances without drift', () => {
  test('are the stored ones for a full window and those of the exact test for a filling one', () => {
    assert.equal(nullDistancesFor(fitted, reference, 60, 3), fitted.nullDistances);
    for (const size of [30, 45]) {
      const distances = nullDistancesFor(fitted, reference, size, 3);
      assert.equal(distances.length, 1000);
      for (const scaled of [0.8, 1.1]) {
        const distance = distanceOf(scaled, size);
        const exact = exactPValue(distance, 1000, size);
        const share = distances.filter((each) => each >= distance - 1e-9).length / 1000;
        assert.ok(Math.abs(share - exact) < 4 * Math.sqrt((exact * (1 - exact)) / 1000), `${size} days at ${scaled}`);
      }
    }
  });

  test('ascend', () => {
    const isAscending = (values: readonly number[]) => values.every((value, k) => k === 0 || value >= values[k - 1]!);
    assert.ok(isAscending(fitted.nullDistances) && isAscending(nullDistancesFor(fitted, reference, 33, 3)));
  });
});

describe('a fitted reference', () => {
  test('for a single check has no curves and the same distances', () => {
    const once = fitReference(reference, SINGLE_CHECK_SETTING, 3);
    assert.equal(once.curves, null);
    assert.deepEqual(once.nullDistances, fitted.nullDistances);
    assert.deepEqual([fitted.size, fitted.nullDistances.length], [1000, 1000]);
  });

  test('is the same for the same seed and another for another', () => {
    assert.deepEqual(fitReference(reference, setting, 3), fitted);
    const other = fitReference(reference, setting, 4);
    assert.notDeepEqual(other.nullDistances, fitted.nullDistances);
    assert.notDeepEqual(other.curves, fitted.curves);
    assert.deepEqual(other.parameters, fitted.parameters);
  });

  test('belongs to exactly its values, window and kind of rule, however often alarms may come', () => {
    assert.ok(belongsTo(fitted, asChanges(reference.slice()), setting));
    assert.ok(belongsTo(JSON.parse(JSON.stringify(fitted)) as DriftReference, reference, setting));
    for (const at of [0, 500, 999]) {
      const other = asChanges(reference.with(at, reference[at]! * (1 + 2 ** -52)));
      assert.ok(!belongsTo(fitted, other, setting), `the last bit of value ${at}`);
    }
    assert.ok(!belongsTo(fitted, asChanges(reference.slice(1)), setting));
    assert.ok(!belongsTo(fitted, asChanges(reference.toReversed()), setting));
    const rule = (days: number) => ({ kind: 'false-alarms', everyDays: days }) as const;
    assert.ok(belongsTo(fitted, reference, { ...setting, rule: rule(253) }));
    for (const other of [
      { ...setting, windowDays: 59 },
      { ...setting, rule: { kind: 'level', level: 0.05 } as const },
    ]) {
      assert.ok(!belongsTo(fitted, reference, other), JSON.stringify(other));
    }
    const once = fitReference(reference, SINGLE_CHECK_SETTING, 3);
    assert.ok(belongsTo(once, reference, SINGLE_CHECK_SETTING));
    assert.ok(!belongsTo(once, reference, setting));
    assert.ok(belongsTo(once, reference, { ...SINGLE_CHECK_SETTING, rule: { kind: 'level', level: 0.01 } }));
    const { curves, ...earlier } = fitted; // as stored before there were any
    assert.ok(curves !== null && !belongsTo(earlier as DriftReference, reference, setting));
  });
});

test('nothing stands against 250 changes that differ by more than rounding and in sign', () => {
  const obstacle = (changes: Float64Array) => obstacleOfReference(asChanges(changes))?.kind ?? null;
  assert.deepEqual(
    [249, 250].map((count) => obstacle(reference.slice(0, count))),
    ['short-reference', null],
  );
  assert.equal(obstacle(new Float64Array(300).fill(0.1)), 'constant-reference');
  assert.equal(obstacle(reference.map(Math.abs)), 'like-levels');
});
