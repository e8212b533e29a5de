import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encodeArtifact } from '../../../core/model/artifact.ts';
import { forecastDistance } from '../../../core/model/forecastDistance.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { initialParameters } from '../../../core/model/training/initial.ts';
import { layoutOf, toWeights } from '../../../core/model/layout.ts';
import { backendOf } from '../../../core/model/training/learner.ts';
import type { ChangeDistribution, Network, Predictor } from '../../../core/model/network.ts';
import { compareTrainings, FORECAST_TOLERANCE } from '../../../core/model/reproduction.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { createRandom } from '../../../core/random.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const spec = { ...DEFAULT_SPEC, units: [4] };
const { closes } = simulateSeries({ length: 320, seed: 8 });

/** A network whose answer on the spread of every day is shifted by `shift` (of which three tenths are the logarithm). */
function network(shift: number): Network {
  const layout = layoutOf(spec);
  const weights = toWeights(layout, initialParameters(spec, createRandom(1))).map((weight) =>
    weight.name === 'head/bias'
      ? { ...weight, values: weight.values.map((_, k) => (Math.floor(k / spec.horizon) === 1 ? shift / 0.3 : 0)) }
      : weight,
  );
  return { spec, scale: { changeDeviation: 0.01, logVolatilityMean: -4.6, logVolatilityDeviation: 0.3 }, weights };
}

const trained = (shift: number, backend: string) => ({ network: network(shift), backend });
const stored = (shift: number, backend: string) => ({
  ...trained(shift, backend),
  sha256: encodeArtifact(network(shift)).sha256,
});

test('what the kernel trained twice, in whichever of its forms, is compared by its bytes', () => {
  const { sha256 } = encodeArtifact(network(0));
  const same = { by: 'hash', same: true, stored: sha256, trained: sha256 };
  assert.deepEqual(compareTrainings(stored(0, 'wasm-fma'), trained(0, 'plain'), closes), same);
  const other = compareTrainings(stored(0, 'wasm-fma'), trained(1e-6, 'wasm-simd'), closes);
  assert.deepEqual([other.by, other.same], ['hash', false], 'however little they differ');
});

test('where tfjs trained one of them their forecasts may differ by the tolerance and no more', () => {
  for (const [one, other] of [
    ['wasm-fma', 'tfjs-wasm'],
    ['tfjs-node', 'plain'],
    ['tfjs-node', 'tfjs-wasm'],
  ] as const) {
    for (const [shift, same] of [
      [0, true],
      [0.9 * FORECAST_TOLERANCE, true],
      [1.1 * FORECAST_TOLERANCE, false],
    ] as const) {
      const found = compareTrainings(stored(0, one), trained(shift, other), closes);
      assert.ok(found.by === 'forecasts');
      assert.deepEqual([found.same, found.tolerance], [same, FORECAST_TOLERANCE]);
      assert.equal(found.distance.forecasts, 250 * spec.horizon, 'each day of the last trading year');
      assert.ok(Math.abs(found.distance.spread - Math.expm1(shift)) < 1e-5);
      assert.equal(found.distance.mean, 0);
    }
  }
});

test('the distance is the largest, of means in spreads of the first and of spreads as a ratio either way', () => {
  const says = (answers: readonly (readonly [number, number])[]): Predictor => ({
    ...createPredictor(network(0)),
    predictRange: (_, from, to) =>
      answers.slice(from, to).map(([mean, spread]): ChangeDistribution[] => [{ mean, spread, dof: 6 }]),
  });
  const one = says([
    [9, 1],
    [0, 2],
    [1, 1],
    [0, 1],
  ]);
  const other = says([
    [0, 9],
    [0.5, 1.6],
    [1, 1.1],
    [0, 1],
  ]);
  const range = { from: 1, to: 4 };
  assert.deepEqual(forecastDistance(one, other, closes, range), { mean: 0.25, spread: 0.25, forecasts: 3 });
  assert.deepEqual(forecastDistance(one, one, closes, range), { mean: 0, spread: 0, forecasts: 3 });
});

test('a training is repeated by what trained it', () => {
  assert.deepEqual(['wasm-fma', 'wasm-simd', 'plain', 'tfjs-wasm', 'tfjs-node'].map(backendOf), [
    'kernel',
    'kernel',
    'kernel',
    'tfjs',
    'tfjs',
  ]);
});
