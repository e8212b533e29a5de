import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DATA_SHARES, LOSS_SHARE, WATCHES } from '../../../../core/drift/budget.ts';
import { fitQuietModel, simulateHistory } from '../../../../core/drift/distribution/quietModel.ts';
import { calibrateWatch } from '../../../../core/drift/sequential/calibrateWatch.ts';
import { limitOf } from '../../../../core/drift/sequential/limits.ts';
import { DETECTORS } from '../../../../core/drift/sequential/detectors.ts';
import { standardiserOf } from '../../../../core/drift/sequential/standardise.ts';
import { watchDays } from '../../../../core/drift/sequential/watchDays.ts';
import { createRandom } from '../../../../core/random.ts';
import { asChanges } from '../../../../core/series/transform.ts';
import { simulateReturns } from '../../../../lab/returnProcesses.ts';

const sizes = { referenceDays: 500, windowDays: 60, minimumDays: 30 };

test('what may be spent is shared out whole', () => {
  const total = WATCHES.reduce((sum, watch) => sum + DATA_SHARES[watch], LOSS_SHARE);
  assert.ok(Math.abs(total - 1) < 1e-12, `${total}`);
});

test('sums of known days pass their limits together as often as was asked, fits included', () => {
  const everyDays = 63; // a quarter, so that alarms are soon counted
  const model = fitQuietModel(asChanges(simulateReturns('garch', 500, createRandom(5))));
  const curves = calibrateWatch(model, sizes, 1);
  const limits = DETECTORS.map((detector) => limitOf(curves, detector, { everyDays, series: 1 }));
  let days = 0;
  let alarms = 0;
  for (let k = 0; k < 250; k += 1) {
    const history = simulateHistory(model, 500 + 250, createRandom(90_000 + k));
    const reference = asChanges(history.slice(0, 500));
    let first = 250;
    watchDays(standardiserOf(fitQuietModel(reference).parameters, reference), history.subarray(500), (sums, day) => {
      if (first === 250 && sums.some((sum, d) => sum >= limits[d]!)) first = day;
    });
    days += first;
    if (first < 250) alarms += 1;
  }
  // The sums have .69 of the budget, of which they share some days; 180 alarms: a standard error of 8 %, the limits' own as much.
  const share = DETECTORS.reduce((sum, detector) => sum + DATA_SHARES[detector], 0);
  const wished = everyDays / share;
  assert.ok(Math.abs(days / alarms / wished - 1) < 0.3, `${days / alarms} days between alarms, wished ${wished}`);
});

test('curves repeat for a seed, differ for another, and are plain JSON', () => {
  const model = fitQuietModel(asChanges(simulateReturns('normal', 500, createRandom(6))));
  const curves = calibrateWatch(model, sizes, 1);
  assert.deepEqual(calibrateWatch(model, sizes, 1), curves);
  assert.notDeepEqual(calibrateWatch(model, sizes, 1000), curves);
  assert.deepEqual(JSON.parse(JSON.stringify(curves)), curves);
});
