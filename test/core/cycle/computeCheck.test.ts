import assert from 'node:assert/strict';
import { test } from 'node:test';
import { computeCheck, type CheckInput } from '../../../core/cycle/computeCheck.ts';
import { scoreUnseen } from '../../../core/cycle/heldOut.ts';
import { forecastLosses, naiveLosses, toLossDay } from '../../../core/cycle/losses.ts';
import { SINGLE_CHECK_SETTING } from '../../../core/drift/setting.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { sliceSeries, type Series } from '../../../core/series/price.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { calibrationWith, ZERO_NETWORK } from '../../helpers/smallModel.ts';

/** Calm to index 720, then three times as wild. */
const BREAK = 720;
const series = simulateSeries({ length: BREAK + 60, seed: 26, volatility: (i) => (i < BREAK ? 0.01 : 0.03) });
const day = (index: number) => series.days[index]!;
const TRAINED = 654;

const model = { predictor: createPredictor(ZERO_NETWORK), calibration: calibrationWith(1), knownTo: day(TRAINED) };
const scores = scoreUnseen(model, series);

function inputFor(given: Partial<CheckInput> = {}): CheckInput {
  return {
    symbol: 'X',
    series,
    transform: ZERO_NETWORK.spec.transform,
    unseen: scores.map(toLossDay),
    validatedTo: day(BREAK - 1),
    reference: { to: day(BREAK - 1), fitted: null },
    setting: SINGLE_CHECK_SETTING,
    ...given,
  };
}

test('what came up to the reference is compared with what came after it, each change counted once', () => {
  for (const to of [BREAK - 1, BREAK + 9]) {
    const { drift } = computeCheck(inputFor({ reference: { to: day(to), fitted: null } }));
    // A change belongs to the day it leads to; the first day of a series has none.
    assert.deepEqual([drift.referenceSize, drift.currentSize], [to, series.days.length - 1 - to]);
  }
  const short = { ...SINGLE_CHECK_SETTING, referenceDays: 300, windowDays: 30 };
  const { drift, fitted } = computeCheck(inputFor({ setting: short }));
  assert.deepEqual([drift.referenceSize, drift.currentSize, fitted?.size], [300, 30, 300]);
  const { drift: none } = computeCheck(inputFor({ reference: { to: series.days.at(-1)!, fitted: null } }));
  assert.deepEqual([none.verdict, none.currentSize], ['undetermined', 0]);
  const { drift: nothing } = computeCheck(inputFor({ reference: { to: day(0), fitted: null } }));
  assert.deepEqual([nothing.verdict, nothing.referenceSize], ['undetermined', 0]);
});

test('a break after the reference is found, and none where there is none', () => {
  assert.equal(computeCheck(inputFor()).drift.verdict, 'drifted');
  const calm = sliceSeries(series, 0, BREAK);
  const { drift } = computeCheck(inputFor({ series: calm, reference: { to: day(BREAK - 61), fitted: null } }));
  assert.equal(drift.verdict, 'stable', drift.reason);
});

test('a stored fit is used while it is of these very days, and made anew after a corrected close', () => {
  const { fitted, drift } = computeCheck(inputFor());
  assert.ok(fitted !== null);
  const marked = { ...fitted, nullDistances: fitted.nullDistances.map((distance) => 2 * distance) };
  const again = computeCheck(inputFor({ reference: { to: day(BREAK - 1), fitted: marked } }));
  assert.equal(again.fitted, marked);
  assert.ok(again.drift.calibratedP! > drift.calibratedP!, 'its distances are those that count');
  const corrected: Series = {
    days: series.days,
    closes: series.closes.map((close, i) => (i === 500 ? close * 1.01 : close)),
  };
  const renewed = computeCheck(inputFor({ series: corrected, reference: { to: day(BREAK - 1), fitted: marked } }));
  assert.ok(renewed.fitted !== null && renewed.fitted.digest !== fitted.digest);
  assert.notDeepEqual(renewed.fitted.nullDistances, marked.nullDistances);
  // The same days under another window are another question.
  const narrower = { ...SINGLE_CHECK_SETTING, windowDays: 40 };
  const other = computeCheck(inputFor({ setting: narrower, reference: { to: day(BREAK - 1), fitted: marked } }));
  assert.equal(other.fitted?.setting.windowDays, 40);
  assert.equal(drift.verdict, 'drifted');
});

