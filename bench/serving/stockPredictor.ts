/* eslint-disable @typescript-eslint/no-non-null-assertion -- an artefact has one group of weights, and the closes are longer than the window */
import '@tensorflow/tfjs-backend-cpu';
import { io, setBackend, tensor3d, tidy } from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { encodeArtifact } from '../../core/model/artifact.ts';
import { changesOf, featuresOf, FEATURES } from '../../core/model/features.ts';
import { readHead } from '../../core/model/head.ts';
import type { Network, Predictor } from '../../core/model/network.ts';

/** A predictor that lets stock tfjs do the network's arithmetic, from the artifact as any tfjs program would load it. */
export async function createStockPredictor(network: Network): Promise<Predictor> {
  await setBackend('cpu');
  const { topology, weights } = encodeArtifact(network);
  const { modelTopology, weightsManifest } = JSON.parse(topology) as {
    modelTopology: object;
    weightsManifest: { weights: io.WeightsManifestEntry[] }[];
  };
  const weightData = new Uint8Array(weights).buffer;
  const model = await loadLayersModel(
    io.fromMemory({ modelTopology, weightSpecs: weightsManifest[0]!.weights, weightData }),
  );
  const { spec, scale } = network;
  const steps = spec.window - 1;
  const predict = (closes: ArrayLike<number>) => {
    const window = Float64Array.from({ length: spec.window }, (_, k) => closes[closes.length - spec.window + k]!);
    const { values, volatility } = featuresOf(changesOf(window, spec.transform), scale, steps);
    const outputs = tidy(() => {
      const answer = model.predict(tensor3d(Float32Array.from(values), [1, steps, FEATURES]));
      if (Array.isArray(answer)) throw new Error('one output was expected');
      return answer.dataSync();
    });
    return readHead(Float32Array.from(outputs), spec.horizon, volatility[steps - 1]!);
  };
  return {
    spec,
    predict,
    predictRange: (closes, from, to) =>
      Array.from({ length: to - from }, (_, i) => predict(closes.subarray(0, from + i + 1))),
  };
}
