import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { promote } from '../../../db/tables/champions.ts';
import { findPromotionAt, listPromotions, listTenureStarts } from '../../../db/tables/promotions.ts';
import { withDatabase } from '../../../lab/database.ts';
import { DAY, newPromotion, storeModel, storeSeries } from '../../helpers/records.ts';

test('changes of champion are listed of their own series: the newest first, as many as asked, or all', async (t) => {
  const { db } = await withDatabase(t);
  const [X, Y] = [parseSymbol('X'), parseSymbol('Y')];
  const versions = [];
  for (const symbol of [X, Y]) {
    await storeSeries(db, symbol);
    let expected = null;
    for (const days of [0, 1, 2]) {
      const version = await storeModel(db, symbol);
      await promote(db, newPromotion(symbol, version, { expected, promotedOn: addDays(DAY, days) }));
      expected = version;
      if (symbol === X) versions.push(version);
    }
  }
  const listed = async (limit?: number) => (await listPromotions(db, X, limit)).map(({ version }) => version);
  assert.deepEqual(await listed(), versions.toReversed());
  assert.deepEqual(await listed(2), versions.toReversed().slice(0, 2));
  assert.deepEqual(
    await listTenureStarts(db, X),
    versions.map((version, days) => ({ version, promotedOn: addDays(DAY, days) })),
  );
  const [newest, middle, oldest] = await listPromotions(db, X);
  assert.equal((await findPromotionAt(db, X, middle!.at))?.id, middle!.id);
  assert.equal((await findPromotionAt(db, X, '2999-01-01T00:00:00Z'))?.id, newest!.id);
  assert.equal(await findPromotionAt(db, X, new Date(Date.parse(oldest!.at) - 1).toISOString()), undefined);
});
