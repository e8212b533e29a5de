import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import { io, setBackend, tensor3d, type Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { decodeArtifact, encodeArtifact, type Artifact } from '../../../core/model/artifact.ts';
import { changesOf, featuresOf, FEATURES } from '../../../core/model/features.ts';
import { readHead } from '../../../core/model/head.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { layoutOf, toWeights } from '../../../core/model/layout.ts';
import type { Network } from '../../../core/model/network.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { createRandom, normal } from '../../../core/random.ts';

/** A network of random weights, the head's too, so that its forecasts depend on all of them. */
function randomNetwork(units: readonly number[], seed: number): Network {
  const random = createRandom(seed);
  const spec = { ...DEFAULT_SPEC, units };
  const weights = toWeights(layoutOf(spec), new Float32Array(layoutOf(spec).size)).map(({ name, shape, values }) => ({
    name,
    shape,
    values: values.map(() => random() - 0.5),
  }));
  return { spec, scale: { changeDeviation: 0.01, logVolatilityMean: -4.6, logVolatilityDeviation: 0.4 }, weights };
}

function randomWalk(days: number, seed: number): Float64Array {
  const random = createRandom(seed);
  let level = 100;
  return Float64Array.from({ length: days }, () => (level *= Math.exp(0.01 * normal(random))));
}

const invalid = { code: 'INVALID_ARTIFACT' };

/** The artifact with its hash made to fit, as a program that writes bad models would store it. */
function rehash(artifact: Artifact): Artifact {
  const hash = createHash('sha256').update(artifact.topology).update('\0').update(artifact.weights);
  return { ...artifact, sha256: hash.digest('hex') };
}

test('any network comes back as it was stored', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
      fc.integer(),
      (units, seed) => {
        const network = randomNetwork(units, seed);
        assert.deepEqual(decodeArtifact(encodeArtifact(network)), network);
      },
    ),
    { numRuns: 30 },
  );
});

test('a truncated or altered artifact is refused', () => {
  const artifact = encodeArtifact(randomNetwork([6, 5], 1));
  const { topology, weights, sha256 } = artifact;
  assert.throws(() => decodeArtifact({ topology, weights: weights.subarray(0, -4), sha256 }), invalid);
  assert.throws(() => decodeArtifact({ topology: topology.replace('0.01', '0.02'), weights, sha256 }), invalid);
  const altered = weights.slice();
  altered[17]! ^= 1;
  assert.throws(() => decodeArtifact({ topology, weights: altered, sha256 }), invalid);
});

test('an artifact of wrong shape, order or numbers is refused although its hash fits', () => {
  const artifact = encodeArtifact(randomNetwork([6, 5], 1));
  const { topology, weights } = artifact;
  assert.doesNotThrow(() => decodeArtifact(rehash(artifact)));
  const notFinite = weights.slice();
  new DataView(notFinite.buffer).setFloat32(40, Number.NaN, true);
  for (const bad of [
    { weights: weights.subarray(0, -4) },
    { weights: notFinite },
    { topology: topology.replace('"units":[6,5]', '"units":[5,6]') },
    { topology: topology.replace('"changeDeviation":0.01', '"changeDeviation":0') },
    { topology: topology.replaceAll('lstm_1/bias', 'lstm_9/bias') },
    { topology: '{"format":' },
    { topology: '{}' },
  ]) {
    assert.throws(() => decodeArtifact(rehash({ ...artifact, ...bad })), invalid);
  }
});

test('weights that are not finite, or not of the spec, are neither stored nor served', () => {
  const network = randomNetwork([6, 5], 1);
  const [first, ...rest] = network.weights;
  const infinite = { ...first!, values: first!.values.map((value, k) => (k === 3 ? Infinity : value)) };
  for (const weights of [[infinite, ...rest], rest, [...rest, first!]]) {
    assert.throws(() => encodeArtifact({ ...network, weights }), invalid);
    assert.throws(() => createPredictor({ ...network, weights }), invalid);
  }
});

test('stock tfjs loads the stored model and makes the same forecasts', async () => {
  await setBackend('cpu');
  const network = randomNetwork([7, 5], 3);
  const { topology, weights } = encodeArtifact(network);
  // The fields of a model.json, as encodeArtifact documents them.
  const { modelTopology, weightsManifest } = JSON.parse(topology) as {
    modelTopology: object;
    weightsManifest: { weights: io.WeightsManifestEntry[] }[];
  };
  const weightSpecs = weightsManifest[0]!.weights;
  const model = await loadLayersModel(
    io.fromMemory({ modelTopology, weightSpecs, weightData: weights.slice().buffer }),
  );
  const names = model.layers.map((layer) => layer.getClassName());
  assert.deepEqual(names, ['LSTM', 'Dropout', 'LSTM', 'Dropout', 'Dense']);
  const closes = randomWalk(60, 9);
  const { values, volatility } = featuresOf(changesOf(closes, 'log-return'), network.scale, 59);
  const answer = model.predict(tensor3d(values, [1, 59, FEATURES])) as Tensor; // one head, one tensor
  const stock = readHead(answer.dataSync<'float32'>(), 5, volatility[58]!);
  createPredictor(network)
    .predict(closes)
    .forEach((own, h) => {
      for (const name of ['mean', 'spread', 'dof'] as const) {
        const scale = name === 'dof' ? stock[h]!.dof : stock[h]!.spread;
        assert.ok(Math.abs(own[name] - stock[h]![name]) <= 1e-4 * scale, `${name} of day ${h + 1}`);
      }
    });
});
