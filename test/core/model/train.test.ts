import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeArtifact, encodeArtifact } from '../../../core/model/artifact.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { train } from '../../../core/model/train.ts';
import { createRandom, normal } from '../../../core/random.ts';

const spec = { ...DEFAULT_SPEC, units: [6, 5], maxEpochs: 3, sequenceLength: 70 };

/** Levels whose volatility is four times as high in every second stretch of 50 days. */
function switchingVolatility(days: number, seed: number): Float64Array {
  const random = createRandom(seed);
  let level = 100;
  return Float64Array.from({ length: days }, (_, day) => {
    level *= Math.exp((Math.floor(day / 50) % 2 === 0 ? 0.005 : 0.02) * normal(random));
    return level;
  });
}

test('the same request gives the same bytes, another seed does not', () => {
  const request = { closes: switchingVolatility(500, 1), validationDays: 60, spec, seed: 7 };
  const first = encodeArtifact(train(request).network);
  assert.equal(encodeArtifact(train(request).network).sha256, first.sha256);
  assert.notEqual(encodeArtifact(train({ ...request, seed: 8 }).network).sha256, first.sha256);
});

test('a stored network forecasts as the trained one did', () => {
  const closes = switchingVolatility(500, 2);
  const { network } = train({ closes, validationDays: 60, spec, seed: 7 });
  const restored = decodeArtifact(encodeArtifact(network));
  assert.deepEqual(createPredictor(restored).predict(closes), createPredictor(network).predict(closes));
});

test('a range of windows is forecast as each window alone', () => {
  const closes = switchingVolatility(300, 3);
  const predictor = createPredictor(train({ closes, validationDays: 40, spec, seed: 7 }).network);
  const range = predictor.predictRange(closes, 59, 140);
  range.forEach((forecast, k) => {
    assert.deepEqual(forecast, predictor.predict(closes.subarray(0, 60 + k)));
  });
});

test('prices in another unit give the same distributions of change', () => {
  const closes = switchingVolatility(300, 3);
  const predictor = createPredictor(train({ closes, validationDays: 40, spec, seed: 7 }).network);
  const [one] = predictor.predict(closes);
  const [other] = predictor.predict(closes.map((close) => 1000 * close));
  assert.ok(Math.abs(one!.spread / other!.spread - 1) < 1e-5);
});
