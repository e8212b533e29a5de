import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fitQuietModel, simulateHistory } from '../../../../core/drift/distribution/quietModel.ts';
import { criticalDistance, expectedDelay } from '../../../../core/drift/distribution/runLength.ts';
import { simulateReturns, type ProcessName } from '../../../../lab/returnProcesses.ts';
import { createRandom } from '../../../../core/random.ts';
import { ksStatistic, sortFinite } from '../../../../core/stats/ks.ts';

const watch = { windowDays: 40, minimumDays: 30, referenceDays: 300 };
const everyDays = 63;
const modelOf = (process: ProcessName) => fitQuietModel(simulateReturns(process, 1000, createRandom(2)));

/** The first day of `days` on which a window of at most 40 and at least 30 of them lies `critical` away, else undefined. */
function firstAlarm(reference: Float64Array, days: Float64Array, critical: number): number | undefined {
  const sorted = sortFinite(reference);
  for (let day = 30; day <= days.length; day += 1) {
    const window = sortFinite(days.subarray(Math.max(0, day - 40), day));
    const scale = Math.sqrt((300 * window.length) / (300 + window.length));
    if (ksStatistic(sorted, window) * scale >= critical) return day;
  }
  return undefined;
}

describe('critical distance of a daily check', () => {
  for (const process of ['normal', 'garch'] as const) {
    test(`on ${process} days is passed for the first time once in the wished days`, () => {
      const model = modelOf(process);
      let days = 0;
      let alarms = 0;
      for (let k = 0; k < 8; k += 1) {
        const critical = criticalDistance(model, { ...watch, everyDays }, 1000 * (k + 1));
        for (let life = 0; life < 60; life += 1) {
          const history = simulateHistory(model, 300 + 4 * everyDays, createRandom(500_000 + 100 * k + life));
          const at = firstAlarm(history.subarray(0, 300), history.subarray(300), critical);
          days += at ?? 4 * everyDays;
          if (at !== undefined) alarms += 1;
        }
      }
      // Eight limits from 100 histories each: 3.6 % of standard error, and 4.6 % of the 480 lives; together 5.8 %.
      const mean = days / alarms;
      assert.ok(Math.abs(mean / everyDays - 1) < 3 * 0.058, `${mean} days`);
    });
  }

  test('grows with the wished days and repeats for a seed', () => {
    const model = modelOf('normal');
    const critical = (days: number, seed = 1) => criticalDistance(model, { ...watch, everyDays: days }, seed);
    assert.ok(critical(40) < critical(80) && critical(80) < critical(252));
    assert.equal(critical(80), critical(80));
    assert.notEqual(critical(80), critical(80, 500));
  });
});

describe('expected delay', () => {
  const model = modelOf('normal');
  const critical = criticalDistance(model, { ...watch, everyDays }, 1);

  test('is the median day, after the change, on which a window of quiet days first passes', () => {
    const delays = Array.from({ length: 300 }, (_, k) => {
      const history = simulateHistory(model, 340 + 252, createRandom(9000 + k)).map((value, t) =>
        t < 340 ? value : 2 * value,
      );
      const sorted = sortFinite(history.subarray(0, 300));
      for (let day = 1; day <= 252; day += 1) {
        const window = sortFinite(history.subarray(300 + day, 340 + day));
        if (ksStatistic(sorted, window) * Math.sqrt((300 * 40) / 340) >= critical) return day;
      }
      return Infinity;
    }).sort((a, b) => a - b);
    const delay = expectedDelay(model, watch, critical, 2, 7)!;
    // The median of 60 delays lies between these shares of all delays but for one time in 400: .5 and 3 standard errors of .065.
    assert.ok(delay >= delays[Math.floor(0.305 * 300)]! && delay <= delays[Math.ceil(0.695 * 300)]!, `${delay} days`);
  });

  test('is longer for a smaller change, and none where half go unnoticed for a year', () => {
    const after = (factor: number) => expectedDelay(model, watch, critical, factor, 7);
    assert.ok(after(3)! < after(1.6)!);
    assert.equal(expectedDelay(model, watch, 3, 1.2, 7), null);
  });
});
