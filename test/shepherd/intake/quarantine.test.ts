import { ShepherdError } from '../../../core/errors.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { Database } from '../../../db/connection/client.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { recordFaults } from '../../helpers/sealedRecord.ts';
import { listFaults } from '../../../db/tables/faults.ts';
import { listCloses } from '../../../db/tables/prices.ts';
import { PRICES_CHANNEL } from '../../../db/tables/serving.ts';
import { listHeldBars } from '../../../db/tables/views.ts';
import { withDatabase } from '../../../lab/database.ts';
import { silentLog } from '../../../lab/silentLog.ts';
import { createCsvSource } from '../../../shepherd/feeds/csv.ts';
import { pullSymbol } from '../../../shepherd/intake/pull.ts';
import { acceptHeld, listHeld, listSettled, rejectHeld } from '../../../shepherd/intake/quarantine.ts';
import { csvFolder, simulatedCsv } from '../../helpers/shepherdRun.ts';

type Hooks = Parameters<typeof withDatabase>[0];

const lines = simulatedCsv(160, 3).trimEnd().split('\n');
/** The file's first rows, from one on; row `i` (from 1) at `factor(i)` of its level. */
function file(rows: number, factor: (i: number) => number): string {
  const body = lines.slice(0, rows + 1).map((line, i) => {
    const [day, close] = line.split(',');
    return i === 0 || factor(i) === 1 ? line : `${day!},${Number(close) * factor(i)}`;
  });
  return `${body.join('\n')}\n`;
}
/** The file's first rows, from row `jump` on at half their level. */
const fallen = (rows: number, jump: number): string => file(rows, (i) => (i <= jump ? 1 : 0.5));
const dayOf = (row: number): string => lines[row]!.split(',')[0]!;

async function setUp(t: Hooks) {
  const folder = csvFolder(t, { X: fallen(120, 120) });
  const { db, connectAs } = await withDatabase(t);
  const source = createCsvSource({ path: folder, now: () => Date.parse('2016-01-05T00:00:00Z') });
  const pull = (text?: string) => {
    if (text !== undefined) writeFileSync(join(folder, 'X.csv'), text);
    return pullSymbol({ db, source, log: silentLog }, parseSymbol('X'));
  };
  await pull();
  const held = () => listFaults(db, { symbol: parseSymbol('X'), only: 'held', limit: 999 });
  const days = async () => (await listCloses(db, parseSymbol('X'))).days.length;
  /** Rows of the file whose close is stored, as a factor of the file's own, from the 121st on. */
  const factors = async () => {
    const { days: stored, closes } = await listCloses(db, parseSymbol('X'));
    return stored.slice(120).map((day, i) => {
      const row = lines.findIndex((line) => line.startsWith(day));
      return [row, Number((closes[120 + i]! / Number(lines[row]!.split(',')[1])).toPrecision(6))];
    });
  };
  /** Accepts or rejects the finding of a kind whose first day is that of `row`. */
  const settle = async (how: 'accept' | 'reject', kind: string, row: number) => {
    const one = (await held()).find((each) => each.kind === kind && each.since === dayOf(row));
    assert.ok(one !== undefined, `${kind} since row ${row} is held`);
    return (how === 'accept' ? acceptHeld : rejectHeld)(db, { id: one.id, reason: 'so it is' }, silentLog);
  };
  return { db, source, connectAs, pull, held, days, factors, settle };
}

test('what is accepted becomes prices at once, stays accepted, and is told to whoever serves the series', async (t) => {
  const { db, pull, held, days } = await setUp(t);
  await pull(fallen(122, 120));
  const [first, second] = await held();
  assert.deepEqual([(await held()).length, first?.kind, await days()], [2, 'split-unadjusted', 120]);

  let announce: (symbol: string) => void = () => undefined;
  const announced = new Promise<string>((resolve) => (announce = resolve));
  await db.listen(PRICES_CHANNEL, (symbol) => {
    announce(symbol);
  });
  const settled = await acceptHeld(db, { id: second!.id, reason: 'a fraud came out' }, silentLog);
  assert.deepEqual(settled, {
    symbol: 'X',
    kind: 'split-unadjusted',
    from: first!.day,
    to: second!.day,
    bars: 2,
    stored: 2,
  });
  assert.equal(await announced, 'X');
  assert.deepEqual([await held(), await days()], [[], 122]);
  const [event] = await listEvents(db, { symbol: parseSymbol('X'), limit: 1 });
  assert.deepEqual([event?.kind, event?.payload['words']], ['feed:accepted', 'a fraud came out']);
  assert.match(event!.sentence, /^2 bars held back as split-unadjusted taken as right \(.* to .*\): a fraud came out$/);
  assert.deepEqual(await recordFaults(db), []);

  await pull(fallen(130, 120));
  assert.deepEqual([await held(), await days()], [[], 130], 'the level is not doubted again');
});

