import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Prediction } from '../../estimator/schemas/answer.ts';
import { ask, type Refusal } from './helpers/ask.ts';
import { createTestApp, TEST_SERIES, type TestApp } from './helpers/testApp.ts';

const DAYS = TEST_SERIES.days.slice(-100);
const CLOSES = [...TEST_SERIES.closes.slice(-100)];

async function upload<T>({ app }: TestApp, csv: string, fields: Record<string, string> = {}, status = 200): Promise<T> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob([csv], { type: 'text/csv' }), 'prices.csv');
  const request = new Request('http://estimator/', { method: 'POST', body: form });
  const reply = await app.inject({
    method: 'POST',
    url: '/predict',
    headers: { 'content-type': request.headers.get('content-type')! },
    payload: Buffer.from(await request.arrayBuffer()),
  });
  assert.equal(reply.statusCode, status, reply.body);
  return reply.json<T>();
}

test('a file of days is forecast after its last day, in whichever order it comes', async (t) => {
  const target = await createTestApp(t);
  const lines = DAYS.map((day, i) => `${day},${CLOSES[i]! - 1},${CLOSES[i]!}`);
  const answer = await upload<Prediction>(target, ['Date,Open,Close', ...lines].join('\n'));
  assert.equal(answer.prediction, (await ask<Prediction>(target, { data: CLOSES })).prediction);
  assert.equal(answer.asOf, DAYS.at(-1));
  const reversed = await upload<Prediction>(target, ['Date,Open,Close', ...lines.toReversed()].join('\r\n'));
  assert.equal(reversed.prediction, answer.prediction);
});

test('a column without days, a named column, a horizon and a symbol are heeded', async (t) => {
  const target = await createTestApp(t);
  const single = await upload<Prediction>(target, `temperature\n${CLOSES.join('\n')}`);
  assert.equal(single.asOf, null);
  const lines = CLOSES.map((close, i) => `${i},${close}`);
  const named = await upload<Prediction>(target, ['n,load', ...lines].join('\n'), {
    target_column: 'Load',
    horizon: '2',
    symbol: 'OTHER',
  });
  assert.equal(named.forecast?.length, 2);
  assert.equal(named.model.symbol, 'OTHER');
});

test('empty cells are left out, and anything else that is not a number is named by line and column', async (t) => {
  const target = await createTestApp(t);
  const rows = DAYS.map((day, i) => `${day},${CLOSES[i]!}`);
  const gaps = await upload<Prediction>(target, ['date,close', '1999-12-31,', '1999-12-30,null', ...rows].join('\n'));
  assert.equal(gaps.naive, CLOSES.at(-1));
  const broken = await upload<Refusal>(target, ['date,close', '1999-12-31,abc', ...rows].join('\n'), {}, 400);
  assert.deepEqual(broken, {
    error:
      'prices.csv, line 2, column "close": "abc" is not a finite number; expected a price such as 123.45, or nothing.',
    code: 'INVALID_CSV',
  });
});

test('files that cannot be used are refused with the reason', async (t) => {
  const target = await createTestApp(t);
  const refusals: [string, Record<string, string>, string, RegExp][] = [
    ['', {}, 'INVALID_CSV', /empty/],
    [
      'a,b\n1,2',
      {},
      'INVALID_CSV',
      /line 1: expected columns "Date" and "Close"; found "a", "b"\. Name the price: .* target_column of a form/,
    ],
    ['date,close\nyesterday,2', {}, 'INVALID_CSV', /line 2, column "date": "yesterday" is not a day/],
    ['close\n1\n2', {}, 'TOO_FEW_VALUES', /at least 60 values/],
    [`close\n${CLOSES.map((close) => -close).join('\n')}`, {}, 'INVALID_PRICE', /finite number above 0/],
    ['close\n1', { horizon: '0' }, 'INVALID_INPUT', /"horizon" is 0/],
    ['close\n1', { colour: 'red' }, 'INVALID_INPUT', /colour/],
    ['close\n"1', {}, 'INVALID_CSV', /a quote \("\) is opened and never closed/],
  ];
  for (const [csv, fields, code, sentence] of refusals) {
    const refusal = await upload<Refusal>(target, csv, fields, 400);
    assert.equal(refusal.code, code, refusal.error);
    assert.match(refusal.error, sentence);
  }
});

test('broken multipart bodies are refused, not failed', async (t) => {
  const { app } = await createTestApp(t);
  const bodies = [
    '',
    '--x',
    '--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nclose\n1',
    '--x--\r\n',
  ];
  for (const payload of bodies) {
    for (const type of ['multipart/form-data; boundary=x', 'multipart/form-data', 'multipart/form-data; boundary=']) {
      const reply = await app.inject({ method: 'POST', url: '/predict', headers: { 'content-type': type }, payload });
      assert.equal(reply.statusCode, 400, `${type} ${payload}: ${reply.body}`);
    }
  }
});

test('a day that no calendar and no database has is refused at the door', async (t) => {
  const target = await createTestApp(t);
  const rows = DAYS.map((day, i) => `${day.replace(/^..../, '0000')},${CLOSES[i]!}`);
  const refusal = await upload<Refusal>(target, ['date,close', ...rows].join('\n'), {}, 400);
  assert.equal(refusal.code, 'INVALID_CSV');
  assert.match(refusal.error, /"0000-.*" is no day of the calendar/);
  assert.equal(target.log.length, 0, 'nothing of it waits to be stored');
});
