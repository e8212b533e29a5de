import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { addDays, parseDay } from '../../core/series/day.ts';
import { silentLog } from '../../lab/silentLog.ts';
import { createActions } from '../../shepherd/control/actions.ts';
import { createControlApp } from '../../shepherd/control/app.ts';
import { answersIn } from '../../shepherd/control/idempotency.ts';
import { createTestApp, TEST_SERIES } from '../estimator/helpers/testApp.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../helpers/shepherdRun.ts';
import { runProgram, withClients } from './python.ts';

/** Requests of one kind that are made up for each operation; more find the same faults more slowly. */
const EXAMPLES = '15';
const TOKEN = 'a-token-of-some-length';

/** Runs every check of Schemathesis against a service; what it finds is in what it says. */
async function check(url: string, ...args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await runProgram('schemathesis', [
    ...['--config-file', 'test/clients/schemathesis.toml'],
    ...['run', `${url}/openapi.json`, '--checks', 'all', '--max-examples', EXAMPLES, '--seed', '1', '--no-color'],
    ...['--generation-database', 'none', '--suppress-health-check', 'all'],
    ...args,
  ]);
  const [, found = stdout] = /=+ FAILURES =+\n([\s\S]*?)\n=+ /.exec(stdout) ?? [];
  assert.equal(code, 0, `${found.slice(0, 8_000)}\n${stderr.slice(0, 2_000)}`);
  assert.match(stdout, /\d+ generated/);
}

test('Schemathesis finds nothing in the estimator that its document does not say', withClients, async (t) => {
  const first = parseDay('2018-12-01'); // over the days that the examples speak of
  const series = { days: TEST_SERIES.days.map((_, i) => addDays(first, i)), closes: TEST_SERIES.closes };
  const { app } = await createTestApp(t, { series });
  await check(await app.listen({ host: '127.0.0.1', port: 0 }));
});

test('nor in the control service, over a real database', withClients, async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(700, 8) }));
  const app = await createControlApp({
    actions: createActions(context),
    answers: answersIn(context.db),
    token: TOKEN,
    bodyLimitBytes: 4_194_304,
    registry: new Registry(),
    log: silentLog,
    requestsPerMinute: 1_000_000,
  });
  t.after(() => app.close());
  await check(await app.listen({ host: '127.0.0.1', port: 0 }), '--header', `Authorization: Bearer ${TOKEN}`);
});