test('what is rejected waits no longer and never becomes a price, while later days of it are held as before', async (t) => {
  const { db, pull, held, days } = await setUp(t);
  await pull(fallen(121, 120));
  const [one] = await held();
  assert.deepEqual(await listSettled(db, parseSymbol('X')), []);
  await rejectHeld(db, { id: one!.id, reason: 'the exchange cancelled the trades' }, silentLog);
  assert.deepEqual(
    (await listSettled(db, parseSymbol('X')))
      .filter(({ id }) => id === one!.id)
      .map(({ resolution, reason }) => [resolution, reason]),
    [['rejected', 'the exchange cancelled the trades']],
  );
  assert.ok((await listHeld(db, parseSymbol('X'))).every(({ resolution }) => resolution === null));
  assert.deepEqual(await listSettled(db, parseSymbol('OTHER')), []);
  assert.deepEqual([await held(), await days()], [[], 120]);
  const [event] = await listEvents(db, { symbol: parseSymbol('X'), limit: 1 });
  assert.equal(event?.kind, 'feed:rejected');
  await pull(fallen(122, 120));
  assert.deepEqual([(await held()).map(({ day }) => day > one!.day), await days()], [[true], 120]);
});

test('settling twice, or what is not held, is refused and changes nothing', async (t) => {
  const { db, pull, held } = await setUp(t);
  await pull(fallen(121, 120));
  const [one] = await held();
  await acceptHeld(db, { id: one!.id, reason: 'right' }, silentLog);
  for (const id of [one!.id, '999999']) {
    await assert.rejects(rejectHeld(db, { id, reason: 'wrong' }, silentLog), { code: 'NOTHING_HELD' });
  }
  assert.equal((await listEvents(db, { symbol: parseSymbol('X'), limit: 1 }))[0]?.kind, 'feed:accepted');
});

test('the metrics see how many bars of each kind wait, zeros included', async (t) => {
  const { connectAs, pull } = await setUp(t);
  await pull(fallen(123, 120));
  const rows = await listHeldBars(connectAs('metrics'));
  assert.deepEqual(
    rows.map(({ symbol, kind, bars }) => [symbol, kind, bars]),
    [
      ['X', 'invalid-price', 0],
      ['X', 'repeated-tick', 0],
      ['X', 'split-unadjusted', 3],
      ['X', 'swapped-date', 0],
      ['X', 'unit-changed', 0],
      ['X', 'unit-error', 0],
    ],
  );
});

test('accepting a level stores what is sound of it: a day in cents within stays held, and a no to it stands', async (t) => {
  const { pull, held, factors, settle } = await setUp(t);
  const cents = (i: number): number => (i <= 120 ? 1 : i === 123 ? 0.005 : 0.5);
  await pull(file(125, cents));
  const { bars, stored } = await settle('accept', 'split-unadjusted', 121);
  assert.deepEqual([bars, stored], [5, 4]);
  const around = [121, 122, 124, 125].map((row) => [row, 0.5]);
  assert.deepEqual(await factors(), around);
  assert.deepEqual(
    (await held()).map(({ kind, day }) => [kind, day]),
    [['unit-error', dayOf(123)]],
  );
  await settle('reject', 'unit-error', 123);
  await pull(file(135, cents));
  assert.deepEqual((await factors()).slice(0, 5), [...around, [126, 0.5]], 'put aside for good');
  assert.deepEqual(await held(), []);
});

test('of two levels, accepting the first stores the days before the second alone', async (t) => {
  const { connectAs, pull, held, factors, settle } = await setUp(t);
  const twice = (i: number): number => (i <= 120 ? 1 : i <= 122 ? 0.5 : 0.125);
  await pull(file(124, twice));
  const counts = await listHeldBars(connectAs('metrics'));
  assert.equal(counts.find(({ kind }) => kind === 'split-unadjusted')?.bars, 4, 'a bar held twice waits once');
  await settle('accept', 'split-unadjusted', 121);
  const first = [121, 122].map((row) => [row, 0.5]);
  assert.deepEqual(await factors(), first);
  assert.deepEqual(
    (await held()).map(({ day, since }) => [day, since]),
    [123, 124].map((row) => [dayOf(row), dayOf(123)]),
  );
  await settle('accept', 'split-unadjusted', 123);
  assert.deepEqual(await factors(), [...first, [123, 0.125], [124, 0.125]]);
});

test('a history in another unit is held with its bars, told of at each pull, and taken once accepted', async (t) => {
  const { connectAs, pull, held, factors, settle, days } = await setUp(t);
  const pence = (): number => 100;
  for (const rows of [121, 122, 122]) {
    const outcome = await pull(file(rows, pence));
    assert.deepEqual([outcome.kind, 'held' in outcome && outcome.held, await days()], ['faults', rows, 120]);
    assert.match(outcome.sentence, new RegExp(`\\b${rows} bars are held back`));
  }
  const counts = await listHeldBars(connectAs('metrics'));
  assert.equal(counts.find(({ kind }) => kind === 'unit-changed')?.bars, 122);
  const { stored } = await settle('accept', 'unit-changed', 1);
  assert.deepEqual([stored, await held()], [122, []]);
  assert.deepEqual(await factors(), [
    [121, 100],
    [122, 100],
  ]);
  assert.equal((await pull(file(123, pence))).kind, 'updated');
  assert.equal((await pull(file(124, () => 1))).kind, 'faults', 'and a change back is doubted again');
});

