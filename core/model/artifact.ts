import { createHash } from 'node:crypto';
import { ShepherdError } from '../errors.ts';
import { layoutOf, sizeOf, toParameters, weightShapes } from './layout.ts';
import { FEATURES } from './features.ts';
import type { FeatureScale, Network, Weight } from './network.ts';
import type { ModelSpec } from './spec.ts';

/** A network as it is stored: a tfjs LayersModel (`topology` = model.json, `weights` = its one weight file). */
export interface Artifact {
  readonly topology: string;
  readonly weights: Uint8Array;
  /** SHA-256 of topology and weights, hexadecimal. */
  readonly sha256: string;
}

/** What the LayersModel format has no place for; tfjs leaves `userDefinedMetadata` alone. */
interface Metadata {
  readonly format: 1;
  readonly spec: ModelSpec;
  readonly scale: FeatureScale;
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
}

/**
 * The network in tfjs LayersModel format: plain `LSTM` and `Dropout` layers and a `Dense` head, weights little-endian float32 in
 * the order of the manifest. Stock tfjs reads it and puts out the head's numbers (see `head.ts`) for features (see `features.ts`).
 */
export function encodeArtifact(network: Network): Artifact {
  toParameters(layoutOf(network.spec), network.weights); // refuses what must not be stored
  const manifest = network.weights.map(({ name, shape }): WeightSpec => ({ name, shape, dtype: 'float32' }));
  const metadata: Metadata = { format: 1, spec: inOrder(network.spec), scale: inOrder(network.scale) };
  const topology = JSON.stringify({
    format: 'layers-model',
    generatedBy: 'shepherd',
    convertedBy: null,
    modelTopology: {
      class_name: 'Sequential',
      config: { name: 'shepherd', layers: layers(network.spec) },
      keras_version: 'tfjs-layers 4.22.0',
      backend: 'tensor_flow.js',
    },
    weightsManifest: [{ paths: ['weights.bin'], weights: manifest }],
    userDefinedMetadata: metadata,
  });
  const bytes = new Uint8Array(network.weights.reduce((sum, weight) => sum + 4 * weight.values.length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { values } of network.weights) {
    for (const value of values) {
      view.setFloat32(at, value, true);
      at += 4;
    }
  }
  return { topology, weights: bytes, sha256: digest(topology, bytes) };
}

/**
 * The network of a stored artifact, checked whole before any of it is used.
 * @throws ShepherdError INVALID_ARTIFACT when it is truncated, altered, of another shape, or not finite.
 */
export function decodeArtifact({ topology, weights, sha256 }: Artifact): Network {
  if (digest(topology, weights) !== sha256) {
    throw new ShepherdError(
      'INVALID_ARTIFACT',
      `The stored model does not match its hash ${sha256.slice(0, 12)}…; it is truncated or altered.`,
    );
  }
  const { metadata, manifest } = readTopology(topology);
  const expected = weightShapes(metadata.spec);
  const size = expected.reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);
  if (
    weights.byteLength !== size ||
    JSON.stringify(manifest.map(({ name, shape }) => ({ name, shape }))) !== JSON.stringify(expected)
  ) {
    throw new ShepherdError(
      'INVALID_ARTIFACT',
      `The stored model has ${weights.byteLength} bytes of weights; its spec has ${size}, in another order or shape.`,
    );
  }
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength);
  let at = 0;
  const read = expected.map(({ name, shape }): Weight => {
    const values = new Float32Array(sizeOf(shape));
    for (let k = 0; k < values.length; k += 1, at += 4) values[k] = view.getFloat32(at, true);
    return { name, shape, values };
  });
  toParameters(layoutOf(metadata.spec), read); // refuses numbers that are not finite
  return { spec: metadata.spec, scale: metadata.scale, weights: read };
}

function readTopology(topology: string): { metadata: Metadata; manifest: readonly WeightSpec[] } {
  try {
    // The hash shows that these are the bytes `encodeArtifact` wrote; the checks are for a record of another program.
    const { userDefinedMetadata: metadata, weightsManifest } = JSON.parse(topology) as {
      userDefinedMetadata: Metadata;
      weightsManifest: readonly [{ weights: readonly WeightSpec[] }];
    };
    const { changeDeviation, logVolatilityMean, logVolatilityDeviation } = metadata.scale;
    const positive = changeDeviation > 0 && logVolatilityDeviation > 0;
    if (!positive || !Number.isFinite(changeDeviation + logVolatilityMean + logVolatilityDeviation))
      throw new Error('scale');
    layoutOf(metadata.spec);
    return { metadata, manifest: weightsManifest[0].weights };
  } catch (error) {
    throw new ShepherdError('INVALID_ARTIFACT', 'The stored model carries no readable spec and scale.', {
      cause: error,
    });
  }
}

/** Keys sorted: a record that went through a database comes back in another order, and must still have the same hash. */
function inOrder<T extends object>(record: T): T {
  // The same keys with the same values.
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1))) as T;
}

function digest(topology: string, weights: Uint8Array): string {
  return createHash('sha256').update(topology).update('\0').update(weights).digest('hex');
}

/** Layer configurations as Keras names them; `sigmoid` because tfjs would otherwise take the hard sigmoid for the gates. */
function layers(spec: ModelSpec): { class_name: string; config: Record<string, unknown> }[] {
  const lstm = spec.units.flatMap((units, index) => [
    {
      class_name: 'LSTM',
      config: {
        name: `lstm_${index + 1}`,
        trainable: true,
        ...(index === 0 ? { batch_input_shape: [null, spec.window - 1, FEATURES], dtype: 'float32' } : {}),
        units,
        activation: 'tanh',
        recurrent_activation: 'sigmoid',
        use_bias: true,
        unit_forget_bias: true,
        return_sequences: index < spec.units.length - 1,
        implementation: 2,
      },
    },
    { class_name: 'Dropout', config: { name: `dropout_${index + 1}`, rate: spec.dropout } },
  ]);
  const head = {
    class_name: 'Dense',
    config: { name: 'head', units: 3 * spec.horizon, activation: 'linear', use_bias: true },
  };
  return [...lstm, head];
}