test('too few days to fit leave no fit, and the loss is judged all the same', () => {
  const { drift, fitted } = computeCheck(inputFor({ reference: { to: day(249), fitted: null } }));
  assert.deepEqual([drift.verdict, fitted], ['undetermined', null]);
  const { fitted: enough } = computeCheck(inputFor({ reference: { to: day(250), fitted: null } }));
  assert.equal(enough?.size, 250);
});

test('live are the days after the champion was last judged, held out those between its training and that day', () => {
  const { loss } = computeCheck(inputFor());
  const [heldOut, live] = [scores.slice(0, BREAK - 1 - TRAINED), scores.slice(BREAK - 1 - TRAINED)];
  assert.deepEqual([heldOut.at(-1)?.day, live[0]?.day], [day(BREAK - 1), day(BREAK)]);
  assert.deepEqual([loss.liveSize, loss.heldOutSize], [60, BREAK - 1 - TRAINED]);
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const close = (value: number | null, expected: number): void => {
    assert.ok(value !== null && Math.abs(value / expected - 1) < 1e-12, `${value} and ${expected}`);
  };
  close(loss.ratio, mean(forecastLosses(live).crps) / mean(forecastLosses(heldOut).crps));
  close(loss.naiveRatio, mean(forecastLosses(live).crps) / mean(naiveLosses(live).crps));
  close(loss.heldOutNaiveRatio, mean(forecastLosses(heldOut).crps) / mean(naiveLosses(heldOut).crps));

  const untested = computeCheck(inputFor({ unseen: [] }));
  assert.deepEqual([untested.loss.liveSize, untested.loss.heldOutSize], [0, 0]);
});

const YEARLY = { ...SINGLE_CHECK_SETTING, rule: { kind: 'false-alarms', everyDays: 252 } } as const;

test('day by day a break is found within a few days of its beginning, from the days since the reference alone', () => {
  const reference = { to: day(BREAK - 11), fitted: null };
  const on = (index: number) =>
    computeCheck(inputFor({ series: sliceSeries(series, 0, index + 1), reference, setting: YEARLY }));
  const quiet = on(BREAK - 1);
  assert.deepEqual([quiet.watch.verdict, quiet.watch.days], ['stable', 10]);
  const first = Array.from({ length: 15 }, (_, k) => BREAK + k).find((index) => on(index).watch.verdict === 'drifted');
  assert.ok(first !== undefined && first < BREAK + 8, `noticed on day ${first} of a break on ${BREAK}`);
  const { watch, drift } = on(first);
  assert.equal(watch.cause, 'volatility');
  assert.match(watch.first.detector, /^volatility-(up|level)$/);
  assert.equal(drift.verdict, 'undetermined', 'the window of the check of record is still filling');
});

test('a flock of many holds each series to stricter limits, by one and the same fit', () => {
  const { fitted, watch } = computeCheck(inputFor({ setting: YEARLY }));
  const many = computeCheck(inputFor({ setting: YEARLY, flock: 100, reference: { to: day(BREAK - 1), fitted } }));
  assert.equal(many.fitted, fitted);
  for (const [k, { detector, limit, statistic }] of many.watch.readings.entries()) {
    assert.ok(limit > watch.readings[k]!.limit + 2, detector);
    assert.equal(statistic, watch.readings[k]!.statistic);
  }
});

test('a person who asked for single checks gets no daily detectors', () => {
  assert.deepEqual(computeCheck(inputFor()).watch.readings, []);
});
