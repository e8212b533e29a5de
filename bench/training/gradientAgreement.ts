/* eslint-disable @typescript-eslint/no-non-null-assertion -- layers after the first have one before them, and gradients come in three arrays of equal lengths */
import '@tensorflow/tfjs-backend-cpu';
import {
  disposeVariables,
  mul,
  setBackend,
  sum,
  tensor,
  tidy,
  variableGrads,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { layerGradients } from '../../lab/kernelLayer.ts';
import { createRandom } from '../../core/random.ts';
import type { StepShape } from '../peers/tfjsStep.ts';

/** The largest difference of a weight's gradient from stock tfjs's, to the largest gradient of its array, over the layers. */
export async function largestGradientError({ steps, batch, units, inputs }: StepShape, seed: number): Promise<number> {
  await setBackend('cpu');
  return units.reduce((worst, own, index) => {
    const shape = { batch, steps, inputs: index === 0 ? inputs : units[index - 1]!, units: own };
    return Math.max(worst, layerError(shape, seed + index));
  }, 0);
}

function layerError(shape: { batch: number; steps: number; inputs: number; units: number }, seed: number): number {
  const { batch, steps, inputs, units } = shape;
  const random = createRandom(seed);
  const draw = (count: number, size: number): Float32Array =>
    Float32Array.from({ length: count }, () => size * (2 * random() - 1));
  const weights = {
    kernel: draw(inputs * 4 * units, 0.3),
    recurrentKernel: draw(units * 4 * units, 0.15),
    bias: draw(4 * units, 0.1),
  };
  const input = draw(batch * steps * inputs, 1);
  const direction = draw(batch * steps * units, 1);
  const gradients = layerGradients(shape, weights, input, direction);
  const stock = tidy(() => {
    const layer = layers.lstm({
      units,
      returnSequences: true,
      recurrentActivation: 'sigmoid',
      recurrentInitializer: 'zeros',
    });
    layer.build([batch, steps, inputs]);
    layer.setWeights([
      tensor(weights.kernel, [inputs, 4 * units]),
      tensor(weights.recurrentKernel, [units, 4 * units]),
      tensor(weights.bias, [4 * units]),
    ]);
    const { grads } = variableGrads(() => {
      const outputs = layer.call(tensor(input, [batch, steps, inputs]), {}) as Tensor; // one output: no states are asked for
      return sum(mul(outputs, tensor(direction, [batch, steps, units])));
    });
    const values = Object.values(grads).map((own) => own.dataSync<'float32'>().slice()); // in the order they were made
    disposeVariables();
    return values;
  });
  const own = [gradients.kernel, gradients.recurrentKernel, gradients.bias];
  return Math.max(
    ...stock.map((expected, k) => {
      const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return expected.reduce((most, value, j) => Math.max(most, Math.abs(value - own[k]![j]!)), 0) / largest;
    }),
  );
}
