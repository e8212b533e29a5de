import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { projectRoot } from '../helpers/projectRoot.ts';

const program = join(projectRoot, 'dist', 'metrics', 'main.js');

function start(env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [program], { env: { METRICS_PORT: '0', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

test('without a database to read it says which variable is missing, and ends with the status of bad settings', async () => {
  const child = start({});
  const [said, ended] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  assert.equal(said, 'DATABASE_URL is not set; it names the PostgreSQL that the shepherd keeps.\n');
  assert.deepEqual(ended, [2, null]);
});

for (const format of ['text', 'json'] as const) {
  test(`as a process it says where it listens (${format}), answers, and ends well at SIGTERM`, async (t) => {
    const child = start({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing', LOG_FORMAT: format });
    t.after(() => child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    const { value } = (await createInterface(child.stdout)[Symbol.asyncIterator]().next()) as { value: string };
    assert.equal(value.startsWith('{'), format === 'json');
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(value)?.[0];
    assert.deepEqual(await (await fetch(`${url}/health`)).json(), { status: 'alive' });
    child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
  });
}
