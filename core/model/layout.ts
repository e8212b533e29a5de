import { ShepherdError } from '../errors.ts';
import { last } from '../nonEmpty.ts';
import { paired } from '../paired.ts';
import { FEATURES } from './features.ts';
import { OUTPUTS_A_DAY } from './head.ts';
import { inPanels, roundUp } from './kernel/panels.ts';
import type { Affine } from './kernel/views.ts';
import type { Weight } from './network.ts';
import type { ModelSpec } from './spec.ts';

/** Where a layer's weights lie in the flat parameter vector. */
export interface LayerLayout {
  /** Of the layer itself. */
  readonly inputs: number;
  readonly units: number;
  /** Inputs with zeros after them, so that inputs and units together are a multiple of 4. */
  readonly paddedInputs: number;
  /** (paddedInputs + units) × 4·units, the rows of x, then those of h; gates i, f, c, o. */
  readonly map: Affine;
}

export interface Layout {
  readonly layers: readonly LayerLayout[];
  readonly outputs: number;
  /** Units of the last layer × outputs, both padded with zeros to a multiple of 4. */
  readonly head: Affine;
  /** Numbers in the parameter vector, a multiple of 4. */
  readonly size: number;
}

export function layoutOf(spec: ModelSpec): Layout {
  let at = 0;
  const place = (rows: number, columns: number): Affine => {
    const weights = { at, rows, columns };
    at += (rows + 1) * columns;
    return { weights, bias: at - columns };
  };
  let inputs = FEATURES;
  const layers = spec.units.map((units): LayerLayout => {
    const width = roundUp(inputs + units, 4);
    const layer = { inputs, units, paddedInputs: width - units, map: place(width, 4 * units) };
    inputs = units;
    return layer;
  });
  const outputs = OUTPUTS_A_DAY * spec.horizon;
  return { layers, outputs, head: place(roundUp(inputs, 4), roundUp(outputs, 4)), size: at };
}

/** Of a vector or of a matrix. */
type Shape = readonly [columns: number] | readonly [rows: number, columns: number];

/** One weight of the network and where each of its numbers lies in the parameter vector. */
interface Placed {
  readonly name: string;
  readonly shape: Shape;
  readonly position: (row: number, column: number) => number;
}

/** Weights in Keras' order and names: kernel, recurrent kernel and bias of each LSTM layer, then of the head. */
function placements({ layers, outputs, head }: Layout): Placed[] {
  const place = ({ weights }: Affine, row: number, column: number): number =>
    weights.at + inPanels(weights.rows, row, column);
  const placed = layers.flatMap(({ inputs, units, paddedInputs, map }, index): Placed[] => {
    const name = `lstm_${index + 1}`;
    const recurrent = `${name}/recurrent_kernel`;
    return [
      { name: `${name}/kernel`, shape: [inputs, 4 * units], position: (r, c) => place(map, r, c) },
      { name: recurrent, shape: [units, 4 * units], position: (r, c) => place(map, paddedInputs + r, c) },
      { name: `${name}/bias`, shape: [4 * units], position: (_, c) => map.bias + c },
    ];
  });
  const units = layers.at(-1)?.units ?? FEATURES;
  return [
    ...placed,
    { name: 'head/kernel', shape: [units, outputs], position: (r, c) => place(head, r, c) },
    { name: 'head/bias', shape: [outputs], position: (_, c) => head.bias + c },
  ];
}

/** Names and shapes of the weights that a spec has. */
export function weightShapes(spec: ModelSpec): { name: string; shape: Shape }[] {
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
  for (const [index, [{ name, shape, position }, weight]] of paired(placed, weights).entries()) {
    const columns = last(shape);
    const count = sizeOf(shape);
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
  }
  return parameters;
}

/** Numbers in a weight. */
export function sizeOf(shape: Shape): number {
  return shape.length === 1 ? shape[0] : shape[0] * shape[1];
}

/** The named weights of a parameter vector. */
export function toWeights(layout: Layout, parameters: Float32Array): Weight[] {
  return placements(layout).map(({ name, shape, position }) => {
    const columns = last(shape);
    const values = new Float32Array(sizeOf(shape));
    // eslint-disable-next-line @typescript-eslint/no-non-null-assertion -- every weight of a layout lies within its parameter vector
    for (let k = 0; k < values.length; k += 1) values[k] = parameters[position(Math.floor(k / columns), k % columns)]!;
    return { name, shape, values };
  });
}
