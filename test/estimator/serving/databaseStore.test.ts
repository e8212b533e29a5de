import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { parseVersion } from '../../../core/model/version.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import { CHAMPION_CHANNEL, promote } from '../../../db/tables/champions.ts';
import { appendEvent } from '../../../db/tables/events.ts';
import { saveBars } from '../../../db/tables/prices.ts';
import { announcePrices, PRICES_CHANNEL } from '../../../db/tables/serving.ts';
import { createDatabaseStore } from '../../../estimator/serving/databaseStore.ts';
import { withDatabase } from '../../../lab/database.ts';
import { BAND, bar, newPromotion, storeModel, storeSeries } from '../../helpers/records.ts';
import { SECOND, SEEDED, lastDayOf, seedFlock } from '../../metrics/seededFlock.ts';

test('with the rights of its role it reads each series as it is stored, and nothing of another', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const store = createDatabaseStore(connectAs('estimator'));
  assert.deepEqual(await store.listChampions(), []);
  const versions = [await seedFlock(db), await seedFlock(db, SECOND)] as const;
  await storeSeries(db, parseSymbol('NEW'));
  const listed = await store.listChampions();
  assert.deepEqual(
    listed.map(({ symbol, version, timeZone }) => [symbol, version, timeZone]),
    [
      [SEEDED.symbol, versions[0], 'America/New_York'],
      [SECOND.symbol, versions[1], 'America/New_York'],
    ],
  );
  for (const [i, seed] of [SEEDED, SECOND].entries()) {
    const { symbol } = seed;
    const version = versions[i]!;
    assert.deepEqual(await store.listChampions(symbol), [listed.find((each) => each.symbol === symbol)]);
    assert.equal((await store.loadModel(version)).sha256, seed.sha256);
    const { days, closes } = await store.loadSeries(symbol);
    assert.deepEqual([days.length, closes.length, days.at(-1)], [seed.days, seed.days, lastDayOf(seed)]);
    const scores = await store.loadScores(symbol);
    assert.deepEqual([scores.length, scores.at(-1)?.day], [seed.days - 21, lastDayOf(seed)]);
    assert.ok(
      scores.every(
        (score, k) => score.symbol === symbol && score.horizon === 1 && score.day > (scores[k - 1]?.day ?? ''),
      ),
    );
    assert.deepEqual(await store.loadBand(symbol, version), BAND);
    assert.equal(await store.loadBand(symbol, parseVersion(version + 100)), null);
    const { verdict, cause, calibratedP } = (await store.findLastDrift(symbol))!;
    assert.deepEqual(
      { verdict, cause, calibratedP },
      { verdict: seed.drift.verdict, cause: seed.drift.cause, calibratedP: seed.drift.calibratedP },
    );
    assert.deepEqual(
      (await store.listModels(symbol)).map((model) => [model.version, model.transform, model.sha256]),
      [[version, 'log-return', seed.sha256]],
    );
    assert.deepEqual(
      (await store.listPromotions(symbol)).map((promotion) => [promotion.version, promotion.previous, promotion.kind]),
      [[version, null, 'first']],
    );
  }
  assert.equal(await store.findLastDrift(parseSymbol('NEW')), undefined);
  assert.deepEqual(await Promise.all([parseSymbol('NEW'), SEEDED.symbol, parseSymbol('NOPE')].map(store.isStored)), [
    true,
    true,
    false,
  ]);

  // A day or a revision of one of the last changes the mark, of its own series alone.
  await saveBars(db, SEEDED.symbol, [bar(addDays(lastDayOf(SEEDED), 1), 200)]);
  const [moved, other] = await store.listChampions();
  assert.notEqual(moved?.seriesMark, listed[0]?.seriesMark);
  assert.equal(other?.seriesMark, listed[1]?.seriesMark);
});

