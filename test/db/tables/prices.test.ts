import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { addDays, parseDay } from '../../../core/series/day.ts';
import type { PriceBar } from '../../../core/series/price.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import { findLastDay, listCloses, listLastCloses, listRevisions, saveBars } from '../../../db/tables/prices.ts';
import { withDatabase } from '../../../lab/database.ts';
import { bar, risingBars, storeSeries } from '../../helpers/records.ts';

test('saving the same bars twice changes nothing, a changed close is answered and kept', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const bars = [bar('2020-01-03', 1.5), bar('2020-01-02', 0.1 + 0.2), bar('2020-01-06', 3)];
  assert.deepEqual(await saveBars(db, parseSymbol('X'), bars), { inserted: 3, revised: [], unchanged: 0 });
  assert.deepEqual(await saveBars(db, parseSymbol('X'), bars), { inserted: 0, revised: [], unchanged: 3 });

  const later = [bar('2020-01-03', 1.25), bar('2020-01-06', 3, 7), bar('2020-01-07', 4)];
  assert.deepEqual(await saveBars(db, parseSymbol('X'), later), {
    inserted: 1,
    revised: [{ day: '2020-01-03', old: 1.5, new: 1.25 }],
    unchanged: 1,
  });
  const series = await listCloses(db, parseSymbol('X'));
  assert.deepEqual(series.days, ['2020-01-02', '2020-01-03', '2020-01-06', '2020-01-07']);
  assert.deepEqual([...series.closes], [0.1 + 0.2, 1.25, 3, 4]);
  const revisions = await listRevisions(db, parseSymbol('X'));
  assert.deepEqual(revisions.map(({ day, old, new: now }) => [day, old, now]).reverse(), [
    ['2020-01-03', 1.5, 1.25],
    ['2020-01-06', 3, 3], // only its volume changed; the row as it stood is kept all the same
  ]);
});

test('a series is cut to the days asked for, and empty where there are none', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'), risingBars('2020-01-01', 10));
  const [from, to] = [parseDay('2020-01-03'), parseDay('2020-01-05')];
  assert.deepEqual([...(await listCloses(db, parseSymbol('X'), { from, to })).closes], [102, 103, 104]);
  assert.deepEqual([...(await listCloses(db, parseSymbol('X'), { to })).closes], [100, 101, 102, 103, 104]);
  assert.deepEqual([...(await listLastCloses(db, parseSymbol('X'), 3)).closes], [107, 108, 109]);
  assert.deepEqual((await listLastCloses(db, parseSymbol('X'), 2, to)).days, ['2020-01-04', '2020-01-05']);
  assert.equal(await findLastDay(db, parseSymbol('X')), '2020-01-10');
  assert.equal((await listCloses(db, parseSymbol('X'))).days.length, 10);
  assert.deepEqual(await listCloses(db, parseSymbol('Y')), { days: [], closes: new Float64Array() });
  assert.equal(await findLastDay(db, parseSymbol('Y')), undefined);
  assert.equal((await listCloses(db, parseSymbol('Y'))).days.length, 0);
});

test('one bad bar leaves none of its batch behind', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const bars = [...risingBars('2020-01-01', 3), bar('2020-02-01', Number.NaN)];
  await assert.rejects(saveBars(db, parseSymbol('X'), bars), { code: '23514' });
  assert.equal((await listCloses(db, parseSymbol('X'))).days.length, 0);
});

test('every finite close comes back as the same number, on the same day', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const first = parseDay('1969-12-25');
  const closes = fc.sample(fc.double({ noNaN: true, noDefaultInfinity: true }), { numRuns: 500, seed: 1 });
  const bars = closes.map((close, i) => bar(addDays(first, 5 * i), close));
  await saveBars(db, parseSymbol('X'), bars);
  const series = await listCloses(db, parseSymbol('X'));
  assert.deepEqual(
    series.days,
    bars.map(({ day }) => day),
  );
  assert.deepEqual([...series.closes].map(String), closes.map(String)); // -0 is stored as the number 0 it equals
});

