import { test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { layerGradients, layerOutputs, type LayerShape } from '../../lab/kernelLayer.ts';
import { createRandom } from '../../core/random.ts';
import { assertClose } from '../core/model/kernel/assertClose.ts';

function randomCase(shape: LayerShape, seed: number) {
  const random = createRandom(seed);
  const draw = (count: number) => Float32Array.from({ length: count }, () => 2 * random() - 1);
  const { batch, steps, inputs, units } = shape;
  return {
    weights: { kernel: draw(inputs * 4 * units), recurrentKernel: draw(units * 4 * units), bias: draw(4 * units) },
    input: draw(batch * steps * inputs),
    direction: draw(batch * steps * units),
  };
}

/** Outputs, and gradients of Σ direction · outputs, by the stock layer on the cpu backend. */
function stock(shape: LayerShape, { weights, input, direction }: ReturnType<typeof randomCase>) {
  const { batch, steps, inputs, units } = shape;
  return tf.tidy(() => {
    const layer = layers.lstm({
      units,
      returnSequences: true,
      recurrentActivation: 'sigmoid',
      recurrentInitializer: 'zeros',
    });
    layer.build([batch, steps, inputs]);
    layer.setWeights([
      tf.tensor(weights.kernel, [inputs, 4 * units]),
      tf.tensor(weights.recurrentKernel, [units, 4 * units]),
      tf.tensor(weights.bias, [4 * units]),
    ]);
    const x = tf.tensor(input, [batch, steps, inputs]);
    const run = (x: tf.Tensor): tf.Tensor => layer.call(x, {}) as tf.Tensor; // one output, as no states are asked for
    const loss = (x: tf.Tensor): tf.Scalar => tf.sum(tf.mul(run(x), tf.tensor(direction, [batch, steps, units])));
    const outputs = run(x).dataSync<'float32'>().slice();
    const { grads } = tf.variableGrads(() => loss(x)); // of the layer's variables, in the order they were made
    const [kernel, recurrentKernel, bias] = Object.values(grads).map((own) => own.dataSync<'float32'>().slice());
    const toInput = tf.grad(loss)(x).dataSync<'float32'>().slice();
    tf.disposeVariables();
    return { outputs, kernel: kernel!, recurrentKernel: recurrentKernel!, bias: bias!, input: toInput };
  });
}

const shapes = fc.record({
  batch: fc.integer({ min: 1, max: 6 }),
  steps: fc.integer({ min: 2, max: 9 }), // tfjs's own gradient of a single step fails
  inputs: fc.integer({ min: 1, max: 9 }),
  units: fc.integer({ min: 1, max: 13 }),
});

test('values and gradients are those of the stock tfjs layer', async () => {
  await tf.setBackend('cpu');
  fc.assert(
    fc.property(shapes, fc.integer(), (shape, seed) => {
      const own = randomCase(shape, seed);
      const expected = stock(shape, own);
      assertClose(layerOutputs(shape, own.weights, own.input), expected.outputs, 1e-4);
      const gradients = layerGradients(shape, own.weights, own.input, own.direction);
      for (const name of ['kernel', 'recurrentKernel', 'bias', 'input'] as const) {
        assertClose(gradients[name], expected[name], 1e-4);
      }
    }),
    { numRuns: 40 },
  );
});

test('gradients are those of central differences', () => {
  const shape = { batch: 2, steps: 5, inputs: 3, units: 6 };
  const { weights, input, direction } = randomCase(shape, 5);
  const loss = (kernel: Float32Array): number =>
    layerOutputs(shape, { ...weights, kernel }, input).reduce((sum, y, k) => sum + y * direction[k]!, 0);
  const { kernel: gradient } = layerGradients(shape, weights, input, direction);
  const step = 2 ** -7;
  const measured = weights.kernel.map((_, k) => {
    const moved = (by: number) => loss(weights.kernel.map((w, j) => (j === k ? w + by : w)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
  assertClose(gradient, measured, 2e-3);
});
