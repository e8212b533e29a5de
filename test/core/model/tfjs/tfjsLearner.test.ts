import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory } from '@tensorflow/tfjs-core';
import { FEATURES } from '../../../../core/model/features.ts';
import { createPredictor } from '../../../../core/model/infer.ts';
import { initialParameters } from '../../../../core/model/training/initial.ts';
import { withKernel } from '../../../../core/model/kernel/acquire.ts';
import { layoutOf, toParameters, toWeights } from '../../../../core/model/layout.ts';
import type { Learner } from '../../../../core/model/training/learner.ts';
import { Pass } from '../../../../core/model/pass.ts';
import { DEFAULT_SPEC } from '../../../../core/model/spec.ts';
import { openTfjs } from '../../../../core/model/tfjs/openTfjs.ts';
import { TfjsLearner } from '../../../../core/model/tfjs/tfjsLearner.ts';
import { train } from '../../../../core/model/training/train.ts';
import { createRandom } from '../../../../core/random.ts';
import { simulateSeries } from '../../../../lab/simulatedSeries.ts';

// 11 sequences: a group of eight and one of three, as the kernel lays them out.
const spec = {
  ...DEFAULT_SPEC,
  units: [6, 5],
  sequenceLength: 70,
  batch: 11,
  dropout: 0.3,
  maxEpochs: 4,
  learningRate: 5e-3,
};
const { batch, sequenceLength: steps, warmup, horizon } = spec;
const outputs = 3 * horizon;

/** Answers, gradients and the parameters after two steps of the optimiser, as numbers in one order for every learner. */
function lesson(learner: Learner & { gradients(): Float32Array }, dropoutSeed: number | undefined) {
  const random = createRandom(5);
  const layout = layoutOf(spec);
  const noisy = initialParameters(spec, random).map((value) => value + 0.1 * (random() - 0.5));
  learner.load(toParameters(layout, toWeights(layout, noisy))); // padding is zero
  const answers: number[] = [];
  for (const step of [1, 2]) {
    for (let sequence = 0; sequence < batch; sequence += 1)
      learner.setInput(
        sequence,
        Float32Array.from({ length: steps * FEATURES }, () => 2 * random() - 1),
      );
    learner.forward(dropoutSeed);
    for (let sequence = 0; sequence < batch; sequence += 1) {
      const { floats, at, stride, spacing } = learner.answersOf(sequence);
      for (let t = 0; t < steps - warmup; t += 1) {
        for (let k = 0; k < outputs; k += 1) {
          const place = at + t * stride + k * spacing;
          answers.push(floats[place] ?? Number.NaN);
          floats[place] = random() - 0.5;
        }
      }
    }
    learner.backward(dropoutSeed);
    learner.update(step, 0.01, 1);
  }
  return { answers, gradients: learner.gradients(), parameters: learner.parameters() };
}

/** The largest difference, in parts of the largest number. */
function apart(one: ArrayLike<number>, other: ArrayLike<number>): number {
  assert.equal(one.length, other.length);
  let [most, largest] = [0, 0];
  Array.from(one).forEach((value, k) => {
    most = Math.max(most, Math.abs(value - (other[k] ?? Number.NaN)));
    largest = Math.max(largest, Math.abs(value));
  });
  assert.ok(largest > 0);
  return most / largest;
}

for (const [name, seed] of [
  ['without dropout', undefined],
  ['with the same numbers dropped', 77],
] as const) {
  test(`answers, gradients and steps of Adam are the kernel's, ${name}`, async () => {
    const withTfjs = await openTfjs();
    const expected = withKernel((kernel) =>
      lesson(new Pass(kernel, spec, { steps, batch, from: warmup, training: true }), seed),
    );
    const got = withTfjs(spec, (learner) => {
      assert.ok(learner instanceof TfjsLearner);
      return lesson(learner, seed);
    });
    for (const part of ['answers', 'gradients', 'parameters'] as const) {
      const difference = apart(expected[part], got[part]);
      assert.ok(difference < 1e-5, `${part} differ by ${difference.toExponential(1)}`);
    }
  });
}

test('the same request trains along the same losses to the same forecasts, and keeps no tensor', async () => {
  const withLearner = await openTfjs();
  const { closes } = simulateSeries({ length: 700, seed: 12 });
  const request = { closes, validationDays: 120, spec, seed: 3 };
  const expected = train(request);
  const before = memory().numTensors;
  const got = train(request, { withLearner });
  assert.equal(memory().numTensors, before);
  assert.match(got.backend, /^tfjs-(node|wasm)$/);
  assert.equal(got.epochs.length, expected.epochs.length);
  assert.equal(got.bestEpoch, expected.bestEpoch);
  for (const [k, { trainingLoss, validationLoss }] of expected.epochs.entries()) {
    assert.ok(Math.abs((got.epochs[k]?.trainingLoss ?? 0) - trainingLoss) < 1e-5, `training loss of epoch ${k + 1}`);
    assert.ok(
      Math.abs((got.epochs[k]?.validationLoss ?? 0) - validationLoss) < 1e-5,
      `validation loss of epoch ${k + 1}`,
    );
  }
  assert.ok(
    (expected.epochs[0]?.trainingLoss ?? 0) > (expected.epochs.at(-1)?.trainingLoss ?? 0),
    'something was learnt',
  );
  const flat = (network: typeof got.network): number[] =>
    createPredictor(network)
      .predictRange(closes, 600, 700)
      .flat()
      .flatMap(({ mean, spread, dof }) => [mean / spread, spread, 1 / dof]);
  assert.ok(apart(flat(expected.network), flat(got.network)) < 1e-4);

  // Fine-tuned from what the other has made.
  const tuned = train({ ...request, initial: expected.network }, { withLearner });
  const own = train({ ...request, initial: expected.network });
  assert.ok(apart(flat(own.network), flat(tuned.network)) < 1e-4);
});
