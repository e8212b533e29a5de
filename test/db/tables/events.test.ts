import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AuditEvent } from '../../../core/events.ts';
import { parseRunId } from '../../../core/runId.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import { appendEvent, listEvents, verifyChain } from '../../../db/tables/events.ts';
import { withDatabase } from '../../../lab/database.ts';

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

test('events appended by many at once form one chain without gaps, also around a rolled-back one', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const other = connectAs('shepherd');
  await Promise.all(
    Array.from({ length: 40 }, (_, n) =>
      n % 10 === 3
        ? assert.rejects(
            db.transaction(async (client) => {
              await appendEvent(client, event(n));
              throw new Error('undone');
            }),
          )
        : appendEvent(n % 2 ? db : other, event(n)),
    ),
  );
  const verdict = await verifyChain(db);
  assert.deepEqual([verdict.intact, verdict.events], [true, 36]);
  const ids = (await listEvents(db, { limit: 100 })).map(({ id }) => Number(id));
  assert.deepEqual(
    ids,
    Array.from({ length: 36 }, (_, i) => 36 - i),
  );
});

test('an altered, a removed and a cut-off event are each found', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  for (let n = 0; n < 5; n += 1) await appendEvent(db, event(n));
  const before = await verifyChain(db);
  assert.ok(before.intact && before.head !== null);
  const owner = connectAs('owner');
  const tamper = async (statement: string): Promise<void> => {
    await owner.transaction(async (client) => {
      await client.query('ALTER TABLE events DISABLE TRIGGER USER');
      await client.query(statement);
      await client.query('ALTER TABLE events ENABLE TRIGGER USER');
    });
  };

  await tamper(`UPDATE events SET payload = jsonb_set(payload, '{n}', '9') WHERE id = 3`);
  const altered = await verifyChain(db);
  assert.ok(!altered.intact && altered.brokenAt === '3');
  await tamper(`UPDATE events SET payload = jsonb_set(payload, '{n}', '2') WHERE id = 3`);
  assert.equal((await verifyChain(db, before.head)).intact, true);

  await tamper('DELETE FROM events WHERE id = 5');
  assert.equal((await verifyChain(db)).intact, true); // nothing inside the chain shows a missing end …
  const cut = await verifyChain(db, before.head);
  assert.ok(!cut.intact && cut.brokenAt === '5'); // … but the head written down before does

  await tamper('DELETE FROM events WHERE id = 2');
  const removed = await verifyChain(db);
  assert.ok(!removed.intact && removed.brokenAt === '3');
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

test('the verdict on the chain counts its events and names the first that is wrong', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  assert.deepEqual(await verifyChain(db), { intact: true, events: 0, head: null });
  assert.deepEqual(await verifyChain(db, 'ab'), {
    intact: false,
    events: 0,
    brokenAt: '1',
    sentence: 'The record ends at event 0 without the event whose hash was written down: it was cut short.',
  });
  for (let n = 1; n <= 4; n += 1) await appendEvent(db, event(n));
  const owner = connectAs('owner');
  const [last] = await owner.query<{ hash: string }>(`SELECT encode(hash, 'hex') AS hash FROM events WHERE id = 4`);
  assert.deepEqual(await verifyChain(db), { intact: true, events: 4, head: last?.hash });
  // Rewritten together with its own hash, an event no longer fits the one after it.
  await owner.transaction(async (client) => {
    await client.query('ALTER TABLE events DISABLE TRIGGER USER');
    await client.query(`UPDATE events SET sentence = 'Nothing happened.' WHERE id = 2`);
    await client.query('UPDATE events SET hash = event_hash(events) WHERE id = 2');
    await client.query(`UPDATE events SET sentence = 'Nothing happened.' WHERE id = 4`);
    await client.query('ALTER TABLE events ENABLE TRIGGER USER');
  });
  assert.deepEqual(await verifyChain(db), {
    intact: false,
    events: 4,
    brokenAt: '3',
    sentence: 'Event 3 is not as it was appended, or one before it is missing.',
  });
});

test('a gap shows even where all that follows was linked and hashed anew', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  for (let n = 1; n <= 4; n += 1) await appendEvent(db, event(n));
  await connectAs('owner').transaction(async (client) => {
    await client.query('ALTER TABLE events DISABLE TRIGGER USER');
    await client.query('DELETE FROM events WHERE id = 2');
    for (const [id, before] of [
      [3, 1],
      [4, 3],
    ]) {
      await client.query('UPDATE events SET previous_hash = (SELECT hash FROM events WHERE id = $2) WHERE id = $1', [
        id,
        before,
      ]);
      await client.query('UPDATE events SET hash = event_hash(events) WHERE id = $1', [id]);
    }
    await client.query('ALTER TABLE events ENABLE TRIGGER USER');
  });
  const verdict = await verifyChain(db);
  assert.ok(!verdict.intact && verdict.brokenAt === '3');
});

test('words of a feed that no column can hold are shown with a sign in their place, and the chain goes on', async (t) => {
  const { db } = await withDatabase(t);
  const foreign = {
    ...event(1),
    payload: { said: 'a\0b', half: '\ud83d', sheep: ['\u{1F40F}'] },
    sentence: 'It said a\0b\ud83d.',
  };
  const stored = await appendEvent(db, foreign);
  assert.deepEqual(stored.payload, { said: 'a\ufffdb', half: '\ufffd', sheep: ['\u{1F40F}'] });
  assert.equal(stored.sentence, 'It said a\ufffdb\ufffd.');
  assert.equal((await verifyChain(db)).intact, true);
});
