import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDatabase } from '../../../db/connection/client.ts';
import { saveModelParameters, saveSeries } from '../../../db/tables/series.ts';
import { runCli } from '../../../shepherd/cli/cli.ts';
import { COMMANDS } from '../../../shepherd/cli/commands/index.ts';
import { createEmptyDatabase } from '../../../lab/database.ts';
import { csvFolder, simulatedCsv } from '../../helpers/shepherdRun.ts';
import { SMALL_SPEC } from '../../helpers/smallModel.ts';

interface Spoken {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function shepherd(env: NodeJS.ProcessEnv, ...args: string[]): Promise<Spoken> {
  let out = '';
  let err = '';
  const code = await runCli(args, env, {
    stdout: (text) => (out += text),
    stderr: (text) => (err += text),
    isTerminal: false,
  });
  return { code, out, err };
}

test('help lists every command, each with an example; a wrong word is one sentence and exit 2', async () => {
  const overview = await shepherd({}, '--help');
  assert.equal(overview.code, 0);
  for (const { name, usage } of COMMANDS) {
    assert.match(overview.out, new RegExp(`^  ${name} `, 'm'));
    const help = await shepherd({}, name, '--help');
    assert.equal(help.code, 0, name);
    assert.ok(help.out.includes(usage) && help.out.includes('examples:'), name);
  }
  assert.equal((await shepherd({})).code, 2);
  const wrong = await shepherd({}, 'retrain');
  assert.deepEqual([wrong.code, wrong.out], [2, '']);
  assert.match(wrong.err, /no command "retrain"\. Commands: status, /);
});

test('bad arguments and settings are one sentence, never a stack trace', async () => {
  for (const [env, args, code, words] of [
    [{}, ['history', '--limit', 'x'], 2, /--limit/],
    [{}, ['history', '--color'], 2, /Unknown option '--color'/],
    [{}, ['audit', '--at', 'noon'], 2, /--at takes a time/],
    [{}, ['rollback'], 2, /--reason/],
    [{}, ['promote', '3'], 2, /--force and --reason/],
    [{}, ['promote', 'three', '--force', '--reason', 'x'], 2, /version/],
    [{}, ['reproduce'], 2, /version/],
    [{ SOURCE: 'moon' }, ['status'], 2, /SOURCE is "moon"/],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }, ['status'], 5, /./],
  ] as const) {
    const { code: status, out, err } = await shepherd(env, ...args);
    assert.equal(status, code, `${args.join(' ')}: ${err}`);
    assert.match(err, words);
    assert.equal(out, '');
    assert.doesNotMatch(err, /\n\s+at /);
  }
});

test(
  'a series is imported, trained, checked, audited, reproduced and rolled back from the command line',
  { timeout: 120_000 },
  async (t) => {
    const url = await createEmptyDatabase(t);
    const folder = csvFolder(t, { X: simulatedCsv(720, 7) });
    const env = { DATABASE_URL: url, SYMBOLS: 'X' };
    const json = async (...args: string[]): Promise<Record<string, unknown>> => {
      const { code, out, err } = await shepherd(env, ...args, '--json');
      assert.equal(code, 0, `${args.join(' ')}: ${err}${out}`);
      return JSON.parse(out) as Record<string, unknown>; // --json promises one object
    };

    assert.deepEqual((await json('status'))['series'], []);
    const imported = await json('import', join(folder, 'X.csv'), '--symbol', 'X');
    assert.deepEqual([imported['inserted'], imported['transform']], [720, 'log-return']);
    assert.equal((await json('import', join(folder, 'X.csv'), '--symbol', 'X'))['inserted'], 0);
    const missing = await shepherd(env, 'import', join(folder, 'Y.csv'), '--symbol', 'Y');
    assert.notEqual(missing.code, 0);
    assert.match(missing.err, /Y\.csv/);

    const early = await shepherd(env, 'check');
    assert.deepEqual([early.code, early.out], [3, '']);
    assert.match(early.err, /no champion.*NO_CHAMPION/);

    const db = createDatabase({ url, applicationName: 'test' });
    await saveSeries(db, { symbol: 'X', source: 'csv', transform: 'log-return', timeZone: 'UTC' });
    await saveModelParameters(db, 'X', { units: SMALL_SPEC.units, maxEpochs: 2 });
    await db.close();
    const [first] = (await json('run'))['results'] as { outcome: string }[];
    assert.equal(first?.outcome, 'promoted');
    const check = await json('check');
    assert.ok(['stable', 'drifted'].includes(String(check['verdict'])), String(check['reason']));
    assert.equal(check['currentSize'], 60);

    assert.equal((await json('reproduce', '1'))['same'], true);
    assert.equal((await shepherd(env, 'reproduce', '99')).code, 2);

    await json('run', '--force', '--reason', 'a second opinion');
    await json('promote', '2', '--force', '--reason', 'to roll it back').catch(() =>
      json('promote', '3', '--force', '--reason', 'to roll it back'),
    );
    const back = await json('rollback', '--reason', 'it was a test');
    assert.equal(back['symbol'], 'X');
    const told = await shepherd(env, 'history', '--symbol', 'X');
    assert.match(told.out, /it was a test/);
    assert.match(told.out, /to roll it back/);
    assert.match(told.out, /, retrain: retrain \(manual\): .*a second opinion/);
    const times = told.out
      .trim()
      .split('\n')
      .map((line) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ(?=  X )/.exec(line)?.[0]);
    assert.deepEqual(times, times.toSorted().reverse(), 'one line of time, in UTC, newest first');
    const unknown = await shepherd(env, 'history', '--symbol', 'NOPE');
    assert.deepEqual([unknown.code, /There is no series NOPE; known: X\./.test(unknown.err)], [2, true]);
    const { decisions } = (await json('history', '--symbol', 'X')) as {
      decisions: { stage: string; report: object }[];
    };
    assert.deepEqual([...new Set(decisions.map(({ stage }) => stage))].sort(), ['gate', 'retrain']);
    assert.ok(
      decisions.every(({ report }) => Object.keys(report).length > 0),
      'each with its numbers',
    );

    const audit = await json('audit', '--at', new Date().toISOString());
    const [live] = audit['live'] as { promotion: { kind: string } }[];
    assert.equal(live?.promotion.kind, 'rollback');
    const verified = await shepherd(env, 'verify');
    assert.equal(verified.code, 0);
    assert.match(verified.out, /events is whole/);
  },
);
