import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fitQuietModel } from '../../../../core/drift/distribution/quietModel.ts';
import { DETECTORS, type Detector } from '../../../../core/drift/sequential/detectors.ts';
import { standardiserOf } from '../../../../core/drift/sequential/standardise.ts';
import { watchDays } from '../../../../core/drift/sequential/watchDays.ts';
import { createRandom } from '../../../../core/random.ts';
import { asChanges } from '../../../../core/series/transform.ts';
import { simulateReturns, type ProcessName } from '../../../../lab/returnProcesses.ts';

function quietOf(process: ProcessName, seed: number) {
  const returns = simulateReturns(process, 3000, createRandom(seed));
  const reference = asChanges(returns.slice(0, 1000));
  return { standardiser: standardiserOf(fitQuietModel(reference).parameters, reference), days: returns.slice(1000) };
}

/** The sum that is highest in its own deviations on quiet days tells little; what counts is which one a change raises most. */
function highest(process: ProcessName, seed: number, change: (value: number, t: number) => number): Detector {
  const { standardiser, days } = quietOf(process, seed);
  let last = new Float64Array(DETECTORS.length);
  watchDays(standardiser, days.slice(0, 60).map(change), (sums) => {
    last = Float64Array.from(sums);
  });
  const ofStandardised = last.slice(0, DETECTORS.indexOf('volatility-level')); // the level's is in other units
  return DETECTORS[ofStandardised.indexOf(Math.max(...ofStandardised))]!;
}

test('a crash that the filter follows step by step is seen by its level', () => {
  // Each day half as wild again as the one before, up to eight times, as a filter expects after such days.
  const { standardiser, days } = quietOf('garch', 5);
  const crash = days.slice(0, 40).map((value, t) => value * Math.min(8, 1.5 ** Math.floor(t / 2)));
  let last = new Float64Array(DETECTORS.length);
  watchDays(standardiser, crash, (sums) => {
    last = Float64Array.from(sums);
  });
  const level = last[DETECTORS.indexOf('volatility-level')]!;
  assert.ok(level > 2 * last[DETECTORS.indexOf('volatility-up')]!, last.join());
  let calm = 0;
  watchDays(standardiser, days.slice(0, 40), (sums) => {
    calm = Math.max(calm, sums[DETECTORS.indexOf('volatility-level')]!);
  });
  assert.ok(level > 5 * calm, `${level} in the crash, ${calm} on the same days in quiet`);
});

describe('each change raises the sum that is named for it', () => {
  const changes: readonly (readonly [Detector, (value: number) => number])[] = [
    ['volatility-up', (value) => 2 * value],
    ['volatility-down', (value) => 0.4 * value],
    ['mean-up', (value) => value + 0.7],
    ['mean-down', (value) => value - 0.7],
    ['tails-lighter', (value) => Math.sign(value) * (0.85 + 0.02 * Math.abs(value))],
  ];
  for (const [detector, change] of changes) {
    test(detector, () => {
      const found = [1, 2, 3, 4, 5].map((seed) => highest('normal', seed, change));
      assert.ok(found.filter((each) => each === detector).length >= 4, found.join());
    });
  }
});

test('days told in two parts end where days told at once end', () => {
  const { standardiser, days } = quietOf('garch', 7);
  const paths: number[][] = [];
  watchDays(standardiser, days.slice(0, 50), (sums) => paths.push([...sums]));
  const shorter: number[][] = [];
  watchDays(standardiser, days.slice(0, 30), (sums) => shorter.push([...sums]));
  assert.deepEqual(paths.slice(0, 30), shorter);
  assert.ok(paths.flat().every((sum) => Number.isFinite(sum) && sum >= 0));
});

test('a day without any change and one a hundred times the usual give finite sums, and neither alarms alone', () => {
  const { standardiser } = quietOf('t5-garch', 3);
  watchDays(standardiser, Float64Array.of(0, 100, 0), (sums) => {
    assert.ok(
      sums.every((sum) => Number.isFinite(sum) && sum < 8),
      sums.join(),
    );
  });
});
