import assert from 'node:assert/strict';
import { test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { io } from '@tensorflow/tfjs-core';
import { layers, loadLayersModel, sequential } from '@tensorflow/tfjs-layers';
import { fusedLstm } from '../../../../core/model/tfjs/fusedLstm.ts';
import { assertClose } from '../kernel/assertClose.ts';

// tfjs's default, an orthogonal start, needs chained operations that its package for Node does not register.
const cell = { recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotUniform' } as const;

function buildModel(lstm: typeof layers.lstm) {
  const model = sequential();
  model.add(lstm({ ...cell, units: 7, returnSequences: true, inputShape: [9, 2] }));
  model.add(lstm({ ...cell, units: 5 }));
  model.add(layers.dense({ units: 3 }));
  return model;
}

test('a model with fused layers saves plain LSTM layers that stock tfjs loads with the same forecasts', async () => {
  await tf.setBackend('cpu');
  const model = buildModel(fusedLstm);
  let saved: io.ModelArtifacts | undefined;
  await model.save(
    io.withSaveHandler((artifacts) => {
      saved = artifacts;
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' as const } });
    }),
  );
  const stock = await loadLayersModel(io.fromMemory(saved!));
  assert.deepEqual(
    stock.layers.map((layer) => layer.getClassName()),
    ['LSTM', 'LSTM', 'Dense'],
  );
  assert.equal(stock.layers[0]!.call.name, stock.layers[1]!.call.name);
  const x = tf.randomUniform([4, 9, 2], -1, 1, 'float32', 3);
  const fused = (model.predict(x) as tf.Tensor).dataSync<'float32'>();
  assertClose(fused, (stock.predict(x) as tf.Tensor).dataSync<'float32'>(), 1e-4);
});

test('tfjs trains a fused model along the path of the stock one and leaks no tensor', async () => {
  await tf.setBackend('cpu');
  const [fused, stock] = [buildModel(fusedLstm), buildModel(layers.lstm)];
  stock.setWeights(fused.getWeights());
  const x = tf.randomUniform([8, 9, 2], -1, 1, 'float32', 3);
  const y = tf.randomUniform([8, 3], -1, 1, 'float32', 4);
  const losses = [];
  let tensors = 0;
  for (const model of [stock, fused]) {
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
    await model.trainOnBatch(x, y);
    tensors = tf.memory().numTensors;
    for (let step = 0; step < 4; step += 1) losses.push(await model.trainOnBatch(x, y));
    assert.equal(tf.memory().numTensors, tensors);
  }
  assertClose(Float32Array.from(losses.slice(4)), Float32Array.from(losses.slice(0, 4)), 1e-4);
});

test('what the kernel does not do is left to the stock layer', async () => {
  await tf.setBackend('cpu');
  const layer = fusedLstm({ ...cell, units: 4, goBackwards: true });
  const x = tf.ones([2, 3, 1]);
  const out = layer.apply(x) as tf.Tensor;
  const reference = layers.lstm({ ...cell, units: 4, goBackwards: true });
  reference.apply(x);
  reference.setWeights(layer.getWeights());
  assertClose(out.dataSync<'float32'>(), (reference.apply(x) as tf.Tensor).dataSync<'float32'>(), 1e-6);
});
