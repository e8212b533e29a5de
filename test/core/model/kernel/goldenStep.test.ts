import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { layerGradients, layerOutputs, type LayerShape } from '../../../../lab/kernelLayer.ts';
import { assertClose } from './assertClose.ts';

// Made by test/fixtures/model/golden_step.py, which draws its weights and inputs by the same formula.
const fixture = new URL('../../../../../test/fixtures/model/golden_step.json', import.meta.url);
const golden = JSON.parse(readFileSync(fixture, 'utf8')) as { shape: LayerShape } & Record<
  'outputs' | 'input' | 'kernel' | 'recurrentKernel' | 'bias',
  number[]
>;

const draw = (count: number, phase: number): Float32Array =>
  Float32Array.from({ length: count }, (_, k) => 0.8 * Math.sin(1.7 * k + phase));

test('a step gives the outputs and gradients that PyTorch gave in float64', () => {
  const { shape } = golden;
  const { batch, steps, inputs, units } = shape;
  const weights = {
    kernel: draw(inputs * 4 * units, 1),
    recurrentKernel: draw(units * 4 * units, 2),
    bias: draw(4 * units, 3),
  };
  const input = draw(batch * steps * inputs, 4);
  assertClose(layerOutputs(shape, weights, input), Float32Array.from(golden.outputs), 1e-6);
  const gradients = layerGradients(shape, weights, input, draw(batch * steps * units, 5));
  for (const name of ['input', 'kernel', 'recurrentKernel', 'bias'] as const) {
    assertClose(gradients[name], Float32Array.from(golden[name]), 1e-5);
  }
});
