import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeDrift } from '../../../../core/drift/distribution/describe.ts';
import { undetermined } from '../../../../core/drift/distribution/obstacle.ts';
import { asChanges } from '../../../../core/series/transform.ts';
import type { DriftedData } from '../../../../core/drift/distribution/report.ts';

const report: DriftedData = {
  statistic: 0.31239,
  rawP: 0.00002,
  rawMethod: 'exact',
  calibratedP: 0.0019,
  bootstrapP: 0.01247,
  threshold: 0.0712,
  referenceSize: 1000,
  currentSize: 45,
  verdict: 'drifted',
  cause: 'volatility',
  evidence: {
    meanShift: -0.456,
    meanP: 0.3,
    volatilityRatio: 2.345,
    volatilityP: 0.0025,
    shapeDistance: 0.1,
    shapeP: 0.5,
    unchangedShare: 0.155,
    unchangedShareReference: 0.004,
  },
  reason: 'Drift: volatility is 2.35 times the reference.',
  limit: 0.19876,
};

test('every figure has its line', () => {
  assert.deepEqual(describeDrift(report), [
    'verdict         drifted (volatility)',
    'reason          Drift: volatility is 2.35 times the reference.',
    'windows         1,000 reference changes, 45 current',
    'statistic       D = 0.3124',
    'raw p           below 0.0001 (exact, as if days were independent)',
    'calibrated p    0.0019 (filtered historical simulation)',
    'second opinion  0.0125 (block bootstrap)',
    'threshold       0.0712 (D of 0.1988)',
    'mean            -0.46 deviations, p 0.3',
    'volatility      x 2.35, p 0.0025',
    'shape           D = 0.1000 once standardised, p 0.5',
    'unchanged days  16 % against 0 % in the reference',
  ]);
});

test('what is not known is left out', () => {
  const [before, now] = [1000, 45].map((size) => asChanges(new Float64Array(size)));
  const unknown = undetermined(before!, now!, { kind: 'short-window', reason: 'Too few.' });
  assert.deepEqual(describeDrift(unknown), [
    'verdict         undetermined',
    'reason          Too few.',
    'windows         1,000 reference changes, 45 current',
  ]);
});

test('a rise has its sign, and a single check no distance that alarms', () => {
  const lines = describeDrift({
    ...report,
    rawP: 1e-4,
    evidence: { ...report.evidence, meanShift: 0 },
    limit: null,
  });
  assert.ok(lines.includes('mean            +0.00 deviations, p 0.3'));
  assert.ok(lines.includes('raw p           0.0001 (exact, as if days were independent)'));
  assert.ok(lines.includes('threshold       0.0712'));
});
