import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import type { RunId } from '../../../core/runId.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import type { Client } from '../../../db/connection/client.ts';
import { claimSlot, findRun, finishRun, startRun } from '../../../db/tables/runs.ts';
import { withDatabase } from '../../../lab/database.ts';
import { startWorker } from '../../../shepherd/queue/worker.ts';
import { storeSeries } from '../../helpers/records.ts';

let slots = 0;
const claim = async (client: Client, symbol: SeriesSymbol): Promise<RunId> =>
  (await claimSlot(client, { symbol, slot: String((slots += 1)), trigger: 'schedule' }))!;
const DONE = { state: 'done', outcome: 'kept', reason: 'fresh', sentence: 'Kept.' } as const;

/** Collects what is said, and resolves `said` once a line holds `words`. */
function listen(words: string) {
  const lines: string[] = [];
  let tell: () => void = () => undefined;
  const said = new Promise<void>((resolve) => (tell = resolve));
  const hear = (line: string): void => {
    lines.push(line);
    if (line.includes(words)) tell();
  };
  return { lines, said, log: { note: hear, warn: hear, error: hear } };
}

test('each run is carried out once, those of different series side by side and those of one series in turn', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y'), parseSymbol('Z')]) await storeSeries(db, symbol);
  const ids = [
    await claim(db, parseSymbol('X')),
    await claim(db, parseSymbol('X')),
    await claim(db, parseSymbol('Y')),
    await claim(db, parseSymbol('Z')),
  ];
  const order: string[] = [];
  let underWay = 0;
  let most = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const worker = startWorker({
    db,
    concurrency: 2,
    log: listen('').log,
    pollMs: 5,
    async execute(id) {
      underWay += 1;
      most = Math.max(most, underWay);
      const { symbol } = (await startRun(db, id))!;
      order.push(`${symbol} begins`);
      await db.query('SELECT pg_sleep(0.05)');
      order.push(`${symbol} ends`);
      await finishRun(db, id, DONE);
      underWay -= 1;
      if (order.length === 8) end();
    },
  });
  await ended;
  await worker.stop();
  assert.equal(most, 2);
  const ofX = order.filter((line) => line.startsWith('X'));
  assert.deepEqual(ofX, ['X begins', 'X ends', 'X begins', 'X ends']);
  for (const id of ids) assert.deepEqual((await findRun(db, id))?.attempts, 1);
});

test('while the queue cannot be read the worker says so once and goes on looking; a run that throws ends nothing', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const { lines, said, log } = listen('can be read again');
  let away = 3;
  const flaky: Client = {
    query: (text, parameters) =>
      (away -= 1) >= 0
        ? Promise.reject(new ShepherdError('DATABASE_UNAVAILABLE', 'It is away.'))
        : db.query(text, parameters),
  };
  let tries = 0;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const worker = startWorker({
    db: flaky,
    concurrency: 1,
    log,
    pollMs: 1,
    async execute(id) {
      tries += 1;
      if (tries < 3) throw new ShepherdError('DATABASE_UNAVAILABLE', 'It is away again.');
      await startRun(db, id);
      await finishRun(db, id, DONE);
      end();
    },
  });
  await claim(db, parseSymbol('X'));
  await Promise.all([said, ended]);
  await worker.stop();
  assert.equal(lines.filter((line) => line.includes('cannot be read')).length, 1);
  assert.equal(lines.filter((line) => line.includes('taken up again')).length, 2);
});

test('once stopped no run is begun, and the one under way is waited for', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  const [first, second] = [await claim(db, parseSymbol('X')), await claim(db, parseSymbol('Y'))];
  let begun: () => void = () => undefined;
  const began = new Promise<void>((resolve) => (begun = resolve));
  let letGo: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => (letGo = resolve));
  const worker = startWorker({
    db,
    concurrency: 1,
    log: listen('').log,
    pollMs: 1,
    async execute(id) {
      await startRun(db, id);
      begun();
      await gate;
      await finishRun(db, id, DONE);
    },
  });
  await began;
  const stopping = worker.stop();
  letGo();
  await stopping;
  assert.deepEqual([(await findRun(db, first))?.state, (await findRun(db, second))?.state], ['done', 'queued']);
});
