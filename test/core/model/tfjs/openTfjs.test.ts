import assert from 'node:assert/strict';
import { test } from 'node:test';
import '@tensorflow/tfjs-backend-cpu';
import {
  findBackendFactory,
  getBackend,
  getKernelsForBackend,
  registerBackend,
  registerKernel,
} from '@tensorflow/tfjs-core';
import { DEFAULT_SPEC } from '../../../../core/model/spec.ts';
import { openTfjs } from '../../../../core/model/tfjs/openTfjs.ts';

const spec = { ...DEFAULT_SPEC, units: [4], window: 6, warmup: 4, sequenceLength: 8, batch: 1 };
const nameOf = async (native: string): Promise<string> => (await openTfjs(native))(spec, (_, name) => name);

test('without tfjs-node, or where its library cannot be loaded, it is WebAssembly', async () => {
  assert.equal(await nameOf('@tensorflow/not-installed'), 'tfjs-wasm');
  assert.equal(getBackend(), 'wasm');
  assert.equal(await nameOf('data:text/javascript,throw new Error("tfjs_binding.node was not found")'), 'tfjs-wasm');
  assert.equal(await nameOf('data:text/javascript,'), 'tfjs-wasm', 'a package that registers nothing');
});

test('where a package registers the backend of tfjs-node, it is that one', async () => {
  // Stands in for the native library, which is fetched from outside the package registries: the processor's backend by its name.
  const make = findBackendFactory('cpu');
  for (const kernel of getKernelsForBackend('cpu')) registerKernel({ ...kernel, backendName: 'tensorflow' });
  registerBackend('tensorflow', make);
  assert.equal(await nameOf('data:text/javascript,'), 'tfjs-node');
  assert.equal(getBackend(), 'tensorflow');
  const withLearner = await openTfjs('data:text/javascript,');
  withLearner(spec, (learner) => {
    learner.forward();
    assert.ok(learner.answersOf(0).floats.every(Number.isFinite));
  });
});
