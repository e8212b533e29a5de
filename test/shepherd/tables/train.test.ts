import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { listEvents } from '../../../db/tables/events.ts';
import { recordFaults } from '../../helpers/sealedRecord.ts';
import { readConfig } from '../../../estimator/config.ts';
import { startEstimator } from '../../../estimator/server.ts';
import { silentLog } from '../../../lab/silentLog.ts';
import { createActions } from '../../../shepherd/control/actions.ts';
import { answersIn } from '../../../shepherd/control/idempotency.ts';
import { createControlApp } from '../../../shepherd/control/app.ts';
import { flowers, toCsv } from '../../core/tables/rows.ts';
import { csvFolder, setUpRun } from '../../helpers/shepherdRun.ts';

const TOKEN = 'a-token-of-some-length';

/** As `curl -F`: a value that begins with @ is a file. */
function form(fields: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value.startsWith('@')) data.set(name, new Blob([value.slice(1)], { type: 'text/csv' }), 'iris.csv');
    else data.set(name, value);
  }
  return data;
}

async function start(t: Parameters<typeof setUpRun>[0]) {
  const { context, database } = await setUpRun(t, csvFolder(t, {}));
  const control = await createControlApp({
    actions: createActions(context),
    answers: answersIn(context.db),
    token: TOKEN,
    bodyLimitBytes: 4_194_304,
    registry: new Registry(),
    log: silentLog,
  });
  t.after(() => control.close());
  const controlUrl = await control.listen({ host: '127.0.0.1', port: 0 });
  const estimator = await startEstimator({
    config: readConfig({ ESTIMATOR_PORT: '0' }),
    databaseUrl: database.urls.estimator,
    log: silentLog,
  });
  t.after(() => estimator.close());
  const ask = async <T>(url: string, init: RequestInit, status = 200): Promise<T> => {
    const headers = { authorization: `Bearer ${TOKEN}`, ...(init.headers as Record<string, string> | undefined) };
    const reply = await fetch(url, { ...init, headers });
    const body = await reply.text();
    assert.equal(reply.status, status, body);
    return JSON.parse(body) as T; // as the service answers
  };
  return { ask, controlUrl, estimatorUrl: estimator.url, db: database.db };
}

interface Trained {
  readonly version: number;
  readonly promoted: boolean;
  readonly heldOut: { readonly score: number };
  readonly drift: readonly { readonly column: string; readonly drifted: boolean }[] | null;
}
interface Answer {
  readonly predictions: readonly string[];
  readonly model: { readonly version: number };
}

test('a table is trained, predicted, trained again, promoted and rolled back over HTTP, and the record tells it', async (t) => {
  const { ask, controlUrl, estimatorUrl, db } = await start(t);
  const train = (csv: string, more = {}, status = 200) =>
    ask<Trained & { error: string }>(
      `${controlUrl}/train`,
      {
        method: 'POST',
        body: form({
          dataset_file: `@${csv}`,
          model_type: 'RandomForestClassifier',
          model_params: '{}',
          target_column: 'variety',
          columns_to_drop: '',
          ...more,
        }),
      },
      status,
    );
  const rows = flowers({ rows: 150, seed: 5 });
  const predict = (csv: string, status = 200) =>
    ask<Answer & { error: string }>(
      `${estimatorUrl}/predict`,
      { method: 'POST', body: form({ input_file: `@${csv}`, columns_to_drop: '["variety"]' }) },
      status,
    );
  assert.match((await predict(toCsv(rows), 404)).error, /none has been trained yet/);

  const first = await train(toCsv(flowers({ rows: 80, seed: 1, shuffled: true })));
  assert.deepEqual([first.promoted, first.drift], [true, null]);
  assert.equal((await predict(toCsv(rows))).model.version, first.version);

  const second = await train(toCsv(flowers({ rows: 400, seed: 2, shift: 1 })));
  assert.equal(second.promoted, true, JSON.stringify(second));
  assert.deepEqual(
    second.drift?.filter(({ drifted }) => drifted).map(({ column }) => column),
    ['petal.length'],
  );
  const answer = await predict(toCsv(flowers({ rows: 150, seed: 6, shift: 1 })));
  assert.equal(answer.model.version, second.version);
  const truth = flowers({ rows: 150, seed: 6, shift: 1 }).rows.map((cells) => cells[3]);
  assert.ok(answer.predictions.filter((kind, i) => kind === truth[i]).length > 110);

  assert.match((await train('a,b\n1,2', {}, 400)).error, /./);
  assert.match((await train(toCsv(rows).replace(/colour/, 'shade'), {}, 400)).error, /lacks "colour"/);
  assert.match((await train(toCsv(rows), { model_type: 'SVC' }, 400)).error, /expected one of RandomForestClassifier/);
  assert.match((await train(toCsv(rows), { model_params: '{"trees":5}' }, 400)).error, /model_params: .*trees/);
  assert.match((await predict('petal.length,noise,variety\n1,2,x', 400)).error, /lacks "colour"/);

  const back = {
    method: 'POST',
    body: JSON.stringify({ name: 'table', reason: 'to see it' }),
    headers: { 'content-type': 'application/json' },
  };
  assert.deepEqual(await ask(`${controlUrl}/tables/rollback`, back), {
    table: 'table',
    from: second.version,
    to: first.version,
  });
  assert.equal((await predict(toCsv(rows))).model.version, first.version);
  await ask(`${controlUrl}/tables/rollback`, back, 409);

  const { tables } = await ask<{ tables: { version: number; kind: string }[] }>(`${controlUrl}/tables`, {});
  assert.deepEqual(
    tables.map(({ version, kind }) => [version, kind]),
    [[first.version, 'rollback']],
  );
  const kinds = (await listEvents(db, { limit: 20 }))
    .map(({ kind }) => kind)
    .filter((kind) => kind.startsWith('table:'));
  assert.deepEqual(kinds.toReversed(), [
    'table:trained',
    'table:promoted',
    'table:checked',
    'table:trained',
    'table:promoted',
    'table:rolled-back',
  ]);
  assert.deepEqual(await recordFaults(db), []);
});
