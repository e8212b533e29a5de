import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { findChampion, promote } from '../../../db/tables/champions.ts';
import { pinChampion, releaseChampion } from '../../../db/tables/pins.ts';
import { withDatabase } from '../../../lab/database.ts';
import { newPromotion, storeModel, storeSeries } from '../../helpers/records.ts';

const X = parseSymbol('X');
const Y = parseSymbol('Y');

test('a champion is pinned once, with its reason, and only that of the series named', async (t) => {
  const { db } = await withDatabase(t);
  assert.equal(await pinChampion(db, X, 'there is none'), undefined);
  for (const symbol of [X, Y]) {
    await storeSeries(db, symbol);
    await promote(db, newPromotion(symbol, await storeModel(db, symbol)));
  }
  const { version } = (await findChampion(db, X))!.model;
  assert.equal(await pinChampion(db, X, 'the desk asks'), version);
  assert.equal(await pinChampion(db, X, 'again'), undefined);
  const pin = (await findChampion(db, X))!.pin;
  assert.equal(pin?.reason, 'the desk asks');
  assert.ok(Math.abs(Date.parse(pin.at) - Date.now()) < 60_000);
  assert.equal((await findChampion(db, Y))!.pin, null);
});

test('what is pinned is not replaced until it is released, and released once', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [X, Y]) {
    await storeSeries(db, symbol);
    await promote(db, newPromotion(symbol, await storeModel(db, symbol)));
    await pinChampion(db, symbol, 'to be released');
  }
  const { version } = (await findChampion(db, X))!.model;
  const next = newPromotion(X, await storeModel(db, X), { expected: version, kind: 'gate' });
  assert.equal(await promote(db, next), false);
  assert.equal(await releaseChampion(db, X), version);
  assert.equal(await releaseChampion(db, X), undefined);
  assert.equal(await promote(db, next), true);
  assert.equal((await findChampion(db, X))!.pin, null);
  assert.notEqual((await findChampion(db, Y))!.pin, null);
});
