import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const core = new URL('../../../core/', import.meta.url);

function runInOwnProcess(script: string): string {
  const source = script.replaceAll('CORE/', core.href);
  return execFileSync(process.execPath, ['--input-type=module', '-e', source], {
    encoding: 'utf8',
    cwd: fileURLToPath(core),
  }).trim();
}

// Closes by whole-number arithmetic: the data themselves must not depend on the engine.
const TRAIN = `
  const { train } = await import('CORE/model/train.js');
  const { encodeArtifact } = await import('CORE/model/artifact.js');
  const { DEFAULT_SPEC } = await import('CORE/model/spec.js');
  let state = 12345;
  const closes = Float64Array.from({ length: 400 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return 1000 + (state % 4096) / 64;
  });
  const { network, backend } = train({ closes, validationDays: 60, spec: { ...DEFAULT_SPEC, maxEpochs: 4 }, seed: 42 });
`;

/** The default network trained so; the same on Node 20, 22 and 24, with and without SIMD. A change of the training changes it. */
const EXPECTED = '3a051280f7cd35b50832f70e07542e9015b34dbfadc078347883ae9d086c8e90';

test('another process trains to the same hash', () => {
  const answer = runInOwnProcess(`${TRAIN} console.log(backend, encodeArtifact(network).sha256);`);
  assert.equal(answer, `wasm-simd ${EXPECTED}`);
});

test('a process without WebAssembly trains to the same hash', () => {
  const answer = runInOwnProcess(
    `delete globalThis.WebAssembly; ${TRAIN} console.log(backend, encodeArtifact(network).sha256);`,
  );
  assert.equal(answer, `plain ${EXPECTED}`);
});

test('the serving path loads no tfjs', () => {
  // tfjs-core puts its engine there as soon as it is loaded, from whichever package.
  const serve = `await import('CORE/model/infer.js'); await import('CORE/model/artifact.js'); console.log('_tfengine' in globalThis);`;
  assert.equal(runInOwnProcess(serve), 'false');
  assert.equal(runInOwnProcess(`await import('CORE/model/tfjs/fusedLstm.js'); ${serve}`).split('\n').at(-1), 'true');
});
