import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBand } from '../../../core/forecast/band.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import type { ModelVersion } from '../../../core/model/version.ts';
import { promote, saveBand } from '../../../db/tables/champions.ts';
import type { Client } from '../../../db/connection/client.ts';
import { saveForecasts } from '../../../db/tables/forecasts.ts';
import { saveBars } from '../../../db/tables/prices.ts';
import { saveScores } from '../../../db/tables/scores.ts';
import { saveSeries } from '../../../db/tables/series.ts';
import { announcePrices, findBand, listServedSeries, PRICES_CHANNEL } from '../../../db/tables/serving.ts';
import { withDatabase } from '../../../lab/database.ts';
import { issueForecast, scoreIssued } from '../../../lab/scores.ts';
import { BAND, bar, newPromotion, risingBars, storeModel, storeSeries } from '../../helpers/records.ts';

const FIRST = parseDay('2020-01-01');
const DAYS = 30;

/** Stores one forecast made `daysIn` days after the first, and its score. */
async function storeScore(
  client: Client,
  version: ModelVersion,
  daysIn: number,
  horizon: number,
  symbol = parseSymbol('X'),
): Promise<void> {
  const asOf = addDays(FIRST, daysIn);
  const issued = issueForecast(asOf, { horizon });
  await saveForecasts(client, symbol, version, [issued]);
  assert.equal(await saveScores(client, symbol, version, [{ asOf, score: scoreIssued(issued) }]), 1);
}

test('whatever changes what a series is served with changes its mark; what does not, leaves it', async (t) => {
  const { db } = await withDatabase(t);
  const bars = risingBars(FIRST, DAYS);
  const last = addDays(FIRST, DAYS - 1);
  await storeSeries(db, parseSymbol('X'), bars);
  await storeSeries(db, parseSymbol('Y'), bars);
  const [version, other] = [await storeModel(db, parseSymbol('X')), await storeModel(db, parseSymbol('X'))];
  await promote(db, newPromotion(parseSymbol('X'), version, { promotedOn: FIRST }));
  let mark = '';
  /** Whether the mark moved since it was last looked at. */
  const moved = async (): Promise<boolean> => {
    const before = mark;
    const [served] = await listServedSeries(db, parseSymbol('X'));
    mark = served!.mark;
    return mark !== before;
  };
  assert.equal(await moved(), true);
  assert.equal(await moved(), false);

  await saveBars(db, parseSymbol('X'), bars);
  assert.equal(await moved(), false, 'the same bars again');
  await saveBars(db, parseSymbol('X'), [bar(last, 77)]);
  assert.equal(await moved(), true, 'a corrected close of the last day');
  await saveBars(db, parseSymbol('X'), [bar(addDays(last, -11), 55)]);
  assert.equal(await moved(), true, 'a corrected close two weeks back');
  await saveBars(db, parseSymbol('X'), [bar(addDays(last, 1), 130)]);
  assert.equal(await moved(), true, 'a new day');
  await storeScore(db, version, 3, 1);
  assert.equal(await moved(), true, 'a scored forecast');
  await storeScore(db, version, 4, 1);
  assert.equal(await moved(), true, 'the next scored forecast');
  await storeScore(db, version, 4, 2);
  assert.equal(await moved(), false, 'a forecast further ahead says nothing of the quality one day ahead');
  await storeScore(db, other, 5, 1);
  assert.equal(await moved(), false, 'nor does that of a model that was not in service');
  await saveBars(db, parseSymbol('Y'), [bar(last, 5), bar(addDays(last, 1), 5)]);
  const foreign = await storeModel(db, parseSymbol('Y'));
  await promote(db, newPromotion(parseSymbol('Y'), foreign, { promotedOn: FIRST }));
  await storeScore(db, foreign, 9, 1, parseSymbol('Y'));
  assert.equal(await moved(), false, 'another series');
});

test('every series with a champion is served, that with the oldest first model first, at its exchange, with the version in service', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('C'), parseSymbol('A'), parseSymbol('B')])
    await storeSeries(db, symbol, risingBars(FIRST, 2));
  await saveSeries(db, {
    symbol: parseSymbol('A'),
    source: 'csv',
    transform: 'log-return',
    timeZone: 'America/New_York',
  });
  const [c, a, a2] = [
    await storeModel(db, parseSymbol('C')),
    await storeModel(db, parseSymbol('A')),
    await storeModel(db, parseSymbol('A')),
  ];
  await promote(db, newPromotion(parseSymbol('C'), c));
  await promote(db, newPromotion(parseSymbol('A'), a));
  await promote(db, newPromotion(parseSymbol('A'), a2, { expected: a }));
  const named = async (symbol?: SeriesSymbol): Promise<unknown[]> =>
    (await listServedSeries(db, symbol)).map((served) => [served.symbol, served.version, served.timeZone]);
  assert.deepEqual(await named(), [
    ['C', c, 'UTC'],
    ['A', a2, 'America/New_York'],
  ]);
  assert.deepEqual(await named(parseSymbol('C')), [['C', c, 'UTC']]);
  assert.deepEqual(await named(parseSymbol('B')), []);
});

test('the bands are those of the version in service, and of no other', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  const [x, y, next] = [
    await storeModel(db, parseSymbol('X')),
    await storeModel(db, parseSymbol('Y')),
    await storeModel(db, parseSymbol('X')),
  ];
  await promote(db, newPromotion(parseSymbol('X'), x));
  await promote(db, newPromotion(parseSymbol('Y'), y));
  const band = startBand([[9, 8, 7]]);
  await saveBand(db, parseSymbol('X'), next, band);
  assert.deepEqual(
    await findBand(db, parseSymbol('X'), x),
    BAND,
    'bands of a version that is not in service are not kept',
  );
  await saveBand(db, parseSymbol('X'), x, band);
  assert.deepEqual(await findBand(db, parseSymbol('X'), x), band);
  assert.equal(await findBand(db, parseSymbol('X'), next), null);
  assert.equal(await findBand(db, parseSymbol('X'), y), null);
  assert.deepEqual(await findBand(db, parseSymbol('Y'), y), BAND);
});

test('who serves a series is told of it when the change commits, and never of one undone', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const heard: string[] = [];
  let onHeard: () => void = () => undefined;
  await connectAs('estimator').listen(PRICES_CHANNEL, (payload) => {
    heard.push(payload);
    onHeard();
  });
  await assert.rejects(
    db.transaction(async (client) => {
      await announcePrices(client, parseSymbol('UNDONE'));
      throw new Error('change of mind');
    }),
    /change of mind/,
  );
  const arrived = new Promise<void>((resolve) => (onHeard = resolve));
  await db.transaction((client) => announcePrices(client, parseSymbol('X')));
  await arrived;
  assert.deepEqual(heard, ['X']);
});
