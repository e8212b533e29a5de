import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeArtifact, encodeArtifact } from '../../../../core/model/artifact.ts';
import { createPredictor } from '../../../../core/model/infer.ts';
import { DEFAULT_SPEC } from '../../../../core/model/spec.ts';
import { train } from '../../../../core/model/training/train.ts';
import { createRandom, normal } from '../../../../core/random.ts';

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

test('a network learns that volatility has two levels', () => {
  const request = {
    closes: switchingVolatility(1500, 4),
    validationDays: 250,
    spec: { ...spec, maxEpochs: 20 },
    seed: 1,
  };
  const { epochs, bestEpoch } = train({ ...request, spec: { ...request.spec, learningRate: 0.01 } });
  const anchor = train({ ...request, spec: { ...request.spec, learningRate: 0, maxEpochs: 1 } });
  const best = epochs[bestEpoch - 1]!.validationLoss;
  assert.ok(best < anchor.epochs[0]!.validationLoss - 0.02, `${best} against ${anchor.epochs[0]!.validationLoss}`);
});

test('fine-tuning begins with the weights and the scale given, and keeps them when nothing is better', () => {
  const closes = switchingVolatility(500, 5);
  const { network: initial } = train({ closes: closes.subarray(0, 300), validationDays: 60, spec, seed: 7 });
  const tuned = train({ closes, validationDays: 60, spec: { ...spec, learningRate: 0 }, seed: 8, initial });
  assert.equal(tuned.bestEpoch, 0);
  assert.deepEqual(tuned.network.weights, initial.weights);
  assert.deepEqual(tuned.network.scale, initial.scale);
});

test('training ends after `patience` epochs without a better validation loss, or after `maxEpochs`', () => {
  const closes = switchingVolatility(500, 5);
  const epochsOf = (change: Partial<typeof spec>) => {
    const { epochs, bestEpoch } = train({ closes, validationDays: 60, spec: { ...spec, ...change }, seed: 8 });
    return [epochs.length, bestEpoch];
  };
  // Nothing is learnt: no epoch is better than the weights it began with.
  for (const patience of [1, 2, 4])
    assert.deepEqual(epochsOf({ learningRate: 0, maxEpochs: 9, patience }), [patience, 0]);
  assert.deepEqual(epochsOf({ learningRate: 0, maxEpochs: 3, patience: 4 }), [3, 0]);
  // Learnt too fast, it is soon at its best.
  const [epochs, best] = epochsOf({ learningRate: 0.03, maxEpochs: 60, patience: 3 });
  assert.ok(best! > 0 && epochs! < 60);
  assert.equal(epochs, best! + 3);
});

test('training never sees the validation days, nor the horizon before them', () => {
  const closes = switchingVolatility(500, 6);
  const lossOfFirstEpoch = (levels: Float64Array): number =>
    train({ closes: levels, validationDays: 60, spec, seed: 7 }).epochs[0]!.trainingLoss;
  const changedAt = (index: number): Float64Array => closes.map((close, day) => (day === index ? 1.01 * close : close));
  const expected = lossOfFirstEpoch(closes);
  const firstUnseen = closes.length - 60 - spec.horizon;
  assert.equal(lossOfFirstEpoch(changedAt(firstUnseen)), expected);
  assert.notEqual(lossOfFirstEpoch(changedAt(firstUnseen - 1)), expected);
});

test('a training can be stopped between steps', () => {
  let asked = 0;
  const shouldStop = (): boolean => (asked += 1) > 3;
  const closes = switchingVolatility(500, 1);
  assert.throws(() => train({ closes, validationDays: 60, spec, seed: 7 }, { shouldStop }), { code: 'CANCELLED' });
  assert.equal(asked, 4);
});

test('too few values, too few validation days, and prices that are none are refused', () => {
  const request = { closes: switchingVolatility(300, 1), validationDays: 60, spec, seed: 7 };
  assert.throws(() => train({ ...request, closes: request.closes.subarray(0, 100) }), { code: 'TOO_FEW_VALUES' });
  assert.throws(() => train({ ...request, validationDays: 4 }), { code: 'INVALID_INPUT' });
  assert.throws(() => train({ ...request, closes: request.closes.map((c, k) => (k === 9 ? -c : c)) }), {
    code: 'INVALID_PRICE',
  });
  assert.throws(() => train({ ...request, closes: new Float64Array(300).fill(5) }), { code: 'INVALID_INPUT' });
  const predictor = createPredictor(train(request).network);
  assert.throws(() => predictor.predict(request.closes.subarray(0, 59)), { code: 'TOO_FEW_VALUES' });
  assert.throws(() => predictor.predictRange(request.closes, 58, 70), { code: 'TOO_FEW_VALUES' });
});

test('a series that crosses zero is trained on by its differences', () => {
  const closes = switchingVolatility(300, 3).map((close) => close - 100);
  const { network } = train({ closes, validationDays: 40, spec: { ...spec, transform: 'difference' }, seed: 7 });
  const [next] = createPredictor(network).predict(closes);
  assert.ok(next!.spread > 0.1 && next!.spread < 10);
});
