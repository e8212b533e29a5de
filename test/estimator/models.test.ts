import { type SeriesSymbol, parseSymbol } from '../../core/series/symbol.ts';
import { type ModelVersion, parseVersion } from '../../core/model/version.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ModelListing, PromotionListing } from '../../estimator/serving/records.ts';
import { MADE_UP_QUALITY, scoresTo } from '../../lab/scores.ts';
import { createTestApp, TEST_SERIES } from './helpers/testApp.ts';
import type { Refusal } from './helpers/ask.ts';

const { days } = TEST_SERIES;
const model = (symbol: SeriesSymbol, version: ModelVersion): ModelListing => ({
  symbol,
  version,
  arm: 'from-scratch',
  transform: 'log-return',
  trainedFrom: days[0]!,
  trainedTo: days[299]!,
  createdAt: '2001-01-01T00:00:00.000Z',
  sha256: `${version}`,
  holdout: MADE_UP_QUALITY,
});
const promotion = (version: ModelVersion, previous: ModelVersion | null): PromotionListing => ({
  version,
  previous,
  kind: previous === null ? 'first' : 'gate',
  by: 'schedule',
  reason: `because of ${version}`,
  at: '2001-01-02T00:00:00.000Z',
});

test('every model that answers is listed with what it reads, what it has seen and how good it has been', async (t) => {
  const { app, store, serving } = await createTestApp(t);
  store.scores.set('OTHER', scoresTo(days[399]!, 40, { error: 1, naiveError: -0.5, symbol: parseSymbol('OTHER') }));
  await serving.refreshAll();
  store.champions.set('THIRD', 1); // known from the next look on
  const { quality } = serving.current('OTHER')!;
  const { models, known } = (await app.inject('/models')).json<{
    models: Record<string, unknown>[];
    known: string[];
  }>();
  assert.deepEqual(known, ['CALM', 'OTHER']);
  const listed = (symbol: SeriesSymbol, version: ModelVersion) => ({
    symbol,
    version,
    trainedTo: days[299],
    transform: 'log-return',
    window: 60,
    horizon: 5,
    sha256: store.models.get(version)!.sha256,
    asOf: days[399],
    level: 0.9,
    skill: null,
    coverage: null,
    betterThanNaive: null,
  });
  assert.deepEqual(models, [
    listed(parseSymbol('CALM'), parseVersion(1)),
    {
      ...listed(parseSymbol('OTHER'), parseVersion(2)),
      skill: quality!.skill,
      coverage: quality!.coverage,
      betterThanNaive: false,
    },
  ]);
});

test('the history of a symbol is its own: what was promoted when and why, every model, and which of them answers now', async (t) => {
  const { app, store } = await createTestApp(t);
  store.listModels = (symbol) =>
    Promise.resolve(
      symbol === 'OTHER'
        ? [model(parseSymbol('OTHER'), parseVersion(2)), model(parseSymbol('OTHER'), parseVersion(9))]
        : [],
    );
  store.listPromotions = (symbol) =>
    Promise.resolve(
      symbol === 'OTHER' ? [promotion(parseVersion(2), parseVersion(9)), promotion(parseVersion(9), null)] : [],
    );
  const history = (await app.inject('/models/OTHER/history')).json<object>();
  const without = ({ symbol: _, ...listed }: ModelListing) => listed;
  assert.deepEqual(history, {
    symbol: 'OTHER',
    live: 2,
    promotions: [promotion(parseVersion(2), parseVersion(9)), promotion(parseVersion(9), null)],
    models: [
      { ...without(model(parseSymbol('OTHER'), parseVersion(2))), live: true },
      { ...without(model(parseSymbol('OTHER'), parseVersion(9))), live: false },
    ],
  });
  const calm = (await app.inject('/models/CALM/history')).json<{ live: number; models: unknown[] }>();
  assert.deepEqual([calm.live, calm.models], [1, []]);
  assert.equal((await app.inject('/models/NOPE/history')).json<Refusal>().code, 'UNKNOWN_SYMBOL');
});

test('models of the open protocol are described by their own version and window, one version at a time', async (t) => {
  const { app } = await createTestApp(t);
  for (const path of ['/v2/models/OTHER', '/v2/models/OTHER/versions/2']) {
    assert.deepEqual((await app.inject(path)).json(), {
      name: 'OTHER',
      versions: ['2'],
      platform: 'shepherd_lstm',
      inputs: [{ name: 'closes', datatype: 'FP64', shape: [-1, 60] }],
      outputs: ['prediction', 'lower', 'upper', 'naive'].map((name) => ({ name, datatype: 'FP64', shape: [-1, -1] })),
    });
    assert.deepEqual((await app.inject(`${path}/ready`)).json(), { name: 'OTHER', ready: true });
  }
  assert.deepEqual((await app.inject('/v2')).json(), {
    name: 'shepherd',
    version: '1.0.0',
    extensions: ['binary_tensor_data'],
  });
  const refused = await app.inject('/v2/models/OTHER/versions/1');
  assert.deepEqual(
    [refused.statusCode, refused.json()],
    [404, { error: 'Version 1 of OTHER is not in service; version 2 is.', code: 'UNKNOWN_VERSION' }],
  );
});
