import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HeldBack } from '../../../core/feed/judgeBars.ts';
import { addDays, type TradingDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { countHeldDays, listHeldBarsOf, resolveFinding, saveFaults } from '../../../db/tables/faults.ts';
import { withDatabase } from '../../../lab/database.ts';
import { bar, DAY, storeSeries } from '../../helpers/records.ts';

/** A unit error from the `first`th day on, over the days of `closes`. */
function heldFrom(first: number, closes: readonly number[]): HeldBack {
  const day = addDays(DAY, first);
  const bars = closes.map((close, i) => bar(addDays(day, i), close));
  return {
    fault: { kind: 'unit-error', day, lastDay: bars.at(-1)!.day, sentence: 'In cents.', evidence: { factor: 100 } },
    bars,
  } as unknown as HeldBack; // the evidence of a finding is not looked at here
}

test('the bars that wait are those of the series, unsettled, one a day as it was held last, from the day asked for', async (t) => {
  const { db } = await withDatabase(t);
  const [X, Y] = [parseSymbol('X'), parseSymbol('Y')];
  for (const symbol of [X, Y]) await storeSeries(db, symbol);
  const closesOf = async (from?: TradingDay) => (await listHeldBarsOf(db, X, from)).map(({ close }) => close);
  assert.deepEqual([await closesOf(), await countHeldDays(db, X)], [[], 0]);

  await saveFaults(db, X, [heldFrom(0, [1, 2, 3])]);
  await saveFaults(db, X, [heldFrom(2, [30, 40])]); // day 2 once more, by another finding
  await saveFaults(db, Y, [heldFrom(0, [9])]);
  assert.deepEqual([await closesOf(), await countHeldDays(db, X)], [[1, 2, 30, 40], 4]);
  assert.deepEqual(await closesOf(addDays(DAY, 2)), [30, 40]);

  await resolveFinding(db, X, { kind: 'unit-error', day: DAY }, 'rejected', 'wrong');
  assert.deepEqual([await closesOf(), await countHeldDays(db, X)], [[30, 40], 2]);
  assert.equal(await countHeldDays(db, Y), 1);
});
