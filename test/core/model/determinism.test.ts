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
  const { train } = await import('CORE/model/training/train.js');
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
const EXPECTED = '482538d3b78db23ccaaa420f79f72e726b2429bcc1f3c8f97a23af66d9c60408';

/** What this engine has not, a process is made to have not. */
const WITHOUT = {
  'wasm-fma': '',
  // A validation that knows no relaxed SIMD: of the two modules only the one that is compiled with it is then refused.
  'wasm-simd': `
    const { FUSED_BASE64 } = await import('CORE/model/kernel/wasm.generated.js');
    const validate = WebAssembly.validate;
    WebAssembly.validate = (bytes) => bytes.toString('base64') !== FUSED_BASE64 && validate(bytes);`,
  plain: 'delete globalThis.WebAssembly;',
} as const;

for (const [expected, without] of Object.entries(WITHOUT)) {
  test(`a process on ${expected} trains to the same hash`, () => {
    const answer = runInOwnProcess(`${without} ${TRAIN} console.log(backend, encodeArtifact(network).sha256);`);
    assert.equal(answer, `${expected} ${EXPECTED}`);
  });
}

test('a thread of a process trains to the same hash', () => {
  const inThread = `
    const { Worker } = await import('node:worker_threads');
    const source = ${JSON.stringify(`(async () => { ${TRAIN} console.log(backend, encodeArtifact(network).sha256); })()`)};
    new Worker(source, { eval: true });`;
  assert.equal(runInOwnProcess(inThread), `wasm-fma ${EXPECTED}`);
});

test('the serving path loads no tfjs', () => {
  // tfjs-core puts its engine there as soon as it is loaded, from whichever package.
  const serve = `await import('CORE/model/infer.js'); await import('CORE/model/artifact.js'); console.log('_tfengine' in globalThis);`;
  assert.equal(runInOwnProcess(serve), 'false');
  assert.equal(runInOwnProcess(`await import('CORE/model/tfjs/tfjsLearner.js'); ${serve}`).split('\n').at(-1), 'true');
});
