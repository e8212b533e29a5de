import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DETECTORS } from '../../../../core/drift/sequential/detectors.ts';
import { fitReference } from '../../../../core/drift/distribution/reference.ts';
import { assessWatch } from '../../../../core/drift/sequential/assessWatch.ts';
import { DEFAULT_DRIFT_SETTING, SINGLE_CHECK_SETTING } from '../../../../core/drift/setting.ts';
import { createRandom } from '../../../../core/random.ts';
import { asChanges } from '../../../../core/series/transform.ts';
import { simulateReturns } from '../../../../lab/returnProcesses.ts';

const returns = simulateReturns('garch', 1200, createRandom(4)).map((value) => 0.01 * value);
const reference = asChanges(returns.slice(0, 1000));
const fitted = fitReference(reference, DEFAULT_DRIFT_SETTING, 3);
const budget = { everyDays: 252, series: 1 };
const assess = (days: Float64Array) => assessWatch({ reference, days: asChanges(days), fitted, budget });

describe('a watch', () => {
  const wild = returns.slice(1000, 1060).map((value, t) => (t < 40 ? value : 4 * value));

  test('says where each detector stands, which is furthest and since when it rises', () => {
    const report = assess(wild.slice(0, 52));
    assert.deepEqual(
      [report.verdict, report.cause, report.first?.detector],
      ['drifted', 'volatility', 'volatility-up'],
    );
    assert.ok(report.risingDays! >= 8, `${report.risingDays} days`);
    assert.ok(report.first!.statistic >= report.first!.limit);
    assert.match(
      report.reason,
      /^Day by day: a rising volatility has \d+\.\d\d against a limit of \d\.\d\d, rising for \d+ days\.$/,
    );
    assert.deepEqual(
      report.readings.map(({ detector }) => detector),
      DETECTORS,
    );
    assert.deepEqual(JSON.parse(JSON.stringify(report)), report);
  });

  test('is about today: a sum that has come back below its limit no longer alarms', () => {
    const calm = Float64Array.from([...wild.slice(0, 44), ...returns.slice(1100, 1190)]);
    assert.equal(assess(calm).verdict, 'stable');
    assert.match(assess(calm).reason, /^Day by day, nearest to its limit: /);
  });

  test('names a feed that repeats itself, and not a market that has become calm', () => {
    const stuck = Float64Array.from([...returns.slice(1000, 1030), ...new Float64Array(30)]);
    assert.deepEqual([assess(stuck).verdict, assess(stuck).cause], ['drifted', 'feed']);
    const calm = returns.slice(1000, 1060).map((value, t) => (t < 20 ? value : 0.1 * value));
    assert.deepEqual([assess(calm).verdict, assess(calm).cause], ['drifted', 'volatility']);
  });
});

test('nothing is said without a day, a fit, a budget, or of a reference that cannot be fitted', () => {
  const days = asChanges(returns.slice(1000, 1010));
  const once = fitReference(reference, SINGLE_CHECK_SETTING, 3);
  for (const given of [
    { reference, days: asChanges(new Float64Array(0)), fitted, budget },
    { reference, days, fitted: null, budget },
    { reference, days, fitted: once, budget },
    { reference, days, fitted, budget: null },
    { reference: asChanges(reference.slice(0, 100)), days, fitted, budget },
  ]) {
    const { verdict, readings, first } = assessWatch(given);
    assert.deepEqual([verdict, readings, first], ['undetermined', [], null]);
  }
});
