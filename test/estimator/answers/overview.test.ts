import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { answerOverview } from '../../../estimator/answers/overview.ts';
import { answerRange } from '../../../estimator/answers/range.ts';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import type { DriftListing, EventListing, Records } from '../../../estimator/serving/records.ts';
import { serveSeries } from '../helpers/servedSeries.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const { days, closes } = TEST_SERIES;
const standing = { days: 41, skill: 0.02, coverage: 0.9, betterThanNaive: true };
const DRIFT: DriftListing = { day: '2001-02-03', verdict: 'stable', cause: null, calibratedP: 0.4, checkedAt: 'then' };
const event = (id: number, sentence: string): EventListing => ({
  id: String(id),
  at: `at ${id}`,
  kind: 'run',
  sentence,
});

/** Records of CALM alone; whatever is asked of another symbol is not there. */
function recordsOf(events: readonly EventListing[]): Records & { readonly limits: number[] } {
  const limits: number[] = [];
  return {
    limits,
    listModels: () => Promise.resolve([]),
    listPromotions: () => Promise.resolve([]),
    listEvents: (symbol, limit) => {
      limits.push(limit);
      return Promise.resolve(symbol === 'CALM' ? [...events] : []);
    },
    findLastDrift: (symbol) => Promise.resolve(symbol === 'CALM' ? DRIFT : undefined),
  };
}

test('it shows the last 120 days as a range forecasts them, and the days ahead as the symbol is answered', async () => {
  const served = serveSeries(TEST_SERIES, { standing });
  const overview = await answerOverview(served, 3, recordsOf([]));
  const past = await answerRange(served, { from: days[280]!, to: days[399]!, horizon: 1, sequenceLength: undefined });
  assert.deepEqual(
    overview.history,
    past.predictions
      .slice(0, -1)
      .map(({ date, prediction, lower, upper, actual }) => ({ day: date, close: actual, prediction, lower, upper })),
  );
  assert.equal(overview.history.length, 120);
  assert.deepEqual(overview.forecast, answerSymbol(served, 3).answer.forecast);
  const { day, prediction, lower, upper } = answerSymbol(served, 1).answer;
  assert.deepEqual((await answerOverview(served, 1, recordsOf([]))).forecast, [{ day, prediction, lower, upper }]);
  assert.deepEqual(
    [overview.asOf, overview.close, overview.scoredDays, overview.skill, overview.model.version],
    [days[399], closes[399], 41, 0.02, 7],
  );
});

test('a short series is shown from the first day that can be forecast', async () => {
  const { history } = await answerOverview(serveSeries(sliceSeries(TEST_SERIES, 0, 90)), 1, recordsOf([]));
  assert.deepEqual([history[0]?.day, history.length], [days[60], 30]);
  const { history: none } = await answerOverview(serveSeries(sliceSeries(TEST_SERIES, 0, 60)), 1, recordsOf([]));
  assert.deepEqual(none, []);
});

test('drift and story are those of the series, the newest first, and what is said twice in a row is told once', async () => {
  const served = serveSeries(TEST_SERIES);
  const records = recordsOf([event(5, 'kept'), event(4, 'decided'), event(3, 'decided'), event(2, 'kept')]);
  const overview = await answerOverview(served, 1, records);
  assert.deepEqual(overview.drift, DRIFT);
  assert.equal(overview.database, 'up');
  assert.deepEqual(records.limits, [30]);
  assert.deepEqual(
    overview.events,
    [event(5, 'kept'), event(3, 'decided'), event(2, 'kept')].map(({ at, kind, sentence }) => ({ at, kind, sentence })),
  );
});

test('while the database is away the forecasts are shown without drift and story; the past is forecast once', async () => {
  let ranges = 0;
  const served = serveSeries(TEST_SERIES);
  const counted = {
    ...served,
    model: {
      ...served.model,
      predictor: {
        ...served.model.predictor,
        predictRange: (all: Float64Array, from: number, to: number) => {
          ranges += 1;
          return served.model.predictor.predictRange(all, from, to);
        },
      },
    },
  };
  const away = (): Promise<never> => Promise.reject(new ShepherdError('DATABASE_UNAVAILABLE', 'away'));
  const records: Records = { listModels: away, listPromotions: away, listEvents: away, findLastDrift: away };
  const overview = await answerOverview(counted, 1, records);
  assert.deepEqual([overview.drift, overview.database, overview.events], [null, 'down', []]);
  assert.equal(overview.history.length, 120);
  const asked = ranges;
  assert.deepEqual(await answerOverview(counted, 1, records), overview);
  assert.equal(ranges, asked);
  // Another state of the symbol, a day on or with another model, is another past.
  const next = { ...counted, series: sliceSeries(TEST_SERIES, 0, 399) };
  assert.equal((await answerOverview(next, 1, records)).history.at(-1)?.day, days[398]);
});