test('the story of a series is its own, the newest first, and no longer than asked for', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const store = createDatabaseStore(connectAs('estimator'));
  for (const symbol of [parseSymbol('A'), parseSymbol('B')]) await storeSeries(db, symbol);
  for (let i = 0; i < 4; i += 1) {
    await appendEvent(db, {
      symbol: i % 2 === 0 ? parseSymbol('A') : parseSymbol('B'),
      runId: null,
      kind: 'run:skipped',
      payload: { reason: 'a test' },
      sentence: `Event ${i}.`,
    });
  }
  const told = async (symbol: SeriesSymbol, limit: number): Promise<string[]> =>
    (await store.listEvents(symbol, limit)).map(({ sentence }) => sentence);
  assert.deepEqual(await told(parseSymbol('A'), 10), ['Event 2.', 'Event 0.']);
  assert.deepEqual(await told(parseSymbol('B'), 1), ['Event 3.']);
});

test('it hears of promotions and of new days by symbol until it is told to stop', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const store = createDatabaseStore(connectAs('estimator'));
  await storeSeries(db, parseSymbol('A'), [bar(parseDay('2020-01-09'), 1)]);
  const version = await storeModel(db, parseSymbol('A'));
  const heard: string[] = [];
  let wake = (): void => undefined;
  const hear = (what: string) => (symbol: SeriesSymbol) => {
    heard.push(`${what} ${symbol}`);
    wake();
  };
  const stop = await store.listen({
    onChampion: hear('champion'),
    onPrices: hear('prices'),
    onRestored: () => undefined,
  });
  const next = async (act: () => Promise<unknown>): Promise<void> => {
    const woken = new Promise<void>((resolve) => (wake = resolve));
    await act();
    await woken;
  };
  await next(() => promote(db, newPromotion(parseSymbol('A'), version)));
  await next(() => announcePrices(db, parseSymbol('A')));
  assert.deepEqual(heard, ['champion A', 'prices A']);
  await stop();
  await announcePrices(db, parseSymbol('A'));
  await db.query('SELECT 1');
  assert.equal(heard.length, 2);
});

test('a notification that nobody of ours has sent ends nothing: everything is read afresh', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const store = createDatabaseStore(connectAs('estimator'));
  const heard: string[] = [];
  let wake = (): void => undefined;
  const hear = (what: string): void => {
    heard.push(what);
    wake();
  };
  const stop = await store.listen({
    onChampion: (symbol) => {
      hear(`champion ${symbol}`);
    },
    onPrices: (symbol) => {
      hear(`prices ${symbol}`);
    },
    onRestored: () => {
      hear('everything');
    },
  });
  for (const payload of ['', 'not JSON', 'null', '7', '{}', '{"symbol":7}', '{"symbol":"A"}']) {
    const woken = new Promise<void>((resolve) => (wake = resolve));
    await db.query('SELECT pg_notify($1, $2)', [CHAMPION_CHANNEL, payload]);
    await woken;
  }
  assert.deepEqual(heard, [...Array<string>(6).fill('everything'), 'champion A']);
  await stop();
});

test('listening to one channel that succeeds is undone when the other one cannot be had', async (t) => {
  const { connectAs } = await withDatabase(t);
  const database = connectAs('estimator');
  const calls: string[] = [];
  let refuse = true;
  const store = createDatabaseStore({
    ...database,
    async listen(channel, handler, options) {
      if (channel === PRICES_CHANNEL && refuse)
        throw new ShepherdError('DATABASE_UNAVAILABLE', 'sorry, too many clients already');
      const stop = await database.listen(channel, handler, options);
      calls.push(`listen ${channel}`);
      return async () => {
        calls.push(`stop ${channel}`);
        await stop();
      };
    },
  });
  const handlers = { onChampion: () => undefined, onPrices: () => undefined, onRestored: () => undefined };
  await assert.rejects(store.listen(handlers), { code: 'DATABASE_UNAVAILABLE' });
  assert.deepEqual(calls, [`listen ${CHAMPION_CHANNEL}`, `stop ${CHAMPION_CHANNEL}`]);
  refuse = false;
  await (
    await store.listen(handlers)
  )();
});
