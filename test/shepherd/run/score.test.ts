import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advanceForecasts } from '../../../core/forecast/advance.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { ModelVersion } from '../../../core/model/version.ts';
import { findChampion, promote } from '../../../db/tables/champions.ts';
import type { Database } from '../../../db/connection/client.ts';
import { findLastForecastDay, listFormerForecasts, listPendingForecasts } from '../../../db/tables/forecasts.ts';
import { findQuality, listScores } from '../../../db/tables/scores.ts';
import { findBand, PRICES_CHANNEL } from '../../../db/tables/serving.ts';
import { loadChampion, type LiveChampion } from '../../../shepherd/run/champion.ts';
import type { StepOutcome } from '../../../shepherd/run/journal.ts';
import { scoreAndForecast, type ScoreResult } from '../../../shepherd/run/score.ts';
import { withDatabase } from '../../../lab/database.ts';
import { newPromotion, storeSeries } from '../../helpers/records.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';

const series = simulateSeries({ length: 720, seed: 24 });
/** Index of the day on which the champion was promoted. */
const PROMOTED = 600;

async function setUp(db: Database): Promise<LiveChampion> {
  await storeSeries(db, parseSymbol('X'));
  const version = await storeWorkingModel(db, parseSymbol('X'), { series });
  return serveModel(db, parseSymbol('X'), version, { promotedOn: series.days[PROMOTED]! });
}

/** One run's step on the series as it was with `length` days, written. */
async function score(db: Database, length: number): Promise<StepOutcome<ScoreResult>> {
  const champion = (await loadChampion(db, parseSymbol('X')))!;
  const outcome = await scoreAndForecast(db, champion, sliceSeries(series, 0, length));
  await db.transaction(async (client) => {
    await outcome.write?.(client);
  });
  return outcome;
}

test('a new champion forecasts from the day of its promotion on, and each forecast meets its close once', async (t) => {
  const { db } = await withDatabase(t);
  const { record, predictor, calibration, band } = await setUp(db);
  const { version } = record.model;

  const first = await score(db, PROMOTED + 1);
  assert.deepEqual([first.result.scored, first.result.issued, first.events], [0, 5, []]);
  assert.equal(first.result.quality, null);
  assert.equal(await findLastForecastDay(db, parseSymbol('X'), version), series.days[PROMOTED]);

  const next = await score(db, PROMOTED + 3);
  assert.deepEqual([next.result.scored, next.result.issued], [3, 10], 'one day ahead twice, two days ahead once');
  const again = await score(db, PROMOTED + 3);
  assert.deepEqual([again.result.scored, again.result.issued, again.events], [0, 0, []]);
  assert.equal(again.result.quality?.days, 2);

  // The record is that of a model that lived through the same days by itself.
  const lived = advanceForecasts({
    predictor,
    calibration,
    band,
    series: sliceSeries(series, 0, PROMOTED + 3),
    pending: [],
    from: PROMOTED,
  });
  assert.deepEqual(await findBand(db, parseSymbol('X'), version), lived.band);
  assert.notDeepEqual(lived.band, band);
  const met = new Set(lived.scored.map(({ issued }) => issued));
  const waiting = lived.issued.filter((issued) => !met.has(issued));
  assert.deepEqual(await listPendingForecasts(db, parseSymbol('X'), version), waiting);
  const scores = [1, 2].map((horizon) => listScores(db, { symbol: parseSymbol('X'), horizon, days: 9 }));
  assert.deepEqual(
    (await Promise.all(scores)).flat().map(({ day, horizon, crps, actual }) => [day, horizon, crps, actual]),
    [0, 2, 1].map((i) => {
      const { day, horizon, crps, actual } = lived.scored[i]!.score;
      return [day, horizon, crps, actual];
    }),
  );
  assert.equal(waiting.length, 15 - 3);
});

test('quality is that of the newest 60 days scored, whether days come one by one or together, and is what everybody reads after', async (t) => {
  const { db } = await withDatabase(t);
  await setUp(db);
  for (const days of [0, 50, 75, 76, 77, 98]) {
    const { result, events } = await score(db, PROMOTED + 1 + days);
    assert.deepEqual(result.quality, await findQuality(db, parseSymbol('X')));
    const [newest] = await db.query<{ mse: number; naiveMse: number }>(
      `SELECT avg(squared_error) AS mse, avg(naive_squared_error) AS "naiveMse"
       FROM (SELECT * FROM forecast_scores WHERE horizon = 1 ORDER BY day DESC LIMIT 60) AS newest`,
    );
    if (days === 0) continue;
    assert.ok(result.quality !== null && newest !== undefined);
    const { mse, naiveMse, skill, coverage } = result.quality;
    assert.equal(result.quality.days, Math.min(60, days));
    assert.ok(Math.abs(mse / newest.mse - 1) < 1e-12, `${mse} after ${days} days, not ${newest.mse}`);
    assert.ok(Math.abs(naiveMse / newest.naiveMse - 1) < 1e-12);
    assert.deepEqual(events, [
      {
        kind: 'forecast:scored',
        payload: { scored: result.scored, quality: result.quality },
        sentence:
          // The champion of this test forecasts as naive does.
          `Forecasts of the last ${Math.min(60, days)} days: MSE ${mse.toPrecision(4)}, naive's the same, ` +
          `skill ${(100 * (skill ?? Number.NaN)).toFixed(1)} %, band held ${(100 * coverage).toFixed(1)} % of them.`,
      },
    ]);
  }
});

