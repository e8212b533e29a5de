import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../lab/silentLog.ts';
import { ShepherdError, type ErrorCode } from '../../../core/errors.ts';
import type { RecordedEvent } from '../../../core/events.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { Database } from '../../../db/connection/client.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { findDueRun } from '../../../db/tables/queue.ts';
import { claimSlot, findRun, finishRun, startRun, type Run } from '../../../db/tables/runs.ts';
import { failRun } from '../../../shepherd/run/fail.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';

/** What a failed run says, and to whom. */
function listener(db: Database) {
  const events: RecordedEvent[] = [];
  const notes: string[] = [];
  const errors: unknown[][] = [];
  const log = {
    ...silentLog,
    event: (event: RecordedEvent) => events.push(event),
    note: (sentence: string) => notes.push(sentence),
    error: (sentence: string, cause?: unknown) => errors.push([sentence, cause]),
  };
  return { events, notes, errors, context: { db, log } };
}

let slots = 0;

/** A run that was started so many times. */
async function runOf(db: Database, attempts: number): Promise<Run> {
  const id = (await claimSlot(db, { symbol: parseSymbol('X'), slot: String((slots += 1)), trigger: 'schedule' }))!;
  for (let i = 0; i < attempts; i += 1) await startRun(db, id);
  return (await findRun(db, id))!;
}

const again = async (db: Database, { id }: Run): Promise<Run> => (await startRun(db, id))!;

test('what may pass puts the run back on the queue after a growing pause, until it has been tried five times', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const passing: ErrorCode[] = ['FEED_UNAVAILABLE', 'CONFLICT', 'CANCELLED'];
  for (const code of passing) {
    const { context, notes, errors, events } = listener(db);
    const error = new ShepherdError(code, 'It is away.');
    const fourth = await runOf(db, 4);
    const { id } = fourth;
    await failRun({ run: fourth, error, interrupted: false }, context);
    const [waiting] = await db.query<{ state: string; attempts: number; pause: number }>(
      'SELECT state, attempts, extract(epoch FROM due_at - now())::float8 AS pause FROM runs WHERE id = $1',
      [id],
    );
    assert.deepEqual([waiting?.state, waiting?.attempts], ['queued', 4]);
    assert.ok(waiting!.pause > 20 && waiting!.pause <= Math.exp(4), String(waiting!.pause));
    assert.equal(notes.length, 1);
    assert.match(notes[0]!, new RegExp(`\\b${id}\\b.*attempt 4 of 5.*It is away\\.`));
    assert.deepEqual([errors, events], [[], []], 'an expected failure is no fault of the program');

    await failRun({ run: await again(db, fourth), error, interrupted: false }, context);
    const run = await findRun(db, id);
    assert.deepEqual([run?.state, run?.outcome, run?.reason, run?.sentence], ['failed', 'failed', code, 'It is away.']);
    assert.deepEqual(
      events.map(({ kind, symbol, runId, payload, sentence }) => ({ kind, symbol, runId, payload, sentence })),
      [
        {
          kind: 'run:failed',
          symbol: 'X',
          runId: id,
          payload: { reason: code, attempts: 5 },
          sentence: 'It is away.',
        },
      ],
    );
    assert.deepEqual(await listEvents(db, { runId: id, limit: 9 }), events, 'printed as it was stored');
  }
});

test('what cannot pass ends the run at once', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const { context, notes, errors, events } = listener(db);
  const run = await runOf(db, 1);
  const error = new ShepherdError('TOO_FEW_VALUES', 'Training needs more days.');
  await failRun({ run, error, interrupted: false }, context);
  const ended = await findRun(db, run.id);
  assert.deepEqual([ended?.state, ended?.reason, ended?.sentence], ['failed', 'TOO_FEW_VALUES', error.message]);
  assert.deepEqual([notes, errors, events.length], [[], [], 1]);
});

test('a fault of the program is told whole in the log and tried again; given up it is on record as a fault', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const { context, notes, errors, events } = listener(db);
  const error = new TypeError('x is not a function');
  const run = await runOf(db, 1);
  await failRun({ run, error, interrupted: false }, context);
  assert.deepEqual(errors, [[`Run ${run.id} met a fault.`, error]]);
  assert.match(notes[0] ?? '', /the fault above/);
  for (let i = 0; i < 3; i += 1) await startRun(db, run.id);
  await failRun({ run: await again(db, run), error, interrupted: false }, context);
  const ended = await findRun(db, run.id);
  assert.deepEqual([ended?.reason, ended?.sentence], ['FAULT', error.message]);
  assert.deepEqual(events[0]?.payload, { reason: 'FAULT', attempts: 5 });

  const other = await runOf(db, 5);
  await failRun({ run: other, error: 'thrown as text', interrupted: false }, context);
  assert.equal((await findRun(db, other.id))?.sentence, 'thrown as text');
});

test('an interruption by us is no attempt: the run is back on the queue, due at once, whatever it threw', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const { context, notes, errors, events } = listener(db);
  const run = await runOf(db, 5);
  const error = new ShepherdError('TOO_FEW_VALUES', 'Training needs more days.');
  await failRun({ run, error, interrupted: true }, context);
  const waiting = await findRun(db, run.id);
  assert.deepEqual([waiting?.state, waiting?.attempts], ['queued', 4]);
  assert.deepEqual(await findDueRun(db), { id: run.id, symbol: 'X' });
  assert.deepEqual([notes, errors, events], [[], [], []]);
});

test('a lost database is no attempt, however often it is lost', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const { context, events } = listener(db);
  const error = new ShepherdError('DATABASE_UNAVAILABLE', 'It is away.');
  const first = await runOf(db, 1);
  for (let run = first, n = 0; n < 7; n += 1, run = await again(db, run)) {
    await failRun({ run, error, interrupted: false }, context);
    const waiting = await findRun(db, first.id);
    assert.deepEqual([waiting?.state, waiting?.attempts], ['queued', 0]);
  }
  assert.deepEqual(events, []);
});

test('of a run that another process has taken over nothing is changed', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const { context, notes, events } = listener(db);
  const run = await runOf(db, 5);
  const error = new ShepherdError('SUPERSEDED', 'Another process has taken over X.');
  for (const interrupted of [true, false]) await failRun({ run, error, interrupted }, context);
  assert.deepEqual(await findRun(db, run.id), run);
  assert.match(notes[0] ?? '', /not ours any more.*taken over X/);
  assert.deepEqual(events, []);
});

test('a run that has ended stays as it ended, whatever its process meets afterwards', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const { context, events } = listener(db);
  const run = await runOf(db, 5);
  await finishRun(db, run.id, { state: 'done', outcome: 'kept', reason: 'fresh', sentence: 'Kept.' });
  await failRun({ run, error: new ShepherdError('CONFLICT', 'Too late.'), interrupted: false }, context);
  const ended = await findRun(db, run.id);
  assert.deepEqual([ended?.state, ended?.outcome, ended?.sentence], ['done', 'kept', 'Kept.']);
  assert.deepEqual([events, await listEvents(db, { runId: run.id, limit: 9 })], [[], []]);
});
