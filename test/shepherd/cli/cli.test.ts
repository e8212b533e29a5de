import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { createDatabase } from '../../../db/connection/client.ts';
import { saveModelParameters, saveSeries } from '../../../db/tables/series.ts';
import { KNOWN_SETTINGS } from '../../../service/settings/known.ts';
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
  for (const { name, usage, options } of COMMANDS) {
    assert.match(overview.out, new RegExp(`^  ${name} `, 'm'));
    const help = await shepherd({}, name, '--help');
    assert.equal(help.code, 0, name);
    assert.ok(help.out.includes(usage) && help.out.includes('examples:'), name);
    for (const [option, { about }] of Object.entries(options)) {
      assert.match(help.out, new RegExp(`^  --${option} +\\S`, 'm'), `${name} --${option}`);
      assert.ok(help.out.includes(about) && help.out.includes(`--${option}`), `${name} --${option}`);
    }
  }
  for (const { name } of KNOWN_SETTINGS) assert.match(overview.out, new RegExp(`^  ${name} `, 'm'));
  assert.equal((await shepherd({})).code, 2);
  const wrong = await shepherd({}, 'retrain');
  assert.deepEqual([wrong.code, wrong.out], [2, '']);
  assert.match(wrong.err, /no command "retrain"\. Commands: status, /);
});

test('bad arguments and settings are one sentence, never a stack trace', async () => {
  for (const [env, args, code, words] of [
    [{}, ['history', '--limit', 'x'], 2, /--limit/],
    [{}, ['history', '--color'], 2, /Unknown option '--color'/],
    [{}, ['audit', '--at', 'noon'], 2, /--at takes a moment/],
    [{}, ['audit', '--at', '2026-03-16T12:00:00'], 2, /"2026-03-16T12:00:00" has no time zone/],
    [{}, ['audit', '--at', 'March 16, 2026'], 2, /has no time zone/],
    [{}, ['rollback'], 2, /--reason/],
    [{}, ['promote', '3'], 2, /--force and --reason/],
    [{}, ['promote', 'three', '--force', '--reason', 'x'], 2, /version/],
    [{}, ['reproduce'], 2, /version/],
    [
      {},
      ['settings', 'STALE_AFTER', '30'],
      2,
      /STALE_AFTER is not a setting of a series; these are: STALE_AFTER_DAYS, /,
    ],
    [{}, ['settings', 'STALE_AFTER_DAYS'], 2, /a name and one value/],
    [{}, ['settings', 'STALE_AFTER_DAYS', '30'], 2, /--reason/],
    [{}, ['settings', 'STALE_AFTER_DAYS', '30', '--unset', 'GATE_LEVEL', '--reason', 'x'], 2, /a name and one value/],
    [{}, ['replay', '--set', 'STALE_AFTER_DAYS'], 2, /--set takes NAME=VALUE/],
    [{}, ['replay', '--set', 'STALENESS=3'], 2, /STALENESS is not a setting/],
    [{ RETRAIN_BUDGET: '0' }, ['status'], 2, /RETRAIN_BUDGET is "0"; expected a whole number from 1 to 1000/],
    [{ SHEDULE: 'x' }, ['status'], 2, /SHEDULE is not a setting; did you mean SCHEDULE\?/],
    [{ SHEPHERD_COLOUR: 'red' }, ['reproduce'], 2, /warning SHEPHERD_COLOUR is not a setting and has no effect/],
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

test('a command that only reads makes no database: it says that there is none, and where to point', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'shepherd-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const dataDir = join(folder, 'elsewhere');
  for (const args of [
    ['status'],
    ['history'],
    ['verify'],
    ['check'],
    ['rollback', '--reason', 'x'],
    ['reproduce', '1'],
  ]) {
    const { code, out, err } = await shepherd({ DATA_DIR: dataDir }, ...args);
    assert.deepEqual([code, out], [5, ''], args.join(' '));
    assert.match(err, /^There is no database in .*elsewhere\. Set DATA_DIR .* or DATABASE_URL .*\(NO_DATABASE\)\n$/);
  }
  assert.equal(existsSync(dataDir), false);
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

    const unprepared = await shepherd(env, 'status');
    assert.deepEqual([unprepared.code, unprepared.out], [5, '']);
    assert.match(unprepared.err, /no tables yet.*npx shepherd migrate.*\(SCHEMA_MISMATCH\)\n$/);
    const { applied } = await json('migrate');
    assert.ok(Array.isArray(applied) && applied.length > 0);
    assert.deepEqual(await json('migrate'), { applied: [] });

    assert.deepEqual((await json('status'))['series'], []);
    assert.equal((await shepherd(env, 'status', '--symbol', 'X')).code, 2);
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
    await saveSeries(db, { symbol: parseSymbol('X'), source: 'csv', transform: 'log-return', timeZone: 'UTC' });
    await saveModelParameters(db, parseSymbol('X'), { units: SMALL_SPEC.units, maxEpochs: 2 });
    await db.close();
    const [first] = (await json('run'))['results'] as { outcome: string }[];
    assert.equal(first?.outcome, 'promoted');
    const check = await json('check');
    assert.ok(['stable', 'drifted'].includes(String(check['verdict'])), String(check['reason']));
    assert.equal(check['currentSize'], 60);
    const audited = await json('audit', '--at', new Date().toISOString(), '--symbol', 'X');
    assert.equal(
      (audited['events'] as { kind: string }[])[0]?.kind,
      'drift:checked',
      'a check by hand is told like that of a run',
    );

    const settings = ['settings', '--symbol', 'X'] as const;
    await json(...settings, 'DRIFT_WINDOW_DAYS', '45', '--reason', 'a quicker look');
    assert.equal((await json('check'))['currentSize'], 45, 'the series has a window of its own');
    const environment = { ...env, GATE_LEVEL: '0.1' };
    const listed = JSON.parse((await shepherd(environment, ...settings, '--json')).out) as {
      settings: { name: string; value: string | null; from: string | null }[];
    };
    const from = new Map(listed.settings.map(({ name, value, from }) => [name, [value, from]]));
    assert.deepEqual(from.get('DRIFT_WINDOW_DAYS'), ['45', 'series']);
    assert.deepEqual(from.get('GATE_LEVEL'), ['0.1', 'environment']);
    assert.deepEqual(from.get('STALE_AFTER_DAYS'), ['60', 'default']);
    assert.deepEqual(from.get('DRIFT_LEVEL'), [null, null], 'another rule is in use');
    await json(...settings, '--unset', 'DRIFT_WINDOW_DAYS', '--reason', 'as the others');
    assert.equal((await json('check'))['currentSize'], 60);

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
    assert.match(verified.out, /leaves is whole/);
  },
);
