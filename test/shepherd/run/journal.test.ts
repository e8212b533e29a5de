import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../lab/silentLog.ts';
import type { RecordedEvent } from '../../../core/events.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { appendDecision, listDecisions } from '../../../db/tables/decisions.ts';
import type { Client, Database } from '../../../db/connection/client.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { claimSlot, findRun, startRun, type Run } from '../../../db/tables/runs.ts';
import { openJournal, type StepOutcome } from '../../../shepherd/run/journal.ts';
import type { Log } from '../../../service/log.ts';
import { withDatabase } from '../../../lab/database.ts';
import { DAY, storeSeries } from '../../helpers/records.ts';

async function startedRun(db: Database): Promise<Run> {
  await storeSeries(db, parseSymbol('X'));
  const id = await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'schedule' });
  return (await startRun(db, id!))!;
}

/** A log that notes, at each event it prints, whether that event is in the record already. */
function watchfulLog(db: Database): { log: Log; printed: RecordedEvent[]; stored: Promise<boolean>[] } {
  const printed: RecordedEvent[] = [];
  const stored: Promise<boolean>[] = [];
  const event = (told: RecordedEvent): void => {
    printed.push(told);
    stored.push(listEvents(db, { limit: 100 }).then((all) => all.some(({ id }) => id === told.id)));
  };
  return { log: { ...silentLog, event }, printed, stored };
}

const decide = (client: Client): Promise<string> =>
  appendDecision(client, {
    runId: null,
    symbol: parseSymbol('X'),
    day: DAY,
    stage: 'retrain',
    verdict: 'keep',
    reason: 'fresh',
    sentence: 'Kept.',
    report: {},
  });

const outcome: StepOutcome<{ answer: number }> = {
  result: { answer: 42 },
  write: decide,
  events: [
    { kind: 'drift:checked', payload: { first: 1 }, sentence: 'First.' },
    { kind: 'retrain:decided', payload: { second: 2 }, sentence: 'Second.' },
  ],
};

test('a step leaves its rows, its result and its events, in order, with run and symbol, printed once they are stored', async (t) => {
  const { db } = await withDatabase(t);
  const run = await startedRun(db);
  const { log, printed, stored } = watchfulLog(db);
  const journal = openJournal(run, db, log);
  assert.deepEqual(journal.run, run);
  assert.deepEqual(await journal.step('decide', () => Promise.resolve(outcome)), { answer: 42 });
  assert.deepEqual((await findRun(db, run.id))?.progress, { decide: { answer: 42 } });
  assert.equal((await listDecisions(db, parseSymbol('X'), { limit: 9 })).length, 1);
  assert.deepEqual(
    printed.map(({ kind, payload, sentence, symbol, runId }) => [kind, payload, sentence, symbol, runId]),
    [
      ['drift:checked', { first: 1 }, 'First.', 'X', run.id],
      ['retrain:decided', { second: 2 }, 'Second.', 'X', run.id],
    ],
  );
  assert.deepEqual(await listEvents(db, { runId: run.id, limit: 9 }), printed.toReversed());
  assert.deepEqual(await Promise.all(stored), [true, true]);

  // A step may have nothing to write and nothing to tell; its result is kept all the same.
  assert.equal(await journal.step('track', () => Promise.resolve({ result: null })), null);
  assert.deepEqual((await findRun(db, run.id))?.progress, { decide: { answer: 42 }, track: null });
});

test('a run taken up again does not repeat a finished step, also one whose result is nothing', async (t) => {
  const { db } = await withDatabase(t);
  const run = await startedRun(db);
  const { log, printed } = watchfulLog(db);
  const first = openJournal(run, db, log);
  await first.step('decide', () => Promise.resolve(outcome));
  await first.step('track', () => Promise.resolve({ result: null }));
  const again = openJournal((await startRun(db, run.id))!, db, log);
  const never = (): Promise<never> => Promise.reject(new Error('done again'));
  assert.deepEqual(await again.step('decide', never), { answer: 42 });
  assert.equal(await again.step('track', never), null);
  await assert.rejects(again.step('gate', never), /done again/);
  assert.equal(printed.length, 2);
  assert.equal((await listDecisions(db, parseSymbol('X'), { limit: 9 })).length, 1);
});

test('a step that cannot be stored whole leaves nothing and says nothing', async (t) => {
  const { db } = await withDatabase(t);
  const run = await startedRun(db);
  const { log, printed } = watchfulLog(db);
  const journal = openJournal(run, db, log);
  const failures: StepOutcome<unknown>[] = [
    // The rows fail after some were written.
    {
      ...outcome,
      write: async (client) => {
        await decide(client);
        throw new Error('no room');
      },
    },
    // The result cannot be stored.
    { ...outcome, result: { text: 1n } }, // no JSON says it
    // The second event cannot be stored.
    { ...outcome, events: [...outcome.events!, { kind: 'gate:judged', payload: { days: 1n }, sentence: 'Judged.' }] },
  ];
  for (const failure of failures) {
    await assert.rejects(journal.step('decide', () => Promise.resolve(failure)));
    assert.deepEqual((await findRun(db, run.id))?.progress, {});
    assert.deepEqual(await listDecisions(db, parseSymbol('X'), { limit: 9 }), []);
    assert.deepEqual(await listEvents(db, { limit: 9 }), []);
  }
  assert.deepEqual(printed, []);
});

test('what is done alongside a telling and the telling are stored together or not at all', async (t) => {
  const { db } = await withDatabase(t);
  const run = await startedRun(db);
  const { log, printed } = watchfulLog(db);
  const journal = openJournal(run, db, log);
  const event = { kind: 'run:finished', payload: {}, sentence: 'Ended.' } as const;
  await assert.rejects(
    journal.tell([event], async (client) => {
      await decide(client);
      throw new Error('no room');
    }),
    /no room/,
  );
  assert.deepEqual([await listDecisions(db, parseSymbol('X'), { limit: 9 }), printed], [[], []]);
  await journal.tell([event], decide);
  assert.deepEqual([(await listDecisions(db, parseSymbol('X'), { limit: 9 })).length, printed.length], [1, 1]);
  await journal.tell([event]);
  assert.equal(printed.length, 2);
});