test('figures that cannot be told are said to be unknown', async (t) => {
  const { db } = await withDatabase(t);
  await setUp(db);
  // A price that does not move leaves the naive forecast without an error to compare with.
  const flat = {
    days: series.days,
    closes: series.closes.map((close, i) => (i > PROMOTED ? series.closes[PROMOTED]! : close)),
  };
  const champion = (await loadChampion(db, parseSymbol('X')))!;
  const { events } = await scoreAndForecast(db, champion, sliceSeries(flat, 0, PROMOTED + 2));
  assert.match(events?.[0]?.sentence ?? '', /naive's the same, skill unknown, band held 100\.0 % of them\.$/);
});

test('a champion that comes back begins anew on the day it came back', async (t) => {
  const { db } = await withDatabase(t);
  const { record } = await setUp(db);
  const { version } = record.model;
  const other = await storeWorkingModel(db, parseSymbol('X'), { series, spreadFactor: 2 });
  await score(db, PROMOTED + 2);
  const { band } = (await findChampion(db, parseSymbol('X')))!;
  const day = series.days[PROMOTED + 2]!;
  await promote(db, newPromotion(parseSymbol('X'), other, { expected: version, kind: 'gate', promotedOn: day, band }));
  await promote(
    db,
    newPromotion(parseSymbol('X'), version, {
      expected: other,
      kind: 'rollback',
      promotedOn: series.days[PROMOTED + 10]!,
      band,
    }),
  );
  await score(db, PROMOTED + 12);
  const days = await db.query<{ day: string }>(
    'SELECT DISTINCT as_of AS day FROM forecasts WHERE symbol = $1 AND version = $2 ORDER BY 1',
    ['X', version],
  );
  assert.deepEqual(
    days.map(({ day }) => day),
    [0, 1, 10, 11].map((after) => series.days[PROMOTED + after]),
  );
});

test('what the run says of the last days is what everybody reads after, also of a champion that left and came back in between', async (t) => {
  const { db } = await withDatabase(t);
  const { record } = await setUp(db);
  const { version } = record.model;
  const other = await storeWorkingModel(db, parseSymbol('X'), { series, spreadFactor: 2 });
  await score(db, PROMOTED + 1);
  const { band } = (await findChampion(db, parseSymbol('X')))!;
  const move = (next: ModelVersion, expected: ModelVersion, after: number): Promise<boolean> =>
    promote(
      db,
      newPromotion(parseSymbol('X'), next, {
        expected,
        kind: 'forced',
        promotedOn: series.days[PROMOTED + after]!,
        band,
      }),
    );
  await move(other, version, 1);
  await move(version, other, 3);
  // Its forecast for the day after the first promotion counts: it was in service when it made it.
  const { result } = await score(db, PROMOTED + 6);
  assert.equal(result.quality?.days, 3);
  assert.deepEqual(result.quality, await findQuality(db, parseSymbol('X')));
});

test('who serves the series is told in every run, also when no forecast was due', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  await setUp(db);
  const heard: string[] = [];
  let onHeard: () => void = () => undefined;
  await connectAs('estimator').listen(PRICES_CHANNEL, (payload) => {
    heard.push(payload);
    onHeard();
  });
  for (const length of [PROMOTED + 1, PROMOTED + 2, PROMOTED + 2]) {
    const arrived = new Promise<void>((resolve) => (onHeard = resolve));
    await score(db, length);
    await arrived;
  }
  assert.deepEqual(heard, ['X', 'X', 'X']);
});

test('forecasts of a model no longer in service meet their closes too, and teach the bands of the next nothing', async (t) => {
  const { db } = await withDatabase(t);
  const { record } = await setUp(db);
  const { version } = record.model;
  await score(db, PROMOTED + 1);
  const next = await storeWorkingModel(db, parseSymbol('X'), { series, spreadFactor: 2 });
  const { band } = (await findChampion(db, parseSymbol('X')))!;
  const day = series.days[PROMOTED]!;
  await promote(db, newPromotion(parseSymbol('X'), next, { expected: version, kind: 'gate', promotedOn: day, band }));
  await score(db, PROMOTED + 1);

  // Each of the two has forecast the day after; the one that counts is that of the model in service when the day before ended.
  const { result } = await score(db, PROMOTED + 2);
  assert.deepEqual([result.scored, result.quality?.days], [2, 1]);
  assert.deepEqual(result.quality, await findQuality(db, parseSymbol('X')));
  const [counted] = await listScores(db, { symbol: parseSymbol('X'), days: 60 });
  assert.equal(counted?.version, next);

  await score(db, PROMOTED + 10);
  assert.deepEqual(await listFormerForecasts(db, parseSymbol('X'), next), []);
  const learnt = (await findBand(db, parseSymbol('X'), next))!.horizons.map(
    ({ scores }, i) => scores!.length - band.horizons[i]!.scores!.length,
  );
  assert.deepEqual(learnt, [9, 8, 7, 6, 5]);
});
