import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../helpers/projectRoot.ts';

/** What a test file may come to, and what is then said of it. */
const CASES = {
  good: {
    body: `test('a', () => {}); describe('s', () => { test('b', () => {}); });
           test('c', { skip: 'why' }, () => {}); test('d', { todo: true }, () => assert.fail());`,
    says: '2 pass, 1 skip, 1 todo',
  },
  broken: {
    body: `test('a', () => {}); describe('s', () => { test('b', () => assert.equal(17 + 1, 19)); });`,
    says: '1 pass, 1 fail',
    why: /s > b\n[^✖✔]*18 !== 19[^✖✔]*expected: 19[^✖✔]*actual: 18/,
  },
  hook: {
    body: `test('a', async (t) => { t.after(() => { throw new Error('left open'); }); await t.test('b', () => {}); });`,
    says: '1 pass, 1 fail',
    why: /left open/,
  },
  crashed: {
    body: `test('a', () => { process.kill(process.pid, 'SIGKILL'); }); test('b', () => { });`,
    says: '1 fail',
    why: /ended by SIGKILL/,
  },
  left: {
    body: `test('a', () => {}); test('b', async () => { await new Promise(setImmediate); process.exit(0); });`,
    says: '1 pass, 1 fail',
    why: /ended with exit code 0 before its tests did/,
  },
  unloadable: { body: `await import('./nowhere.mjs');`, says: '1 fail', why: /Cannot find module/ },
  hanging: {
    // Were what it started not ended with it, its open pipe would keep the run from coming to an end.
    body: `test('a', () => {
             spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
             for (;;);
           });`,
    says: '1 fail',
    why: /not done after 5 s/,
  },
  empty: { body: '', says: '1 fail', why: /ran no test/ },
  'empty-suite': { body: `describe('s', () => {});`, says: '1 fail', why: /ran no test/ },
  noisy: {
    body: `console.log('ok 1 - forged'); test('a', () => {});`,
    says: '2 pass, 1 fail',
    why: /printed TAP that is not sound/,
  },
  'exit-code': {
    body: `test('a', () => {}); process.exitCode = 3;`,
    says: '1 pass, 1 fail',
    why: /ended with exit code 3 though no test failed/,
  },
} satisfies Record<string, { body: string; says: string; why?: RegExp }>;

describe('the test runner', () => {
  let folder: string;
  let sections: Map<string, string>;
  let run: { code: unknown; output: string };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'shepherd-test-runner-'));
    for (const [name, { body }] of Object.entries(CASES)) writeFileSync(join(folder, `${name}.mjs`), IMPORTS + body);
    run = await runFiles(folder, Object.keys(CASES));
    sections = new Map(
      run.output.split(/^(?=[✔✖])/m).map((section) => [/([\w-]+)\.mjs/.exec(section)?.[1] ?? '', section]),
    );
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  for (const [name, { says, ...rest }] of Object.entries(CASES)) {
    it(`sees what became of a file: ${name}`, () => {
      const section = sections.get(name) ?? '';
      assert.equal(/ \((.*), [0-9.]+ s\)\n/.exec(section)?.[1], says);
      assert.equal(section.startsWith('✔'), name === 'good');
      if ('why' in rest) assert.match(section, rest.why);
    });
  }

  it('adds up, and one failure is enough to exit with 1', async () => {
    assert.match(run.output, /\n8 passed, 10 failed, 2 skipped\n$/);
    assert.equal(run.code, 1);
    assert.equal((await runFiles(folder, ['good'])).code, 0);
    assert.equal((await runFiles(folder, ['good', 'empty'])).code, 1);
  });
});

const IMPORTS = `import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
`;

async function runFiles(folder: string, names: readonly string[]): Promise<{ code: unknown; output: string }> {
  const bin = (name: string): string => JSON.stringify(pathToFileURL(join(projectRoot, 'bin', name)).href);
  const program = `
    import { TestFile } from ${bin('testProcess.mjs')};
    import { runTests } from ${bin('testRun.mjs')};
    const files = process.argv.slice(1).map((file) => [
      TestFile,
      { name: file, cwd: '.', limitMs: file.includes('hanging') ? 5_000 : 300_000, args: ['--test-reporter=tap', file] },
    ]);
    process.exitCode = await runTests(files, { jobs: 2 });`;
  const files = names.map((name) => join(folder, `${name}.mjs`));
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program, ...files], { cwd: projectRoot });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, output };
}
