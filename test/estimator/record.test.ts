import { type SeriesSymbol, parseSymbol } from '../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseVersion } from '../../core/model/version.ts';
import type { NewPrediction } from '../../db/tables/predictions.ts';
import type { BatchPrediction, Prediction, RangePrediction } from '../../estimator/schemas/answer.ts';
import { ask } from './helpers/ask.ts';
import { createTestApp, TEST_SERIES, type TestApp } from './helpers/testApp.ts';

const { days } = TEST_SERIES;
const WINDOW = [...TEST_SERIES.closes.slice(100, 160)];
const OTHER_WINDOW = [...TEST_SERIES.closes.slice(0, 60)];
const NOW = 1_700_000_000_123;

type Numbers = Pick<NewPrediction, 'prediction' | 'lower' | 'upper' | 'naive'>;
const numbersOf = ({ prediction, lower, upper, naive }: Numbers): Numbers => ({ prediction, lower, upper, naive });

/** Sends a CSV of the window as a form. */
async function upload({ app }: TestApp, fields: Readonly<Record<string, string>>): Promise<Prediction> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  const lines = WINDOW.map((close, i) => `${days[100 + i]!},${close}`);
  form.set('file', new Blob([['date,close', ...lines].join('\n')]), 'prices.csv');
  const request = new Request('http://estimator/', { method: 'POST', body: form });
  const reply = await app.inject({
    method: 'POST',
    url: '/predict',
    headers: { 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
  assert.equal(reply.statusCode, 200, reply.body);
  return reply.json<Prediction>();
}

test('every answer leaves one row: how it was asked, from which day, how far ahead, by which model, and its numbers', async (t) => {
  const target = await createTestApp(t, { now: () => NOW });
  const expected: Omit<NewPrediction, 'seconds'>[] = [];
  const expect = (
    row: Pick<NewPrediction, 'form' | 'asOf'> & { symbol?: SeriesSymbol; horizon?: number },
    answer: Numbers,
  ): void => {
    const symbol = row.symbol ?? parseSymbol('CALM');
    expected.push({
      horizon: 1,
      ...row,
      at: NOW,
      symbol,
      version: symbol === 'CALM' ? parseVersion(1) : parseVersion(2),
      ...numbersOf(answer),
    });
  };
  const last = days[399]!;
  expect({ form: 'symbol', asOf: last }, await ask<Prediction>(target, {}));
  expect({ form: 'symbol', asOf: last }, await ask<Prediction>(target, { horizon: 5 })); // its first day stands for it
  expect(
    { form: 'symbol', asOf: last, symbol: parseSymbol('OTHER') },
    await ask<Prediction>(target, { symbol: 'OTHER' }),
  );
  expect({ form: 'window', asOf: null }, await ask<Prediction>(target, { data: WINDOW, horizon: 3 }));
  expect({ form: 'date', asOf: days[349]! }, await ask<Prediction>(target, { date: days[350] }));
  const range = { start_date: days[300], end_date: days[310], horizon: 4, symbol: 'OTHER' };
  const forecasts = await ask<RangePrediction>(target, range);
  expect({ form: 'range', asOf: days[307]!, horizon: 4, symbol: parseSymbol('OTHER') }, forecasts.predictions.at(-1)!);
  const batch = await ask<BatchPrediction>(target, { data: [WINDOW, OTHER_WINDOW], horizon: 2 });
  expect({ form: 'batch', asOf: null }, batch.predictions.at(-1)!);
  expect(
    { form: 'csv', asOf: days[159]!, symbol: parseSymbol('OTHER') },
    await upload(target, { symbol: 'OTHER', horizon: '2' }),
  );
  const infer = (windows: readonly number[][]) =>
    target.app.inject({
      method: 'POST',
      url: '/v2/models/OTHER/infer',
      payload: { inputs: [{ name: 'closes', shape: [windows.length, 60], datatype: 'FP64', data: windows }] },
    });
  await infer([WINDOW]);
  expect(
    { form: 'window', asOf: null, symbol: parseSymbol('OTHER') },
    await ask<Prediction>(target, { data: WINDOW, symbol: 'OTHER' }),
  );
  expected.push(expected.at(-1)!);
  await infer([OTHER_WINDOW, WINDOW]);
  expected.push({ ...expected.at(-1)!, form: 'batch' });
  // Refusals leave none.
  await ask(target, { data: [] }, 400);
  await ask(target, { symbol: 'NOPE' }, 404);

  await target.log.flush();
  assert.deepEqual(
    target.store.predictions.map(({ seconds: _, ...row }) => row),
    expected,
  );
  // Sent to the metrics and to the log alike; an answer within this process takes milliseconds, so seconds are below one.
  const seconds = target.store.predictions.map((row) => row.seconds ?? Number.NaN);
  assert.ok(seconds.every((taken) => taken > 0 && taken < 60));
  const { body } = await target.app.inject('/metrics');
  for (const symbol of ['CALM', 'OTHER']) {
    const rows = target.store.predictions.filter((row) => row.symbol === symbol);
    const total = rows.reduce((sum, row) => sum + (row.seconds ?? 0), 0);
    const shown = (name: string): number =>
      Number(new RegExp(`^predict_duration_seconds_${name}\\{symbol="${symbol}"\\} (.*)$`, 'm').exec(body)?.[1]);
    assert.equal(shown('count'), rows.length);
    assert.ok(Math.abs(shown('sum') - total) < 1e-9);
  }
  const count = (outcome: string): string | undefined =>
    new RegExp(`^predict_requests_total\\{outcome="${outcome}"\\} (.*)$`, 'm').exec(body)?.[1];
  assert.deepEqual(['answered', 'refused', 'overloaded', 'failed'].map(count), [
    String(expected.length),
    '2',
    '0',
    '0',
  ]);
});
