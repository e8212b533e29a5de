import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginTenure, beginUngated, extendTenure, resumeTenure, versionInService } from '../../../core/cycle/tenure.ts';
import { parseVersion } from '../../../core/model/version.ts';
import type { TradingDay } from '../../../core/series/day.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 100, seed: 1 });
const today = series.days[99]!;
const judged = { series, reason: 'stale', windowDays: 60 } as const;
const band = { level: 0.9, horizons: [{ missRate: 0.1, scores: [1] }] };
const losses = { days: [today], crps: [0.1], squaredError: [0.2] };

test('a winner begins judged today, with the bands it was given and nothing held against it', () => {
  assert.deepEqual(beginTenure({ ...judged, reason: 'no-champion' }, band), {
    promotedOn: today,
    validatedTo: today,
    evidence: {},
    reference: { to: series.days[39], fitted: null },
    band,
  });
});

test('a champion that stays is judged today, remembers what spoke against it, and keeps its promotion and bands', () => {
  const evidence = { 'fine-tuned': losses };
  assert.deepEqual(extendTenure(judged, { evidence }), {
    validatedTo: today,
    evidence,
    reference: { to: series.days[39], fitted: null },
  });
});

test('the reference leaves the next check a full window of changes, and after an alarm takes in the days that caused it', () => {
  const endOf = (reason: 'stale' | 'drifted' | 'decayed' | 'manual' | 'no-champion', windowDays: number, days = 100) =>
    extendTenure({ series: sliceSeries(series, 0, days), reason, windowDays }, { evidence: {} }).reference.to;
  for (const reason of ['stale', 'decayed', 'manual', 'no-champion'] as const) {
    const to = endOf(reason, 30);
    assert.equal(series.days.filter((day) => day > to).length, 30, 'each day after it ends one change');
  }
  assert.equal(endOf('drifted', 30), today);
  assert.equal(endOf('stale', 60, 20), series.days[0], 'a history shorter than a window is all behind it');
});

test('a model put into service past the gate counts as judged when it was trained; one that comes back is as it was, from today on', () => {
  const trainedTo = series.days[50]!;
  const ungated = beginUngated({ trainedTo, calibration: { band } }, today);
  const reference = { to: trainedTo, fitted: null };
  assert.deepEqual(ungated, { promotedOn: today, validatedTo: trainedTo, evidence: {}, reference, band });
  const former = { ...ungated, promotedOn: series.days[60]!, evidence: { 'fine-tuned': losses } };
  assert.deepEqual(resumeTenure(former, today), { ...former, promotedOn: today });
});

test('in service at the end of a day is who was promoted last until then, also where someone comes back the same day', () => {
  const [one, two] = [parseVersion(1), parseVersion(2)];
  const day = (index: number): TradingDay => series.days[index]!;
  const starts = [
    { version: one, promotedOn: day(10) },
    { version: two, promotedOn: day(20) },
    { version: one, promotedOn: day(20) },
    { version: two, promotedOn: day(30) },
  ];
  const versions = [9, 10, 19, 20, 29, 30, 99].map((index) => versionInService(starts, day(index)));
  assert.deepEqual(versions, [undefined, one, one, one, one, two, two]);
});
