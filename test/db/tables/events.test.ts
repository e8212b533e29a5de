import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEvent } from '../../../core/events.ts';
import { parseRunId } from '../../../core/runId.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import { appendEvent, listEvents } from '../../../db/tables/events.ts';
import { withDatabase } from '../../../lab/database.ts';
import { recordFaults } from '../../helpers/sealedRecord.ts';

const event = (n: number, symbol: SeriesSymbol | null = parseSymbol('X')): AuditEvent => ({
  kind: 'drift:checked',
  symbol,
  runId: parseRunId('7'),
  payload: { n, d: 0.1 + 0.2 },
  sentence: `Check ${n}: "stable".`,
});

test('an event is answered as it stands in the record', async (t) => {
  const { db } = await withDatabase(t);
  const { id, at, ...rest } = await appendEvent(db, event(1));
  assert.equal(id, '1');
  assert.match(at, /^\d{4}-\d\d-\d\dT.*Z$/);
  assert.deepEqual(rest, event(1));
  assert.deepEqual(await listEvents(db, { limit: 1 }), [{ id, at, ...rest }]);
});

test('an append waits for no other that is not committed yet, and one that is undone leaves nothing', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const other = connectAs('shepherd');
  await assert.rejects(
    db.transaction(async (client) => {
      const first = await appendEvent(client, event(1));
      const second = await appendEvent(other, event(2));
      assert.ok(BigInt(second.id) > BigInt(first.id));
      throw new Error('undone');
    }),
    /undone/,
  );
  assert.deepEqual(
    (await listEvents(db, { limit: 9 })).map(({ payload }) => payload['n']),
    [2],
  );
});

test('number and time of an event are the database’s, whatever an insert says', async (t) => {
  const { db } = await withDatabase(t);
  await db.query(
    `INSERT INTO events (id, at, kind, payload, sentence) VALUES (77, '2001-01-01', 'feed:fault', '{}', 'Mine.')`,
  );
  const [stored] = await listEvents(db, { limit: 1 });
  assert.equal(stored?.id, '1');
  assert.ok(stored.at > '2026');
});

test('even the owner changes the record only on purpose', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await appendEvent(db, event(1));
  const owner = connectAs('owner');
  for (const statement of ['UPDATE events SET sentence = $$$$', 'DELETE FROM events', 'TRUNCATE events']) {
    await assert.rejects(owner.query(statement), /events are append-only/);
  }
});

test('events are filtered by series, run and place', async (t) => {
  const { db } = await withDatabase(t);
  await appendEvent(db, event(1));
  await appendEvent(db, { ...event(2, null), runId: null });
  await appendEvent(db, event(3));
  const ids = async (filter: Omit<Parameters<typeof listEvents>[1], 'limit'>): Promise<string[]> =>
    (await listEvents(db, { ...filter, limit: 9 })).map(({ id }) => id);
  assert.deepEqual(await ids({}), ['3', '2', '1']);
  assert.deepEqual(await ids({ symbol: parseSymbol('X') }), ['3', '1']);
  assert.deepEqual(await ids({ runId: parseRunId('7'), before: '3' }), ['1']);
  assert.deepEqual(await ids({ after: '1' }), ['2', '3']);
  assert.deepEqual(await ids({ until: '2000-01-01T00:00:00Z' }), []);
});

test('a page is cut at the near end: the newest back from a place, the oldest on from one, and up to an instant', async (t) => {
  const { db } = await withDatabase(t);
  const stored = [];
  for (let n = 1; n <= 5; n += 1) {
    stored.push(await appendEvent(db, { ...event(n), runId: parseRunId(String(n)) }));
    await db.query('SELECT pg_sleep(0.002)'); // instants cross as milliseconds
  }
  const ids = async (filter: Parameters<typeof listEvents>[1]): Promise<string[]> =>
    (await listEvents(db, filter)).map(({ id }) => id);
  assert.deepEqual(await ids({ limit: 2 }), ['5', '4']);
  assert.deepEqual(await ids({ before: '4', limit: 2 }), ['3', '2']);
  assert.deepEqual(await ids({ after: '1', limit: 2 }), ['2', '3']);
  assert.deepEqual(await ids({ until: stored[2]!.at, limit: 2 }), ['3', '2']);
  assert.deepEqual(await ids({ runId: parseRunId('4'), limit: 2 }), ['4']);
  assert.deepEqual(await ids({ symbol: parseSymbol('Y'), limit: 2 }), []);
});

test('words of a feed that no column can hold are shown with a sign in their place, and the record goes on', async (t) => {
  const { db } = await withDatabase(t);
  const foreign = {
    ...event(1),
    payload: { said: 'a\0b', half: '\ud83d', sheep: ['\u{1F40F}'] },
    sentence: 'It said a\0b\ud83d.',
  };
  const stored = await appendEvent(db, foreign);
  assert.deepEqual(stored.payload, { said: 'a\ufffdb', half: '\ufffd', sheep: ['\u{1F40F}'] });
  assert.equal(stored.sentence, 'It said a\ufffdb\ufffd.');
  assert.deepEqual(await recordFaults(db), []);
});
