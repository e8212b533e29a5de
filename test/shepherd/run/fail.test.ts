import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../lab/silentLog.ts';
import { ShepherdError, type ErrorCode } from '../../../core/errors.ts';
import type { RecordedEvent } from '../../../core/events.ts';
import type { Database } from '../../../db/connection/client.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { claimSlot, findRun, finishRun, startRun } from '../../../db/tables/runs.ts';
import { failRun } from '../../../shepherd/run/fail.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';

/** What a failed run says, and to whom. */
function listener(db: Database) {
  const events: RecordedEvent[] = [];
  const notes: string[] = [];
  const errors: unknown[][] = [];
  const stop = new AbortController();
  const log = {
    ...silentLog,
    event: (event: RecordedEvent) => events.push(event),
    note: (sentence: string) => notes.push(sentence),
    error: (sentence: string, cause?: unknown) => errors.push([sentence, cause]),
  };
  return { events, notes, errors, stop, context: { db, log, signal: stop.signal } };
}

let slots = 0;

/** A run that was started so many times. */
async function runOf(db: Database, attempts: number): Promise<string> {
  const id = await claimSlot(db, { symbol: 'X', slot: String((slots += 1)), trigger: 'schedule' });
  for (let i = 0; i < attempts; i += 1) await startRun(db, id!);
  return id!;
}

test('what may pass leaves the run to the queue, until it has been tried five times', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const passing: ErrorCode[] = ['DATABASE_UNAVAILABLE', 'FEED_UNAVAILABLE', 'CONFLICT', 'CANCELLED'];
  for (const code of passing) {
    const { context, notes, errors, events } = listener(db);
    const error = new ShepherdError(code, 'It is away.');
    const id = await runOf(db, 4);
    await assert.rejects(failRun(id, error, context), error);
    assert.equal((await findRun(db, id))?.state, 'running');
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, new RegExp(`\\b${id}\\b.*It is away\\.`));
    assert.deepEqual([errors, events], [[], []], 'an expected failure is no fault of the program');

    await startRun(db, id);
    await failRun(id, error, context);
    const run = await findRun(db, id);
    assert.deepEqual([run?.state, run?.outcome, run?.reason, run?.sentence], ['failed', 'failed', code, 'It is away.']);
    assert.deepEqual(
      events.map(({ kind, symbol, runId, payload, sentence }) => ({ kind, symbol, runId, payload, sentence })),
      [{ kind: 'run:failed', symbol: 'X', runId: id, payload: { reason: code, attempts: 5 }, sentence: 'It is away.' }],
    );
    assert.deepEqual(await listEvents(db, { runId: id, limit: 9 }), events, 'printed as it was stored');
  }
});

test('what cannot pass ends the run at once', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const { context, notes, errors, events } = listener(db);
  const id = await runOf(db, 1);
  await failRun(id, new ShepherdError('TOO_FEW_VALUES', 'Training needs more days.'), context);
  const run = await findRun(db, id);
  assert.deepEqual([run?.state, run?.reason, run?.sentence], ['failed', 'TOO_FEW_VALUES', 'Training needs more days.']);
  assert.deepEqual([notes, errors, events.length], [[], [], 1]);
});

test('a fault of the program is told whole in the log and tried again; given up it is on record as a fault', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const { context, notes, errors, events } = listener(db);
  const fault = new TypeError('x is not a function');
  const id = await runOf(db, 1);
  await assert.rejects(failRun(id, fault, context), fault);
  assert.deepEqual(errors, [[`Run ${id} met a fault.`, fault]]);
  assert.match(notes[0] ?? '', /the fault above/);
  for (let i = 0; i < 4; i += 1) await startRun(db, id);
  await failRun(id, fault, context);
  assert.deepEqual([(await findRun(db, id))?.reason, (await findRun(db, id))?.sentence], ['FAULT', fault.message]);
  assert.deepEqual(events[0]?.payload, { reason: 'FAULT', attempts: 5 });

  const other = await runOf(db, 5);
  await failRun(other, 'thrown as text', context);
  assert.equal((await findRun(db, other))?.sentence, 'thrown as text');
});

test('a process that is stopping ends no run: the next one goes on with it', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const { context, notes, errors, events, stop } = listener(db);
  const id = await runOf(db, 5);
  stop.abort();
  const error = new ShepherdError('TOO_FEW_VALUES', 'Training needs more days.');
  await assert.rejects(failRun(id, error, context), error);
  assert.equal((await findRun(db, id))?.state, 'running');
  assert.deepEqual([notes, errors, events], [[], [], []]);
});

test('a failure of a run that is not on record is thrown on', async (t) => {
  const { db } = await withDatabase(t);
  const { context, events } = listener(db);
  const error = new ShepherdError('TOO_FEW_VALUES', 'Training needs more days.');
  await assert.rejects(failRun('4711', error, context), error);
  assert.deepEqual(events, []);
});

test('a run that has ended stays as it ended, whatever its process meets afterwards', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const { context, events } = listener(db);
  const id = await runOf(db, 5);
  await finishRun(db, id, { state: 'done', outcome: 'kept', reason: 'fresh', sentence: 'Kept.' });
  await failRun(id, new ShepherdError('CONFLICT', 'Too late.'), context);
  const run = await findRun(db, id);
  assert.deepEqual([run?.state, run?.outcome, run?.sentence], ['done', 'kept', 'Kept.']);
  assert.deepEqual([events, await listEvents(db, { runId: id, limit: 9 })], [[], []]);
});
