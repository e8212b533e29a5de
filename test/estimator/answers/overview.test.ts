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
const DETECTORS = [{ day: '2001-02-03', detector: 'ks', statistic: 0.1, limit: 0.25 }];
const NOW = Date.parse('2024-03-04T22:20:00Z');

const event = (id: number, sentence: string): EventListing => ({
  id: String(id),
  at: `at ${id}`,
  runId: null,
  kind: 'champion:pinned',
  payload: {},
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
    listDetectors: (symbol) => Promise.resolve(symbol === 'CALM' ? DETECTORS : []),
    listFlock: () => Promise.resolve([]),
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

test('drift, detectors and story are those of the series, the newest first', async () => {
  const served = serveSeries(TEST_SERIES);
  const records = recordsOf([event(3, 'unpinned'), event(2, 'pinned')]);
  const overview = await answerOverview(served, 1, records, NOW);
  assert.deepEqual(overview.drift, DRIFT);
  assert.deepEqual(overview.detectors, DETECTORS);
  assert.equal(overview.database, 'up');
  assert.deepEqual(records.limits, [300]);
  assert.deepEqual(
    overview.story.map(({ quiet, runs, events }) => [quiet, runs, events.map(({ sentence }) => sentence)]),
    [
      [false, 0, ['unpinned']],
      [false, 0, ['pinned']],
    ],
  );
});

test('what deserves a mark stands on its trading day with the sentence of the record, and what is usual has none', async () => {
  const told = (id: number, kind: EventListing['kind'], payload: object): EventListing => ({
    ...event(id, `said of ${id}`),
    kind,
    payload: { day: '2001-02-03', ...payload },
  });
  const events = [
    told(8, 'feed:fault', { day: undefined }),
    told(7, 'champion:rolled-back', {}),
    told(6, 'champion:promoted', {}),
    told(5, 'gate:judged', { verdict: 'promote' }),
    told(4, 'gate:judged', { verdict: 'keep' }),
    told(3, 'drift:checked', { drift: { verdict: 'stable' }, watch: { verdict: 'drifted' } }),
    told(2, 'drift:checked', { drift: { verdict: 'stable' }, loss: { verdict: 'stable' } }),
    told(1, 'prices:pulled', {}),
  ];
  const { marks } = await answerOverview(serveSeries(TEST_SERIES), 1, recordsOf(events), NOW);
  assert.deepEqual(
    marks.map(({ day, kind, sentence }) => [day, kind, sentence]),
    [
      ['2001-02-03', 'alarm', 'said of 3'],
      ['2001-02-03', 'refused', 'said of 4'],
      ['2001-02-03', 'promoted', 'said of 6'],
      ['2001-02-03', 'rolled-back', 'said of 7'],
      ['at 8', 'fault', 'said of 8'],
    ],
  );
});

test('while the database is away all is shown but drift and story', async () => {
  const served = serveSeries(TEST_SERIES, { scores: scoresTo(days[399]!, 9) });
  const away = (): Promise<never> => Promise.reject(new ShepherdError('DATABASE_UNAVAILABLE', 'away'));
  const records: Records = {
    listModels: away,
    listPromotions: away,
    listEvents: away,
    listDetectors: away,
    listFlock: away,
    findLastDrift: away,
  };
  const there = await answerOverview(served, 1, recordsOf([]), NOW);
  assert.deepEqual(await answerOverview(served, 1, records, NOW), {
    ...there,
    drift: null,
    database: 'down',
    detectors: [],
    marks: [],
    story: [],
    freshness: { verdict: 'unknown', detail: 'the database is away' },
  });
});

test('freshness is a verdict: the last word of the feed in the record, as long as somebody looks', async () => {
  const served = serveSeries(TEST_SERIES);
  const told = (kind: EventListing['kind'], at = '2024-03-04T22:15:00Z'): EventListing => ({
    id: '1',
    at,
    runId: null,
    kind,
    payload: {},
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
