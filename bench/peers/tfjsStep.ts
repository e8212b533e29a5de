import '@tensorflow/tfjs-backend-cpu';
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { randomNormal, ready, setBackend, train } from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';

export interface StepShape {
  readonly steps: number;
  readonly batch: number;
  readonly units: readonly number[];
  readonly inputs: number;
  readonly outputs: number;
}

/** A function that does one training step of the same network by stock tfjs on one thread: forward, backward and Adam. */
export async function createTfjsStep(backend: 'cpu' | 'wasm', shape: StepShape): Promise<() => Promise<void>> {
  if (backend === 'wasm') {
    setWasmPaths(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')) + sep);
    setThreadsCount(1);
  }
  await setBackend(backend);
  await ready();
  const model = sequential();
  shape.units.forEach((units, index) => {
    model.add(
      layers.lstm({
        units,
        returnSequences: index < shape.units.length - 1,
        recurrentActivation: 'sigmoid',
        // tfjs's default, an orthogonal start, needs chained operations that its package for Node does not register.
        recurrentInitializer: 'glorotUniform',
        ...(index === 0 && { inputShape: [shape.steps, shape.inputs] }),
      }),
    );
    model.add(layers.dropout({ rate: 0.1 }));
  });
  model.add(layers.dense({ units: shape.outputs }));
  model.compile({ optimizer: train.adam(1e-3), loss: 'meanSquaredError' });
  const x = randomNormal([shape.batch, shape.steps, shape.inputs], 0, 1, 'float32', 1);
  const y = randomNormal([shape.batch, shape.outputs], 0, 1, 'float32', 2);
  return async () => {
    await setBackend(backend); // the one setting is shared by all models
    await model.trainOnBatch(x, y);
  };
}
