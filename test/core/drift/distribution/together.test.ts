import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DriftedData, DriftReport } from '../../../../core/drift/distribution/report.ts';
import { undetermined } from '../../../../core/drift/distribution/obstacle.ts';
import { judgeTogether } from '../../../../core/drift/distribution/together.ts';
import { asChanges } from '../../../../core/series/transform.ts';

const alarm: DriftedData = {
  statistic: 0.3,
  rawP: 0.001,
  rawMethod: 'exact',
  calibratedP: 0.01,
  bootstrapP: null,
  threshold: 0.02,
  referenceSize: 1000,
  currentSize: 60,
  verdict: 'drifted',
  cause: 'volatility',
  evidence: {
    meanShift: 0,
    meanP: 0.5,
    volatilityRatio: 2,
    volatilityP: 0.01,
    shapeDistance: 0.1,
    shapeP: 0.5,
    unchangedShare: 0,
    unchangedShareReference: 0,
  },
  reason: 'Drift.',
  expectedDelayDays: 40,
};

test('one alarm among quiet series is what chance gives, and does not stand', () => {
  const judged = judgeTogether(alarm, [0.4, 0.6, 0.9]);
  assert.deepEqual([judged.verdict, judged.cause], ['stable', null]);
  assert.equal(
    judged.reason,
    'No drift once 4 series are looked at together: calibrated p 0.01, adjusted 0.04, threshold 0.02.',
  );
  assert.deepEqual({ ...judged, verdict: alarm.verdict, cause: alarm.cause, reason: alarm.reason }, alarm);
});

test('series that drift together confirm each other; alone nothing is adjusted', () => {
  assert.equal(judgeTogether(alarm, [0.01, 0.012, 0.015]).verdict, 'drifted');
  assert.equal(judgeTogether(alarm, []), alarm);
});

test('an adjusted p just at the threshold stands', () => {
  const even = { ...alarm, calibratedP: 0.01, threshold: 0.02 };
  assert.equal(judgeTogether(even, [0.5]), even, 'of two series, twice .01');
  assert.equal(judgeTogether({ ...even, threshold: 0.0199 }, [0.5]).verdict, 'stable');
});

test('a quiet or undetermined report is left as it is', () => {
  const quiet: DriftReport = { ...alarm, verdict: 'stable', cause: null, calibratedP: 0.5 };
  assert.equal(judgeTogether(quiet, [0.5]), quiet);
  const short = asChanges(new Float64Array(3));
  const unknown = undetermined(short, short, { kind: 'short-window', reason: 'Too short.' });
  assert.equal(judgeTogether(unknown, [0.5]), unknown);
});
