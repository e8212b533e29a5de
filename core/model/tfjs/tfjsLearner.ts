import {
  AdamOptimizer,
  mul,
  slice,
  sum,
  tensor,
  tensor3d,
  tidy,
  variableGrads,
  type NamedTensorMap,
  type Tensor,
  Variable,
} from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { FEATURES } from '../features.ts';
import { dropoutMask, isKept } from '../kernel/dropoutMask.ts';
import { LANES } from '../kernel/views.ts';
import { layoutOf, toParameters, toWeights, weightShapes, type Layout } from '../layout.ts';
import type { AnswerView, Learner } from '../training/learner.ts';
import type { ModelSpec } from '../spec.ts';

type Layer = ReturnType<typeof layers.lstm> | ReturnType<typeof layers.dense>;

/**
 * The network of a spec as tfjs's own layers, gradients and Adam, on the backend that is set. It drops the same numbers as the kernel
 * and starts from the same parameters, so that a training goes the same way but for rounding. Frees its memory by `dispose`.
 */
export class TfjsLearner implements Learner {
  readonly #spec: ModelSpec;
  readonly #layout: Layout;
  readonly #lstms: readonly Layer[];
  readonly #head: Layer;
  readonly #inputs: Float32Array;
  readonly #answers: Float32Array;
  #adam = new Adam();
  #gradients: NamedTensorMap = {};

  constructor(spec: ModelSpec) {
    const { batch, sequenceLength: steps, warmup, units } = spec;
    this.#spec = spec;
    this.#layout = layoutOf(spec);
    this.#lstms = units.map((own, index) => {
      const layer = layers.lstm({
        units: own,
        returnSequences: true,
        recurrentActivation: 'sigmoid', // tfjs would take the hard sigmoid
        // Whatever it starts with is replaced; an orthogonal start needs operations that tfjs-core does not chain in Node.
        recurrentInitializer: 'zeros',
      });
      layer.build([batch, steps, units[index - 1] ?? FEATURES]);
      return layer;
    });
    this.#head = layers.dense({ units: this.#layout.outputs });
    this.#head.build([batch, steps - warmup, units.at(-1) ?? FEATURES]);
    this.#inputs = new Float32Array(batch * steps * FEATURES);
    this.#answers = new Float32Array(batch * (steps - warmup) * this.#layout.outputs);
  }

  load(parameters: Float32Array): void {
    const weights = toWeights(this.#layout, parameters);
    tidy(() => {
      for (const layer of this.#layers()) {
        const own = weights.splice(0, layer.trainableWeights.length);
        layer.setWeights(own.map(({ values, shape }) => tensor(values, [...shape])));
      }
    });
    this.#adam.dispose();
    this.#adam = new Adam();
  }

  parameters(): Float32Array {
    return this.#vectorOf(this.#variables());
  }

  /** A copy of the gradients of the last `backward`, in the order of `parameters`. */
  gradients(): Float32Array {
    return this.#vectorOf(this.#variables().map(({ name }) => this.#gradientOf(name)));
  }

  setInput(sequence: number, features: Float32Array): void {
    this.#inputs.set(features, sequence * this.#spec.sequenceLength * FEATURES);
  }

  forward(dropoutSeed?: number): void {
    this.#answers.set(tidy(() => this.#answer(dropoutSeed).dataSync<'float32'>()));
  }

  answersOf(sequence: number): AnswerView {
    const { sequenceLength, warmup } = this.#spec;
    const { outputs } = this.#layout;
    return { floats: this.#answers, at: sequence * (sequenceLength - warmup) * outputs, stride: outputs, spacing: 1 };
  }

  backward(dropoutSeed?: number): void {
    this.#forget();
    const { batch, sequenceLength, warmup } = this.#spec;
    const { grads, value } = variableGrads(() => {
      const toward = tensor3d(this.#answers, [batch, sequenceLength - warmup, this.#layout.outputs]);
      return sum(mul(this.#answer(dropoutSeed), toward));
    }, this.#variables());
    value.dispose();
    this.#gradients = grads;
  }

  update(_step: number, learningRate: number, clipNorm: number): void {
    const squares = this.gradients().reduce((total, value) => total + value * value, 0);
    const norm = Math.sqrt(squares);
    const scale = norm > clipNorm ? clipNorm / norm : 1;
    tidy(() => {
      const clipped = Object.entries(this.#gradients).map(([name, own]) => ({ name, tensor: mul(own, scale) }));
      this.#adam.step(clipped, learningRate);
    });
  }

  dispose(): void {
    this.#forget();
    this.#adam.dispose();
    for (const variable of this.#variables()) variable.dispose();
  }

  /** batch × answered steps × outputs. */
  #answer(seed: number | undefined): Tensor {
    const { batch, sequenceLength: steps, warmup, units } = this.#spec;
    const inputs: Tensor = tensor3d(this.#inputs, [batch, steps, FEATURES]);
    const top = this.#lstms.reduce((below, layer, index) => {
      const all = layer.call(below, {}) as Tensor; // one output: no states are asked for
      const last = index === units.length - 1;
      const from = last ? warmup : 0;
      const outputs = last ? slice(all, [0, from, 0], [-1, steps - from, -1]) : all;
      return seed === undefined ? outputs : mul(outputs, this.#mask(seed, index, steps - from));
    }, inputs);
    return this.#head.call(top, {}) as Tensor; // one input, one output
  }

  /** Factors of one layer's outputs, batch × steps × units: those by which the kernel multiplies its lanes. */
  #mask(seed: number, layer: number, steps: number): Tensor {
    const { batch, dropout, units } = this.#spec;
    const rows = units[layer] ?? 0;
    const factors = Float32Array.from({ length: batch * steps * rows }, (_, k) => {
      const [sequence, rest] = [Math.floor(k / (steps * rows)), k % (steps * rows)];
      const mask = dropoutMask(dropout, seed, layer, Math.floor(sequence / LANES));
      return isKept(mask, rest * LANES + (sequence % LANES)) ? mask.scale : 0;
    });
    return tensor3d(factors, [batch, steps, rows]);
  }

  #layers(): readonly Layer[] {
    return [...this.#lstms, this.#head];
  }

  #variables(): Variable[] {
    return this.#layers().flatMap((layer) => layer.trainableWeights.map(variableOf));
  }

  #gradientOf(name: string): Tensor {
    const gradient = this.#gradients[name];
    if (gradient === undefined) throw new Error(`There is no gradient of ${name} before backward.`);
    return gradient;
  }

  /** Tensors in the order of the weights as one vector in the kernel's layout. */
  #vectorOf(tensors: readonly Tensor[]): Float32Array {
    const values = tensors.map((each) => each.dataSync<'float32'>());
    const named = weightShapes(this.#spec).map((weight, k) => ({ ...weight, values: values[k] ?? new Float32Array() }));
    return toParameters(this.#layout, named);
  }

  #forget(): void {
    for (const gradient of Object.values(this.#gradients)) gradient.dispose();
    this.#gradients = {};
  }
}

function variableOf(weight: Layer['trainableWeights'][number]): Variable {
  const value = weight.read();
  if (value instanceof Variable) return value as Variable; // of any rank
  throw new Error('A layer of tfjs keeps its weight in something that is not a variable.');
}

/** With the rate of each step. */
class Adam extends AdamOptimizer {
  constructor() {
    super(0, 0.9, 0.999, 1e-8); // as the kernel's
  }

  step(gradients: { name: string; tensor: Tensor }[], rate: number): void {
    this.learningRate = rate;
    this.applyGradients(gradients);
  }
}