test('a feed that returns to the unit it had has corrected all that was held in the other, however little of it is sent again', async (t) => {
  const { pull, held, days } = await setUp(t);
  await pull(file(122, () => 100));
  assert.equal((await held()).length, 122);
  await pull(file(122, () => 1));
  assert.deepEqual([await held(), await days()], [[], 122]);
});

test('a history in another unit that was rejected stays out, and so do its later days', async (t) => {
  const { pull, held, days, settle } = await setUp(t);
  const pence = (): number => 100;
  await pull(file(121, pence));
  await settle('reject', 'unit-changed', 1);
  assert.equal((await pull(file(121, pence))).kind, 'unchanged');
  await pull(file(122, pence));
  assert.deepEqual([(await held()).map(({ day }) => day), await days()], [[dayOf(122)], 120]);
  await pull(file(123, () => 1));
  assert.deepEqual([(await held()).length, await days()], [0, 123], 'the right unit goes in');
});

test('a rejected day never becomes a price, however long its level stays; when the feed corrects it, it does', async (t) => {
  const { pull, held, factors, settle } = await setUp(t);
  await pull(fallen(121, 120));
  await settle('reject', 'split-unadjusted', 121);
  for (let rows = 122; rows <= 128; rows += 1) await pull(fallen(rows, 120));
  const since = [122, 123, 124, 125, 126, 127, 128].map((row) => [row, 0.5]);
  assert.deepEqual([await factors(), await held()], [since, []]);
  await pull(file(128, (i) => (i <= 121 ? 1 : 0.5)));
  assert.deepEqual(await factors(), [[121, 1], ...since]);
});

test('a pull and a person who settles the same bar take turns', async (t) => {
  const { db, pull, held, factors } = await setUp(t);
  await pull(fallen(121, 120));
  const [one] = await held();
  const folder = csvFolder(t, { X: file(122, () => 1) });
  const corrected = createCsvSource({ path: folder, now: () => Date.parse('2016-01-05T00:00:00Z') });
  let accepted: Promise<unknown> = Promise.resolve();
  // The person comes while the pull has written prices and not yet the findings.
  const meeting: Database = {
    ...db,
    transaction: (work) =>
      db.transaction((client) =>
        work({
          query: async <T>(text: string, parameters?: readonly unknown[]): Promise<T[]> => {
            if (text.includes("resolution = 'corrected'")) {
              accepted = assert.rejects(acceptHeld(db, { id: one!.id, reason: 'right' }, silentLog), {
                code: 'NOTHING_HELD',
              });
              await someoneWaits(db);
            }
            return client.query<T>(text, parameters);
          },
        }),
      ),
  };
  await pullSymbol({ db: meeting, source: corrected, log: silentLog }, parseSymbol('X'));
  await accepted;
  assert.deepEqual(await factors(), [
    [121, 1],
    [122, 1],
  ]);
});

test('a no that comes while a pull is about to release the level is heeded, or refused: never taken and then passed over', async (t) => {
  const { db, pull, held, days } = await setUp(t);
  for (let rows = 121; rows <= 125; rows += 1) await pull(fallen(rows, 120));
  const folder = csvFolder(t, { X: fallen(126, 120) });
  const source = createCsvSource({ path: folder, now: () => Date.parse('2016-01-05T00:00:00Z') });
  const [one] = await held();
  let no: Promise<string> = Promise.resolve('');
  const meeting: Database = {
    ...db,
    transaction: (work) =>
      db.transaction((client) =>
        work({
          query: async <T>(text: string, parameters?: readonly unknown[]): Promise<T[]> => {
            const rows = await client.query<T>(text, parameters);
            if (text.includes('firstHeldTo')) {
              no = rejectHeld(db, { id: one!.id, reason: 'wrong' }, silentLog).then(
                () => 'taken',
                (error: unknown) => (error instanceof ShepherdError ? error.code : String(error)),
              );
              await Promise.race([no, someoneWaits(db)]);
            }
            return rows;
          },
        }),
      ),
  };
  await pullSymbol({ db: meeting, source, log: silentLog }, parseSymbol('X'));
  assert.deepEqual([await no, await days()], ['NOTHING_HELD', 126]);
});

/** Resolves once some statement waits for a lock. */
async function someoneWaits(db: Database): Promise<void> {
  for (;;) {
    const [row] = await db.query<{ waiting: boolean }>(
      'SELECT count(*) > 0 AS waiting FROM pg_locks WHERE NOT granted',
    );
    if (row?.waiting === true) return;
    await nextTick();
  }
}
