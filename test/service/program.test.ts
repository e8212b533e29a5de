import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { projectRoot } from '../helpers/projectRoot.ts';

/** A program around `runProgram` whose start is `body`; `log` and `signal` are in reach of it. */
function run(body: string, env: Readonly<Record<string, string>> = {}, options: object = {}) {
  const lines = [
    `import { runProgram } from ${JSON.stringify(join(projectRoot, 'dist/service/program.js'))};`,
    `import { ShepherdError } from ${JSON.stringify(join(projectRoot, 'dist/core/errors.js'))};`,
    `setInterval(() => {}, 1000);`,
    `await runProgram(process.env, async (log, signal) => { ${body} }, ${JSON.stringify(options)});`,
  ];
  const child = spawn(process.execPath, ['--input-type=module', '-e', lines.join('\n')], {
    env: { ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit').then(([code]: unknown[]) => code);
  return { child, ended, said: text(child.stderr) };
}

test('an expected failure of the start is one sentence and the status of its code', async () => {
  const { ended, said } = run(`throw new ShepherdError('FEED_UNAVAILABLE', 'The feed is away.');`);
  assert.deepEqual([await ended, await said], [4, 'The feed is away.\n']);
});

test('a fault of the start shows its stack and is status 1', async () => {
  const { ended, said } = run(`throw new RangeError('a bug');`);
  assert.equal(await ended, 1);
  assert.match(await said, /RangeError: a bug\n\s+at /);
});

test('an odd LOG_FORMAT is a sentence like any other setting', async () => {
  const { ended, said } = run(`return { close: async () => {} };`, { LOG_FORMAT: 'xml' });
  assert.deepEqual([await ended, await said], [2, 'LOG_FORMAT is "xml"; expected one of text, story, json.\n']);
});

test('a setting that nobody reads is not passed over: nearly known it ends the start, of ours it is a warning', async () => {
  const close = `return { failed: Promise.resolve(new ShepherdError('CANCELLED', 'enough')), close: async () => {} };`;
  const near = run(close, { SHEDULE: 'x' });
  assert.deepEqual([await near.ended, await near.said], [2, 'SHEDULE is not a setting; did you mean SCHEDULE?\n']);
  const ours = run(close, { SHEPHERD_COLOUR: 'red' });
  assert.match(await text(ours.child.stdout), /warning SHEPHERD_COLOUR is not a setting and has no effect/);
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} closes the service and then ends the process, though timers still run`, async () => {
    const { child, ended } = run(`log.note('up'); return { close: async () => { log.note('closed'); } };`);
    let out = '';
    for await (const chunk of child.stdout) {
      out += String(chunk);
      if (out.includes('up') && !out.includes('Stopping')) child.kill(signal);
      if (out.includes('closed')) break;
    }
    assert.equal(await ended, 0);
    assert.match(out, new RegExp(`Stopping \\(${signal}\\)[^]*closed`));
  });
}

test('a promise that nobody awaits is told, and ends nothing', async () => {
  const { child, ended } = run(`void Promise.reject(new Error('dropped')); return { close: async () => {} };`);
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
    if (out.includes('dropped')) child.kill('SIGTERM');
  });
  assert.equal(await ended, 0);
  assert.match(out, /caught by nobody; it goes on\. \(dropped\)/);
});

test('a second signal does not wait for the close', async () => {
  const { child, ended } = run(`log.note('up'); return { close: () => new Promise(() => {}) };`);
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += String(chunk);
    if (out.includes('up')) child.kill('SIGTERM');
  });
  assert.equal(await ended, 130);
});

for (const [what, body] of [
  ['a start that waits', `log.note('up'); await new Promise(() => {});`],
  ['a close that waits', `log.note('up'); return { close: () => new Promise(() => {}) };`],
] as const) {
  test(`${what} for something that never comes is given up after its limit`, async () => {
    const { child, ended, said } = run(body, {}, { stopMs: 50 });
    child.stdout.once('data', () => child.kill('SIGTERM'));
    assert.equal(await ended, 130);
    assert.equal(await said, 'Stopping took longer than 0.05 s and was given up; everything stored stays.\n');
  });
}

test('a signal during the start reaches it, and what had started is closed', async () => {
  const { child, ended } = run(
    `log.note('starting'); await new Promise((go) => signal.addEventListener('abort', go)); return { close: async () => { log.note('closed'); } };`,
  );
  let out = '';
  child.stdout.on('data', (chunk) => {
    if (!out.includes('starting')) child.kill('SIGTERM');
    out += String(chunk);
  });
  assert.equal(await ended, 0);
  assert.match(out, /closed/);
});

test('a service that cannot go on is closed, with its reason in the log and the status of its code', async () => {
  const { child, ended } = run(
    `const failed = Promise.resolve(new ShepherdError('DATABASE_UNAVAILABLE', 'The database ended.'));
     return { failed, close: async () => { log.note('closed'); } };`,
  );
  const said = text(child.stdout);
  assert.equal(await ended, 5);
  assert.match(await said, /error The database ended\.[^]*closed/);
});
