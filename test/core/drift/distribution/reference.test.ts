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

describe('threshold of a window', () => {
  test('is the tail beyond one and the same scaled distance, among distances of that window size', () => {
    const some: DriftReference = { ...fitted, criticalScaled: 1.2, threshold: 0.07 };
    // 1.2 scaled is a distance of .2063 for 35 days, of .1908 for 41.
    const distances = [0.1, 0.15, 0.18, 0.2, 0.207, 0.22, 0.25, 0.3, 0.35];
    assert.equal(thresholdFor(some, distances, 35), (5 + 1) / 10);
    assert.equal(thresholdFor(some, distances, 41), (6 + 1) / 10);
    assert.equal(thresholdFor(some, distances, 60), 0.07, 'the full window has its own, stored one');
    assert.equal(thresholdFor({ ...some, criticalScaled: null, threshold: 0.05 }, distances, 35), 0.05);
  });

  test('for independent days is the exact p-value of that distance, at every size', () => {
    const critical = fitted.criticalScaled!;
    for (const size of [30, 35, 45, 60]) {
      const distances = nullDistancesFor(fitted, reference, size, 3);
      const expected = exactPValue(distanceOf(critical, size), 1000, size);
      // 1,000 simulated distances, so a standard error of the root of p (1 - p) / 1000.
      const error = Math.sqrt((expected * (1 - expected)) / 1000);
      const threshold = thresholdFor(fitted, distances, size);
      assert.ok(Math.abs(threshold - expected) < 4 * error, `${size} days: ${threshold} is not ${expected}`);
    }
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
  test('says of the full window what its parts say', () => {
    assert.equal(fitted.size, 1000);
    assert.equal(fitted.nullDistances.length, 1000);
    const critical = distanceOf(fitted.criticalScaled!, 60);
    const beyond = fitted.nullDistances.filter((distance) => distance >= critical - 1e-9).length;
    assert.ok(Math.abs(fitted.threshold - (beyond + 1) / 1001) < 1e-9);
  });

  test('for a single check has the level as its threshold, no critical distance and no delay', () => {
    const once = fitReference(reference, SINGLE_CHECK_SETTING, 3);
    assert.deepEqual([once.threshold, once.criticalScaled, once.expectedDelayDays], [0.05, null, null]);
    assert.deepEqual(once.nullDistances, fitted.nullDistances);
  });

  test('is the same for the same seed and another for another', () => {
    assert.deepEqual(fitReference(reference, setting, 3), fitted);
    const other = fitReference(reference, setting, 4);
    assert.notDeepEqual(other.nullDistances, fitted.nullDistances);
    assert.notEqual(other.criticalScaled, fitted.criticalScaled);
    assert.deepEqual(other.parameters, fitted.parameters);
  });

  test('belongs to exactly its values, window and rule', () => {
    assert.ok(belongsTo(fitted, asChanges(reference.slice()), setting));
    assert.ok(belongsTo(JSON.parse(JSON.stringify(fitted)) as DriftReference, reference, setting));
    for (const at of [0, 500, 999]) {
      const other = asChanges(reference.with(at, reference[at]! * (1 + 2 ** -52)));
      assert.ok(!belongsTo(fitted, other, setting), `the last bit of value ${at}`);
    }
    assert.ok(!belongsTo(fitted, asChanges(reference.slice(1)), setting));
    assert.ok(!belongsTo(fitted, asChanges(reference.toReversed()), setting));
    const rule = (days: number) => ({ kind: 'false-alarms', everyDays: days }) as const;
    for (const other of [
      { ...setting, windowDays: 59 },
      { ...setting, rule: rule(253) },
      { ...setting, rule: { kind: 'level', level: 0.05 } as const },
    ]) {
      assert.ok(!belongsTo(fitted, reference, other), JSON.stringify(other));
    }
    const once = fitReference(reference, SINGLE_CHECK_SETTING, 3);
    assert.ok(belongsTo(once, reference, SINGLE_CHECK_SETTING));
    assert.ok(!belongsTo(once, reference, setting));
    assert.ok(!belongsTo(once, reference, { ...SINGLE_CHECK_SETTING, rule: { kind: 'level', level: 0.01 } }));
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
