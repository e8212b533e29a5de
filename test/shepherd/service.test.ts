import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { lastFirst } from '../../lab/lastFirst.ts';
import { findChampion } from '../../db/tables/champions.ts';
import { listEvents } from '../../db/tables/events.ts';
import { saveSeries, saveSettings } from '../../db/tables/series.ts';
import { createRandom, normal } from '../../core/random.ts';
import { addDays, parseDay } from '../../core/series/day.ts';
import { parseSymbol } from '../../core/series/symbol.ts';
import { readConfig } from '../../shepherd/config.ts';
import { startShepherd } from '../../shepherd/service.ts';
import { startEstimator } from '../../estimator/server.ts';
import { readConfig as readEstimatorConfig } from '../../estimator/config.ts';
import { silentLog } from '../../lab/silentLog.ts';
import { withDatabase } from '../../lab/database.ts';
import { csvFolder, simulatedCsv } from '../helpers/shepherdRun.ts';

const TOKEN = 'a-token-of-some-length';

/** Daily temperatures around a yearly wave: below zero in winter, so not a price. */
function temperatures(days: number): string {
  const random = createRandom(11);
  const rows = ['day;mean_temperature'];
  let deviation = 0;
  for (let i = 0; i < days; i += 1) {
    deviation = 0.7 * deviation + 2 * normal(random);
    const value = 8 - 12 * Math.cos((2 * Math.PI * i) / 365.25) + deviation;
    rows.push(`${addDays(parseDay('2020-01-01'), i)};${value.toFixed(1)}`);
  }
  return rows.join('\n');
}

test(
  'a person brings a series that is not a price, trains on it and asks for forecasts, all over HTTP',
  { timeout: 120_000 },
  async (context) => {
    const t = lastFirst(context);
    const { urls, db } = await withDatabase(t);
    const folder = csvFolder(t, { X: simulatedCsv(50, 8) });
    const env = {
      SOURCE: 'csv',
      CSV_PATH: folder,
      DATA_DIR: join(folder, 'data'),
      SYMBOLS: 'X',
      SCHEDULE: '0 0 1 1 *',
      SHEPHERD_PORT: '0',
      ESTIMATOR_PORT: '0',
      SHEPHERD_TOKEN: TOKEN,
    };
    const shepherd = await startShepherd({
      config: readConfig(env),
      databaseUrl: urls.shepherd,
      log: silentLog,
      isTerminal: false,
    });
    t.after(() => shepherd.close());
    const ask = async (
      path: string,
      init: RequestInit = {},
    ): Promise<{ status: number; body: Record<string, unknown> }> => {
      const response = await fetch(`${shepherd.url}${path}`, {
        ...init,
        headers: { ...(init.headers as Record<string, string> | undefined), authorization: `Bearer ${TOKEN}` },
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> }; // the service answers JSON
    };

    const form = new FormData();
    form.set('symbol', 'TEMPERATURE');
    form.set('target_column', 'mean_temperature');
    form.set('model_params', JSON.stringify({ units: [4], maxEpochs: 3 }));
    form.set('file', new Blob([temperatures(900)], { type: 'text/csv' }), 'temperatures.csv');
    const accepted = await ask('/train', { method: 'POST', body: form });
    assert.equal(accepted.status, 202, JSON.stringify(accepted.body));
    assert.deepEqual([accepted.body['inserted'], accepted.body['transform']], [900, 'difference']);

    let run: Record<string, unknown> | undefined;
    for (let tries = 0; tries < 600 && run?.['state'] !== 'done'; tries += 1) {
      await pause(100);
      [run] = (await ask('/runs?symbol=TEMPERATURE')).body['runs'] as Record<string, unknown>[];
    }
    assert.deepEqual([run?.['state'], run?.['outcome']], ['done', 'promoted'], JSON.stringify(run));
    const champion = await findChampion(db, parseSymbol('TEMPERATURE'));
    assert.deepEqual([champion?.model.spec.units, champion?.model.spec.transform], [[4], 'difference']);

    const estimator = await startEstimator({
      config: readEstimatorConfig(env),
      databaseUrl: urls.estimator,
      log: silentLog,
    });
    t.after(() => estimator.close());
    const response = await fetch(`${estimator.url}/predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ symbol: 'TEMPERATURE', horizon: 3 }),
    });
    const answer = (await response.json()) as { prediction: number; lower: number; upper: number; forecast: unknown[] };
    assert.equal(response.status, 200, JSON.stringify(answer));
    assert.ok(answer.lower < answer.prediction && answer.prediction < answer.upper);
    assert.equal(answer.forecast.length, 3);

    assert.equal(
      (
        await ask('/rollback', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ symbol: 'TEMPERATURE', reason: 'none before it' }),
        })
      ).status,
      409,
    );
    const unknown = await ask('/retrain', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"symbol":"NOWHERE"}',
    });
    assert.equal(unknown.status, 404);
    assert.match(String(unknown.body['error']), /known: TEMPERATURE, X/);
  },
);

test('a series whose own settings contradict the environment ends the start with the sentence, and nothing is left open', async (t) => {
  const { urls, db } = await withDatabase(t);
  await saveSeries(db, { symbol: parseSymbol('X'), source: 'csv', transform: 'log-return', timeZone: 'UTC' });
  await saveSettings(db, parseSymbol('X'), { STALE_AFTER_DAYS: '30' });
  const folder = csvFolder(t, {});
  const env = { SOURCE: 'csv', CSV_PATH: folder, DATA_DIR: join(folder, 'data'), SYMBOLS: 'X', SHEPHERD_PORT: '0' };
  const start = (more: Readonly<Record<string, string>>) =>
    startShepherd({
      config: readConfig({ ...env, ...more }),
      databaseUrl: urls.shepherd,
      log: silentLog,
      isTerminal: false,
    });
  await assert.rejects(start({ COOLDOWN_DAYS: '40' }), {
    code: 'INVALID_CONFIG',
    message: /^COOLDOWN_DAYS of X is 40 and STALE_AFTER_DAYS 30; /,
  });
  assert.deepEqual(await listEvents(db, { limit: 9 }), [], 'it had not begun');
  await (await start({ COOLDOWN_DAYS: '30' })).close();
});
