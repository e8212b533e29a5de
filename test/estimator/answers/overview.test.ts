import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { recentQuality } from '../../../core/forecast/quality.ts';
import { parseVersion } from '../../../core/model/version.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { answerOverview } from '../../../estimator/answers/overview.ts';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import type { DriftListing, EventListing, Records } from '../../../estimator/serving/records.ts';
import { scoresTo } from '../../../lab/scores.ts';
import { serveSeries } from '../helpers/servedSeries.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const { days, closes } = TEST_SERIES;
const DRIFT: DriftListing = { day: '2001-02-03', verdict: 'stable', cause: null, calibratedP: 0.4, checkedAt: 'then' };
const NOW = Date.parse('2024-03-04T22:20:00Z');

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

test('it shows the last 120 days as they were forecast at the time, by the model of that time, and the days ahead', async () => {
  // Model 3 was in service for a while, then model 7; before them none.
  const scores = [
    ...scoresTo(days[395]!, 6, { version: parseVersion(3), error: 0.5, naiveError: 0.5 }),
    ...scoresTo(days[399]!, 4, { version: parseVersion(7) }),
  ];
  const served = serveSeries(TEST_SERIES, { scores });
  const overview = await answerOverview(served, 3, recordsOf([]), NOW);
  assert.deepEqual(
    overview.history.map(({ day, close }) => [day, close]),
    days.slice(280).map((day, i) => [day, closes[280 + i]]),
  );
  const versions = overview.history.map(({ issued }) => issued?.version ?? null);
  assert.deepEqual(versions, [...Array.from({ length: 110 }, () => null), 3, 3, 3, 3, 3, 3, 7, 7, 7, 7]);
  assert.deepEqual(overview.history.at(-1)?.issued, { prediction: 100, lower: 99, upper: 101, version: 7 });
  assert.deepEqual(overview.forecast, answerSymbol(served, 3).answer.forecast);
  const { day, prediction, lower, upper } = answerSymbol(served, 1).answer;
  assert.deepEqual((await answerOverview(served, 1, recordsOf([]), NOW)).forecast, [{ day, prediction, lower, upper }]);
  assert.deepEqual(
    [overview.asOf, overview.close, overview.scoredDays, overview.skill, overview.model.version],
    [days[399], closes[399], 10, recentQuality(scores)?.skill, 7],
  );
});

test('a short series is shown whole, and without a forecast until one has been issued', async () => {
  const { history, scoredDays } = await answerOverview(
    serveSeries(sliceSeries(TEST_SERIES, 0, 60)),
    1,
    recordsOf([]),
    NOW,
  );
  assert.deepEqual([history[0]?.day, history.length, scoredDays], [days[0], 60, 0]);
  assert.deepEqual([...new Set(history.map(({ issued }) => issued))], [null]);
});

test('drift and story are those of the series, the newest first, and what is said twice in a row is told once', async () => {
  const served = serveSeries(TEST_SERIES);
  const records = recordsOf([event(5, 'kept'), event(4, 'decided'), event(3, 'decided'), event(2, 'kept')]);
  const overview = await answerOverview(served, 1, records, NOW);
  assert.deepEqual(overview.drift, DRIFT);
  assert.equal(overview.database, 'up');
  assert.deepEqual(records.limits, [200]);
  assert.deepEqual(
    overview.events,
    [event(5, 'kept'), event(3, 'decided'), event(2, 'kept')].map(({ at, kind, sentence }) => ({ at, kind, sentence })),
  );
});

test('while the database is away all is shown but drift and story', async () => {
  const served = serveSeries(TEST_SERIES, { scores: scoresTo(days[399]!, 9) });
  const away = (): Promise<never> => Promise.reject(new ShepherdError('DATABASE_UNAVAILABLE', 'away'));
  const records: Records = { listModels: away, listPromotions: away, listEvents: away, findLastDrift: away };
  const there = await answerOverview(served, 1, recordsOf([]), NOW);
  assert.deepEqual(await answerOverview(served, 1, records, NOW), {
    ...there,
    drift: null,
    database: 'down',
    events: [],
    freshness: { verdict: 'unknown', detail: 'the database is away' },
  });
});

test('freshness is a verdict: the last word of the feed in the record, as long as somebody looks', async () => {
  const served = serveSeries(TEST_SERIES);
  const told = (kind: string, at = '2024-03-04T22:15:00Z'): EventListing => ({
    id: '1',
    at,
    kind,
    sentence: `${kind}.`,
  });
  for (const [events, verdict] of [
    [[told('run:finished'), told('prices:pulled')], 'current'],
    [[told('run:finished'), told('feed:silent'), told('prices:pulled')], 'behind'],
    [[told('run:finished'), told('feed:unavailable'), told('prices:pulled')], 'away'],
    [[told('prices:pulled', '2024-02-28T22:15:00Z')], 'unwatched'],
    [[told('run:finished')], 'imported'],
    [[], 'imported'],
  ] as const) {
    const { freshness } = await answerOverview(served, 1, recordsOf(events), NOW);
    assert.equal(freshness.verdict, verdict);
    assert.ok(freshness.detail.length > 5);
  }
});

test('the last promotion stays in sight', async () => {
  const promotion = {
    version: parseVersion(7),
    previous: parseVersion(3),
    kind: 'forced',
    reason: 'because',
    by: 'ann@desk',
    at: '2024-03-01T00:00:00Z',
  };
  const records: Records = { ...recordsOf([]), listPromotions: () => Promise.resolve([promotion]) };
  const { lastPromotion } = await answerOverview(serveSeries(TEST_SERIES), 1, records, NOW);
  const { previous, ...shown } = promotion;
  assert.deepEqual(lastPromotion, shown);
});
