import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import { listCloses, listRevisions, saveBars } from '../../db/prices.ts';
import { saveSeries } from '../../db/series.ts';
import { withDatabase } from '../helpers/database.ts';

const bar = (day: string, close: number, volume: number | null = null): PriceBar => ({
  day: parseDay(day),
  close,
  open: null,
  high: null,
  low: null,
  adjustedClose: null,
  volume,
});

test('saving the same bars twice changes nothing, a changed close is answered and kept', async (t) => {
  const { db } = await withDatabase(t);
  await saveSeries(db, { symbol: 'X', source: 'csv', transform: 'log-return', timeZone: 'UTC' });
  const bars = [bar('2020-01-03', 1.5), bar('2020-01-02', 0.1 + 0.2), bar('2020-01-06', 3)];
  assert.deepEqual(await saveBars(db, 'X', bars), { inserted: 3, revised: [], unchanged: 0 });
  assert.deepEqual(await saveBars(db, 'X', bars), { inserted: 0, revised: [], unchanged: 3 });
  const later = [bar('2020-01-03', 1.25), bar('2020-01-06', 3, 7), bar('2020-01-07', 4)];
  assert.deepEqual(await saveBars(db, 'X', later), {
    inserted: 1,
    revised: [{ day: '2020-01-03', old: 1.5, new: 1.25 }],
    unchanged: 1,
  });
  const series = await listCloses(db, 'X');
  assert.deepEqual(series.days, ['2020-01-02', '2020-01-03', '2020-01-06', '2020-01-07']);
  assert.deepEqual([...series.closes], [0.1 + 0.2, 1.25, 3, 4]);
  const revisions = await listRevisions(db, 'X');
  assert.deepEqual(
    revisions.map(({ day, old }) => [day, old]),
    [
      ['2020-01-03', 1.5],
      ['2020-01-06', 3],
    ],
  );
});
