import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { withDatabase } from '../../lab/database.ts';
import { simulateSeries } from '../../lab/simulatedSeries.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { addDays } from '../../core/series/day.ts';
import { runCli } from '../../shepherd/cli/cli.ts';
import { projectRoot } from '../helpers/projectRoot.ts';
import { bar, storeSeries } from '../helpers/records.ts';
import { serveModel, storeWorkingModel } from '../helpers/workingModels.ts';

/** Each `shepherd …` that the text gives to be typed, as words; usages with choices and placeholders in brackets are not among them. */
function commandsIn(file: string): string[][] {
  const text = readFileSync(join(projectRoot, file), 'utf8');
  const spans = [...text.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span!);
  const lines = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.split('\n'));
  return [...spans, ...lines].flatMap((line) => {
    const [, rest] =
      /^(?:npx |docker compose exec shepherd )?shepherd (.*)$/.exec(line.replace(/\s+#.*$/, '').trim()) ?? [];
    if (rest === undefined || /[[<|]|^…/.test(rest)) return [];
    return [[...rest.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => (quoted ?? plain)!)];
  });
}

/** These train for minutes or reach the world: their arguments are read, and then there is no database. */
const ONLY_READ = ['run', 'requeue', 'pull', 'replay', 'search', 'reproduce'];

async function shepherd(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<{ code: number; said: string }> {
  let said = '';
  const say = (text: string): void => {
    said += text;
  };
  return { code: await runCli(args, env, { stdout: say, stderr: say, isTerminal: false }), said };
}

test('every shepherd command of README and runbook does what it says, with its flags', async (t) => {
  const { db, urls } = await withDatabase(t);
  const folder = mkdtempSync(join(tmpdir(), 'documented-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  const series = simulateSeries({ length: 720, seed: 25 });
  writeFileSync(
    join(folder, 'prices.csv'),
    `Date,Close\n${series.days.map((day, i) => `${day},${series.closes[i]!}`).join('\n')}\n`,
  );
  const bars = series.days.map((day, i) => bar(day, series.closes[i]!));
  const versions: ModelVersion[] = [];
  for (const symbol of ['S', 'GSPC', 'PETR4.SA'].map(parseSymbol)) {
    await storeSeries(db, symbol, bars);
    const made: ModelVersion[] = [];
    for (const spreadFactor of [1, 1.2, 1.4, 1.6, 1.8, 2])
      made.push(await storeWorkingModel(db, symbol, { series, spreadFactor }));
    const at = {
      validatedTo: series.days[654]!,
      promotedOn: series.days[654]!,
      reference: { to: series.days[654]!, fitted: null },
    };
    for (const [i, version] of made.entries()) {
      const expected = made[i - 1] ?? null;
      await serveModel(db, symbol, version, { ...at, expected, kind: expected === null ? 'first' : 'gate' });
      const payload = { version, previous: expected };
      await appendEvent(db, { kind: 'champion:promoted', symbol, runId: null, payload, sentence: 'Live.' });
    }
    versions.push(...made);
  }
  await db.query(
    `INSERT INTO feed_faults (symbol, day, since, kind, sentence, bar, evidence)
     SELECT 'S', day, day, 'unit-error', 'In cents.', jsonb_build_object('day', day, 'close', 1), jsonb_build_object('day', day)
     FROM unnest($1::date[]) AS day`,
    [[1, 2, 3, 4].map((later) => addDays(series.days.at(-1)!, later))],
  );
  await appendEvent(db, { kind: 'shepherd:started', symbol: null, runId: null, payload: {}, sentence: 'Here.' });
  const environment = {
    DATABASE_URL: urls.shepherd,
    OWNER_DATABASE_URL: urls.owner,
    SOURCE: 'csv',
    CSV_PATH: folder,
    DATA_DIR: join(folder, 'data'),
    SYMBOLS: 'S',
  };
  const nowhere = { ...environment, DATABASE_URL: 'postgres://me@127.0.0.1:1/shepherd', OWNER_DATABASE_URL: undefined };

  const commands = ['README.md', 'grafana/runbook.md'].flatMap((file) =>
    commandsIn(file).map((words) => ({ file, words })),
  );
  assert.ok(commands.length >= 20, `${commands.length} commands`);
  for (const { file, words } of commands) {
    const told = `${file}: shepherd ${words.join(' ')}`;
    if (ONLY_READ.includes(words[0]!)) {
      const { code, said } = await shepherd(
        nowhere,
        words.map((word) => (word === 'RUN' ? '42' : word)),
      );
      assert.equal(code, 5, `${told}: ${said}`);
      continue;
    }
    const [waiting] = await db.query<{ id: string }>(
      'SELECT id FROM feed_faults WHERE resolution IS NULL ORDER BY id DESC LIMIT 1',
    );
    const filled = words.map((word) =>
      word === 'NUMBER'
        ? waiting!.id
        : word === 'VERSION'
          ? String(versions[0])
          : /\.(csv|json)$/.test(word)
            ? join(folder, word)
            : word,
    );
    // There must be something to release, and nothing in the way of the next.
    if (words[0] === 'unpin') await shepherd(environment, ['pin', '--symbol', 'S', '--reason', 'to be released']);
    const { code, said } = await shepherd(environment, filled);
    assert.equal(code, 0, `${told}: ${said}`);
  }
});