test('writers of the same days at the same time lose nothing and count each day once', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const bars = risingBars('2020-01-01', 200);
  const saved = await Promise.all([1, 2, 3, 4].map(() => saveBars(db, parseSymbol('X'), bars)));
  assert.equal(
    saved.reduce((sum, { inserted }) => sum + inserted, 0),
    200,
  );
  assert.ok(saved.every(({ revised }) => revised.length === 0));
  assert.equal((await listCloses(db, parseSymbol('X'))).days.length, 200);
});

test('every field of a bar is kept, and a change of any of them keeps the row as it stood', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  const day = parseDay('2020-01-02');
  const whole: PriceBar = { day, close: 10, open: 11, high: 12, low: 9, adjustedClose: 9.5, volume: 7 };
  const stored = (symbol: SeriesSymbol): Promise<unknown[]> =>
    db.query(
      `SELECT day, close, open, high, low, adjusted_close AS "adjustedClose", volume FROM prices WHERE symbol = $1`,
      [symbol],
    );
  await saveBars(db, parseSymbol('X'), [whole]);
  await saveBars(db, parseSymbol('Y'), [whole]);
  assert.deepEqual(await stored(parseSymbol('X')), [whole]);
  const rows: object[] = [];
  let latest = whole;
  for (const field of ['open', 'high', 'low', 'adjustedClose', 'volume'] as const) {
    const { adjustedClose, ...others } = latest;
    rows.push({ ...others, adjusted_close: adjustedClose });
    latest = { ...latest, [field]: 1 };
    assert.deepEqual(await saveBars(db, parseSymbol('X'), [latest]), { inserted: 0, revised: [], unchanged: 1 }, field);
    assert.deepEqual(await stored(parseSymbol('X')), [latest]);
  }
  latest = { ...latest, volume: null };
  await saveBars(db, parseSymbol('X'), [latest]);
  assert.deepEqual(await stored(parseSymbol('X')), [latest], 'a field that the feed has no more is empty');
  const kept = await db.query<{ row: Record<string, unknown> }>(
    'SELECT old_row AS row FROM price_revisions ORDER BY id',
  );
  assert.equal(kept.length, rows.length + 1);
  assert.deepEqual(
    kept.slice(0, -1).map(({ row: { symbol, stored_at, ...fields } }) => {
      assert.ok(symbol === 'X' && typeof stored_at === 'string');
      return fields;
    }),
    rows,
  );
  assert.deepEqual(await stored(parseSymbol('Y')), [whole]);
  assert.deepEqual(
    [(await listRevisions(db, parseSymbol('X'))).length, await listRevisions(db, parseSymbol('Y'))],
    [kept.length, []],
  );
});

test('a close that is corrected again is answered with what the last correction changed, by day, of its own series', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol, risingBars('2020-01-01', 3));
  await saveBars(db, parseSymbol('X'), [bar('2020-01-02', 50)]);
  await saveBars(db, parseSymbol('Y'), [bar('2020-01-01', 70), bar('2020-01-02', 70)]);
  const { revised } = await saveBars(db, parseSymbol('X'), [bar('2020-01-02', 60), bar('2020-01-01', 61)]);
  assert.deepEqual(revised, [
    { day: '2020-01-01', old: 100, new: 61 },
    { day: '2020-01-02', old: 50, new: 60 },
  ]);
  // Only the volume of the one changes now: its close was corrected before, not this time.
  const again = await saveBars(db, parseSymbol('X'), [bar('2020-01-02', 60, 5), bar('2020-01-03', 62)]);
  assert.deepEqual(again, { inserted: 0, revised: [{ day: '2020-01-03', old: 102, new: 62 }], unchanged: 1 });
  assert.deepEqual(await saveBars(db, parseSymbol('X'), []), { inserted: 0, revised: [], unchanged: 0 });
});

test('each series is read by itself', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'), risingBars('2020-01-01', 3));
  await storeSeries(db, parseSymbol('Y'), [...risingBars('2019-12-30', 9), bar('2021-01-01', 5)]);
  assert.deepEqual([...(await listCloses(db, parseSymbol('X'))).closes], [100, 101, 102]);
  assert.deepEqual([...(await listLastCloses(db, parseSymbol('X'), 9)).closes], [100, 101, 102]);
  assert.deepEqual(
    [await findLastDay(db, parseSymbol('X')), (await listCloses(db, parseSymbol('X'))).days.length],
    ['2020-01-03', 3],
  );
});
