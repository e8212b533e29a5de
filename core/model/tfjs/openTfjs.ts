import { findBackendFactory, ready, setBackend } from '@tensorflow/tfjs-core';
import type { TfjsName, WithLearner } from '../training/learner.ts';
import { TfjsLearner } from './tfjsLearner.ts';

/** An optional peer: a person adds it (`npm install @tensorflow/tfjs-node`). */
const NATIVE = '@tensorflow/tfjs-node';

/**
 * Makes TensorFlow.js ready to train: on tfjs-node where it is installed and its library can be loaded, else on WebAssembly. One
 * backend holds for the whole thread.
 * @param native what registers the backend `tensorflow` when it is imported.
 */
export async function openTfjs(native: string = NATIVE): Promise<WithLearner> {
  const name = await chooseBackend(native);
  return (spec, use) => {
    const learner = new TfjsLearner(spec);
    try {
      return use(learner, name);
    } finally {
      learner.dispose();
    }
  };
}

async function chooseBackend(native: string): Promise<TfjsName> {
  // Neither a package that is not there nor one whose library is missing registers the backend.
  await import(native).catch(() => undefined);
  if (offered('tensorflow') && (await setBackend('tensorflow'))) return 'tfjs-node';
  const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(decodeURI(new URL('./', import.meta.resolve('@tensorflow/tfjs-backend-wasm')).pathname));
  setThreadsCount(1);
  await setBackend('wasm');
  await ready();
  return 'tfjs-wasm';
}

function offered(backend: string): boolean {
  const factory: unknown = findBackendFactory(backend); // typed as always there, but null where there is none
  return factory instanceof Function;
}
