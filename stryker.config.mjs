// What never changes between runs of `npm run mutation`; bin/mutation.mjs adds what to mutate and which tests may judge.
/** @type {import('@stryker-mutator/api/core').PartialStrykerOptions} */
export default {
  testRunner: 'resident-tests',
  plugins: ['./bin/mutation/testRunner.mjs'],
  buildCommand: 'node bin/mutation/sandbox.mjs ../../../dist',
  coverageAnalysis: 'perTest',
  incremental: true,
  tempDirName: '.mutation/sandboxes',
  ignorePatterns: ['dist', '.data', '.mutation', 'bench', '/grafana/dashboards'],
  // The sandbox is compiled without checking types, so nothing needs to silence the checks.
  disableTypeChecks: false,
  // Which mutants exist is said in bin/mutation/mutators.mjs.
  reporters: ['progress-append-only'],
  // The runner ends what hangs by processor time; this is only for a runner that hangs itself.
  timeoutMS: 1_800_000,
  dryRunTimeoutMinutes: 120,
  allowEmpty: true,
  cleanTempDir: 'always',
  thresholds: { high: 90, low: 80, break: null },
};
