import { ShepherdError } from '../errors.ts';
import { FEATURES } from './features.ts';
import { OUTPUTS_A_DAY } from './head.ts';
import { inPanels, roundUp } from './kernel/panels.ts';
import type { Weight } from './network.ts';
import type { ModelSpec } from './spec.ts';

/** Where a layer's weights lie in the flat parameter vector, padded with zeros to whole SIMD registers. */
export interface LayerLayout {
  readonly inputs: number;
  readonly units: number;
  readonly paddedInputs: number;
  readonly paddedUnits: number;
  /** Start of the kernel, panels of (paddedInputs + paddedUnits) × 4·paddedUnits: the rows of x, then those of h. */
  readonly kernel: number;
  /** Start of the bias, 4·paddedUnits. */
  readonly bias: number;
}

export interface Layout {
  readonly layers: readonly LayerLayout[];
  readonly outputs: number;
  readonly paddedOutputs: number;
  /** Start of the head's kernel, panels of units of the last layer (padded) × paddedOutputs. */
  readonly headKernel: number;
  readonly headBias: number;
  /** Numbers in the parameter vector. */
  readonly size: number;
}

export function layoutOf(spec: ModelSpec): Layout {
  const layers: LayerLayout[] = [];
  let inputs = FEATURES;
  let at = 0;
  for (const units of spec.units) {
    const paddedInputs = roundUp(inputs, 4);
    const paddedUnits = roundUp(units, 4);
    const bias = at + (paddedInputs + paddedUnits) * 4 * paddedUnits;
    layers.push({ inputs, units, paddedInputs, paddedUnits, kernel: at, bias });
    at = bias + 4 * paddedUnits;
    inputs = units;
  }
  const outputs = OUTPUTS_A_DAY * spec.horizon;
  const paddedOutputs = roundUp(outputs, 8);
  const headBias = at + roundUp(inputs, 4) * paddedOutputs;
  return { layers, outputs, paddedOutputs, headKernel: at, headBias, size: headBias + paddedOutputs };
}

/** One weight of the network and where each of its numbers lies in the parameter vector. */
interface Placed {
  readonly name: string;
  readonly shape: readonly number[];
  readonly position: (row: number, column: number) => number;
}

/** Weights in Keras' order and names: kernel, recurrent kernel and bias of each LSTM layer, then of the head. */
function placements(layout: Layout): Placed[] {
  const placed = layout.layers.flatMap((layer, index): Placed[] => {
    const name = `lstm_${index + 1}`;
    // Column g·units + u of Keras is column g·paddedUnits + u here.
    const column = (c: number): number => Math.floor(c / layer.units) * layer.paddedUnits + (c % layer.units);
    const place = (r: number, c: number): number =>
      layer.kernel + inPanels(layer.paddedInputs + layer.paddedUnits, r, column(c));
    return [
      { name: `${name}/kernel`, shape: [layer.inputs, 4 * layer.units], position: place },
      {
        name: `${name}/recurrent_kernel`,
        shape: [layer.units, 4 * layer.units],
        position: (r, c) => place(layer.paddedInputs + r, c),
      },
      { name: `${name}/bias`, shape: [4 * layer.units], position: (_, c) => layer.bias + column(c) },
    ];
  });
  const last = layout.layers.at(-1)!;
  return [
    ...placed,
    {
      name: 'head/kernel',
      shape: [last.units, layout.outputs],
      position: (r, c) => layout.headKernel + inPanels(roundUp(last.units, 4), r, c),
    },
    { name: 'head/bias', shape: [layout.outputs], position: (_, c) => layout.headBias + c },
  ];
}

/** Names and shapes of the weights that a spec has. */
export function weightShapes(spec: ModelSpec): { name: string; shape: readonly number[] }[] {
  return placements(layoutOf(spec)).map(({ name, shape }) => ({ name, shape }));
}

/**
 * The parameter vector of named weights.
 * @throws ShepherdError INVALID_ARTIFACT when a name or shape differs from the spec's, or a number is not finite.
 */
export function toParameters(layout: Layout, weights: readonly Weight[]): Float32Array {
  const parameters = new Float32Array(layout.size);
  const placed = placements(layout);
  if (weights.length !== placed.length) {
    throw new ShepherdError(
      'INVALID_ARTIFACT',
      `The network has ${weights.length} weights; its spec has ${placed.length}.`,
    );
  }
  placed.forEach(({ name, shape, position }, index) => {
    const weight = weights[index]!;
    const columns = shape.at(-1)!;
    const count = shape.reduce((a, b) => a * b, 1);
    if (weight.name !== name || weight.shape.join() !== shape.join() || weight.values.length !== count) {
      throw new ShepherdError(
        'INVALID_ARTIFACT',
        `Weight ${index + 1} is ${weight.name} [${weight.shape.join()}] with ${weight.values.length} numbers; expected ${name} [${shape.join()}].`,
      );
    }
    weight.values.forEach((value, k) => {
      if (!Number.isFinite(value)) {
        throw new ShepherdError('INVALID_ARTIFACT', `Weight ${name} holds ${value} at position ${k}.`);
      }
      parameters[position(Math.floor(k / columns), k % columns)] = value;
    });
  });
  return parameters;
}

/** The named weights of a parameter vector. */
export function toWeights(layout: Layout, parameters: Float32Array): Weight[] {
  return placements(layout).map(({ name, shape, position }) => {
    const columns = shape.at(-1)!;
    const count = shape.reduce((a, b) => a * b, 1);
    const values = new Float32Array(count);
    for (let k = 0; k < count; k += 1) values[k] = parameters[position(Math.floor(k / columns), k % columns)]!;
    return { name, shape, values };
  });
}
