import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { ShepherdError } from '../../../core/errors.ts';
import { startBand, type BandState } from '../../../core/forecast/band.ts';
import { nextTradingDays } from '../../../core/series/calendar.ts';
import { addDays, parseDay, type TradingDay } from '../../../core/series/day.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import { type ModelVersion, parseVersion } from '../../../core/model/version.ts';
import { MAX_HORIZON, type ServedSymbol } from '../../../estimator/serving/servedSymbol.ts';
import { storedModel } from '../../../lab/servedModel.ts';
import type { UntrustedModel } from '../../../estimator/serving/store.ts';
import type { MemoryStore } from '../helpers/memoryStore.ts';
import { scoresTo } from '../../../lab/scores.ts';
import { createTestServing } from '../helpers/testServing.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

test('a promotion puts the new model in place of the old one, whole', async () => {
  const { serving, activated, promote } = createTestServing();
  promote(parseSymbol('CALM'), parseVersion(1));
  await serving.refreshAll();
  const before = serving.current('CALM')!;
  promote(parseSymbol('CALM'), parseVersion(2));
  await serving.refresh(parseSymbol('CALM'));
  const after = serving.current('CALM')!;
  assert.deepEqual([before.model.version, after.model.version], [1, 2]);
  assert.deepEqual(activated, [1, 2]);
  assert.notEqual(answerSymbol(after, 1).answer.prediction, answerSymbol(before, 1).answer.prediction);
  assert.equal(answerSymbol(before, 1).answer.model.version, 1); // who still holds the old one is answered by it
});

const CORRUPTIONS = {
  'a flipped bit of the weights': (model) => ({
    ...model,
    weights: model.weights.map((byte, i) => (i === 5 ? byte ^ 1 : byte)),
  }),
  'half of the weights': (model) => ({ ...model, weights: model.weights.slice(0, model.weights.length / 2) }),
  'another topology': (model) => ({ ...model, topology: '{}' }),
  'a golden forecast that it does not give': (model) => ({
    ...model,
    golden: { ...model.golden, prediction: model.golden.prediction * 1.001 },
  }),
  'a golden window that is too short': (model) => ({ ...model, golden: { ...model.golden, closes: [1, 2, 3] } }),
  'no calibration': (model) => ({ ...model, calibration: {} as never }),
} satisfies Record<string, (model: UntrustedModel) => UntrustedModel>;

for (const [name, corrupt] of Object.entries(CORRUPTIONS)) {
  test(`${name}: the model in service goes on answering, and the fault is said once`, async () => {
    const { serving, store, faults, promote } = createTestServing();
    promote(parseSymbol('CALM'), parseVersion(1));
    await serving.refreshAll();
    promote(parseSymbol('CALM'), parseVersion(2));
    store.models.set(2, corrupt(store.models.get(2)!));
    await serving.refresh(parseSymbol('CALM'));
    await serving.refreshAll();
    assert.equal(serving.current('CALM')?.model.version, 1);
    assert.deepEqual(
      faults.map(({ symbol, version }) => [symbol, version]),
      [['CALM', 2]],
    );
    assert.deepEqual(serving.faults(), faults);

    promote(parseSymbol('CALM'), parseVersion(3));
    await serving.refresh(parseSymbol('CALM'));
    assert.equal(serving.current('CALM')?.model.version, 3);
    assert.deepEqual(serving.faults(), []);
  });
}

test('an error that may pass is said once and tried again at every look, until the model is in service', async () => {
  const { serving, store, faults, promote } = createTestServing();
  promote(parseSymbol('CALM'), parseVersion(1));
  await serving.refreshAll();
  promote(parseSymbol('CALM'), parseVersion(2));
  const { loadModel } = store;
  let looks = 0;
  store.loadModel = (version) => {
    looks += 1;
    return looks < 4 ? Promise.reject(new Error('out of shared memory')) : loadModel(version);
  };
  for (let i = 0; i < 3; i += 1) {
    await serving.refreshAll();
    assert.equal(serving.current('CALM')?.model.version, 1);
  }
  assert.deepEqual(faults, [{ symbol: 'CALM', version: 2, reason: 'out of shared memory' }]);
  assert.deepEqual(serving.faults(), faults);
  await serving.refreshAll();
  assert.equal(serving.current('CALM')?.model.version, 2);
  assert.deepEqual(serving.faults(), []);
});

for (const [name, differs] of [
  [
    'other weights',
    (model: UntrustedModel) => ({
      ...storedModel(parseSymbol('CALM'), parseVersion(3), TEST_SERIES),
      version: model.version,
    }),
  ],
  [
    'the same weights stored at another time',
    (model: UntrustedModel) => ({ ...model, createdAt: '2027-01-01T00:00:00Z' }),
  ],
] as const) {
  test(`a restored database that gives a version number anew is noticed: ${name}`, async () => {
    const { serving, store, activated, promote } = createTestServing();
    promote(parseSymbol('CALM'), parseVersion(1));
    await serving.refreshAll();
    const again = differs(store.models.get(1)!);
    store.models.set(1, again);
    await serving.refreshAll();
    assert.deepEqual(activated, [1, 1]);
    assert.equal(serving.current('CALM')?.model.sha256, again.sha256);
    await serving.refreshAll();
    assert.deepEqual(activated, [1, 1], 'and once is enough');
  });
}

test('a symbol whose only model is corrupt has no champion to answer with', async () => {
  const { serving, store, promote } = createTestServing();
  promote(parseSymbol('CALM'), parseVersion(1));
  store.models.set(1, CORRUPTIONS['half of the weights'](store.models.get(1)!));
  await serving.refreshAll();
  await assert.rejects(serving.get('CALM'), { code: 'NO_CHAMPION', message: /Model 1 of CALM failed its checks/ });
});

test('a rollback to the model in service clears the fault of the one that failed', async () => {
  const { serving, store, promote } = createTestServing();
  promote(parseSymbol('CALM'), parseVersion(1));
  await serving.refreshAll();
  promote(parseSymbol('CALM'), parseVersion(2));
  store.models.set(2, CORRUPTIONS['another topology'](store.models.get(2)!));
  await serving.refresh(parseSymbol('CALM'));
  store.champions.set('CALM', 1);
  await serving.refresh(parseSymbol('CALM'));
  assert.deepEqual(serving.faults(), []);
});

test('while the database is away, what is in memory is answered and nothing counts as a fault of a model', async () => {
  const { serving, store, faults, promote } = createTestServing();
  promote(parseSymbol('CALM'), parseVersion(1));
  await serving.refreshAll();
  store.away = true;
  await assert.rejects(serving.refreshAll(), { code: 'DATABASE_UNAVAILABLE' });
  assert.equal((await serving.get('CALM')).model.version, 1);
  await assert.rejects(serving.get('OTHER'), { code: 'DATABASE_UNAVAILABLE' });
  assert.deepEqual(faults, []);
  store.away = false;
  promote(parseSymbol('CALM'), parseVersion(2));
  await serving.refreshAll();
  assert.equal(serving.current('CALM')?.model.version, 2);
});

for (const step of ['listChampions', 'loadModel', 'loadSeries', 'loadScores', 'loadBand'] as const) {
  test(`a change told while a refresh is under way is not lost, though ${step} has read what was before`, async () => {
    const { serving, store, promote } = createTestServing();
    promote(parseSymbol('CALM'), parseVersion(1));
    store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 300));
    const { reached, release } = holdFirst(store, step);
    const loading = serving.refresh(parseSymbol('CALM'));
    await reached;
    promote(parseSymbol('CALM'), parseVersion(2));
    store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 301));
    store.scores.set('CALM', scoresTo(TEST_SERIES.days[300]!, 7));
    const told = [serving.refresh(parseSymbol('CALM')), serving.refresh(parseSymbol('CALM'))];
    release();
    await Promise.all([loading, ...told]);
    const { model, series, scores, quality } = serving.current('CALM')!;
    assert.deepEqual([model.version, series.days.length, scores.length, quality?.days], [2, 301, 7, 7]);
  });
}

/** Makes the first answer of a question to the store arrive late: it is read at once, and given when released. */
function holdFirst(
  store: MemoryStore,
  question: 'listChampions' | 'loadModel' | 'loadSeries' | 'loadScores' | 'loadBand',
): { reached: Promise<void>; release: () => void } {
  const answer = store[question] as (...args: unknown[]) => Promise<unknown>;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const reached = new Promise<void>((resolve) => {
    const late = async (...args: unknown[]): Promise<unknown> => {
      Object.assign(store, { [question]: answer });
      const value = await answer(...args);
      resolve();
      await released;
      return value;
    };
    Object.assign(store, { [question]: late });
  });
  return { reached, release };
}

test('a refresh that fails does not stand in the way of the next', async () => {
  const { serving, store, promote } = createTestServing();
  promote(parseSymbol('CALM'), parseVersion(1));
  await serving.refresh(parseSymbol('CALM'));
  store.away = true;
  await assert.rejects(serving.refresh(parseSymbol('CALM')), { code: 'DATABASE_UNAVAILABLE' });
  store.away = false;
  promote(parseSymbol('CALM'), parseVersion(2));
  await serving.refresh(parseSymbol('CALM'));
  assert.equal(serving.current('CALM')?.model.version, 2);
});

test('many callers of a symbol that is not in memory load it once', async () => {
  let loads = 0;
  const { serving, promote } = createTestServing({
    createPredictor: (network) => {
      loads += 1;
      return createPredictor(network);
    },
  });
  promote(parseSymbol('CALM'), parseVersion(1));
  const answers = await Promise.all(Array.from({ length: 20 }, () => serving.get('CALM')));
  assert.equal(new Set(answers).size, 1);
  assert.equal(loads, 1);
});

test('the next days are computed once for each model, day and horizon', async () => {
  let predictions = 0;
  const { serving, store, promote } = createTestServing({
    createPredictor: (network) => {
      const predictor = createPredictor(network);
      return {
        ...predictor,
        predict(closes) {
          predictions += 1;
          return predictor.predict(closes);
        },
      };
    },
  });
  promote(parseSymbol('CALM'), parseVersion(1));
  store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 300));
  const served = await serving.get('CALM');
  const warmUp = predictions;
  assert.equal(answerSymbol(served, 3).body, answerSymbol(await serving.get('CALM'), 3).body);
  assert.equal(predictions, warmUp + 1);
  store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 301));
  await serving.refreshAll();
  assert.equal(answerSymbol(await serving.get('CALM'), 3).answer.asOf, TEST_SERIES.days[300]);
  assert.equal(predictions, warmUp + 2);
});

test('the symbol asked for least recently makes room, and comes back when asked for', async () => {
  const { serving, promote } = createTestServing({ capacity: 2 });
  for (const [index, symbol] of ['A', 'B', 'C'].entries()) promote(parseSymbol(symbol), parseVersion(index + 1));
  await serving.refreshAll();
  assert.deepEqual(
    serving.loaded().map(({ symbol }) => symbol),
    ['A', 'B'],
  );
  await serving.get('A');
  await serving.get('C');
  assert.deepEqual(
    serving.loaded().map(({ symbol }) => symbol),
    ['A', 'C'],
  );
  assert.equal((await serving.get('B')).model.version, 2);
});

test('the default is the first configured symbol, also before it has a champion', async () => {
  const { serving, promote, store } = createTestServing({ preferred: [parseSymbol('LATE'), parseSymbol('B')] });
  store.series.set('LATE', TEST_SERIES);
  promote(parseSymbol('A'), parseVersion(1));
  promote(parseSymbol('B'), parseVersion(2));
  await serving.refreshAll();
  await assert.rejects(serving.get(undefined), { code: 'NO_CHAMPION', message: /LATE has no model yet/ });
  promote(parseSymbol('LATE'), parseVersion(3));
  await serving.refreshAll();
  assert.equal((await serving.get(undefined)).symbol, 'LATE');
});

test('with none configured it is the series that had a model first, whatever is imported or promoted later', async () => {
  const { serving, promote } = createTestServing();
  assert.equal(serving.defaultSymbol(), undefined);
  promote(parseSymbol('M'), parseVersion(1));
  await serving.refreshAll();
  promote(parseSymbol('A'), parseVersion(2));
  await serving.refresh(parseSymbol('A'));
  promote(parseSymbol('M'), parseVersion(3));
  await serving.refreshAll();
  assert.equal(serving.defaultSymbol(), 'M');
  assert.equal((await serving.get(undefined)).model.version, 3);
  assert.deepEqual(serving.known(), ['A', 'M']);
});

test('a stored series without a model is told apart from an unknown symbol', async () => {
  const { serving, store, promote } = createTestServing();
  promote(parseSymbol('CALM'), parseVersion(1));
  store.series.set('NEW', TEST_SERIES);
  await serving.refreshAll();
  await assert.rejects(serving.get('NEW'), { code: 'NO_CHAMPION', message: /NEW has no model yet/ });
  await assert.rejects(serving.get('NOPE'), { code: 'UNKNOWN_SYMBOL', message: /known symbols: CALM\./ });
});

test('each model that begins to answer is told once with the one before it; new days are no new model', async () => {
  const told: (readonly [number, number | undefined])[] = [];
  const { serving, store, promote } = createTestServing({
    events: {
      onActivated: (model, previous) => void told.push([model.version, previous?.version]),
      onFault: () => undefined,
    },
  });
  promote(parseSymbol('CALM'), parseVersion(1));
  store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 300));
  await serving.refreshAll();
  store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 301));
  await serving.refreshAll();
  promote(parseSymbol('CALM'), parseVersion(2));
  await serving.refreshAll();
  assert.deepEqual(told, [
    [1, undefined],
    [2, 1],
  ]);
});

test('a new day brings series, scores and bands with it; a promotion alone only a model and its bands', async () => {
  const { serving, store, promote } = createTestServing();
  const asked: string[] = [];
  const bandOf = (version: ModelVersion): BandState => startBand([[version, version + asked.length]]);
  store.loadBand = (_, version) => {
    asked.push(`band of ${version}`);
    return Promise.resolve(bandOf(version));
  };
  for (const question of ['loadScores', 'loadSeries'] as const) {
    const answer = store[question] as (symbol: SeriesSymbol) => Promise<unknown>;
    Object.assign(store, {
      [question]: (symbol: SeriesSymbol) => {
        asked.push(question);
        return answer(symbol);
      },
    });
  }
  const step = async (expected: string[], version: ModelVersion): Promise<ServedSymbol> => {
    asked.length = 0;
    await serving.refreshAll();
    assert.deepEqual([...asked].sort(), expected);
    const served = serving.current('CALM')!;
    assert.deepEqual(served.band.horizons[0]?.scores?.[0], expected.length > 0 ? version : undefined);
    return served;
  };
  promote(parseSymbol('CALM'), parseVersion(1));
  store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 300));
  store.scores.set('CALM', scoresTo(TEST_SERIES.days[299]!, 10));
  await step(['band of 1', 'loadScores', 'loadSeries'], parseVersion(1));
  // The last day again: nothing has changed, so nothing is asked.
  asked.length = 0;
  await serving.refresh(parseSymbol('CALM'));
  assert.deepEqual(asked, []);

  store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 301));
  store.scores.set('CALM', scoresTo(TEST_SERIES.days[300]!, 11));
  const next = await step(['band of 1', 'loadScores', 'loadSeries'], parseVersion(1));
  assert.deepEqual([next.series.days.length, next.quality?.days], [301, 11]);

  store.models.set(2, storedModel(parseSymbol('CALM'), parseVersion(2), TEST_SERIES));
  store.champions.set('CALM', 2);
  const promoted = await step(['band of 2'], parseVersion(2));
  assert.equal(promoted.series, next.series);
  assert.equal(promoted.scores, next.scores);
});

test('the model that stays because the champion is at fault keeps its bands, though those stored are the champion’s', async () => {
  const { serving, store, promote } = createTestServing();
  const mine = startBand([[1, 2, 3]]);
  const its = startBand([[9]]);
  const bandOfChampion = (): BandState => (store.champions.get('CALM') === 1 ? mine : its);
  store.loadBand = (_, version) => Promise.resolve(store.champions.get('CALM') === version ? bandOfChampion() : null);
  promote(parseSymbol('CALM'), parseVersion(1));
  store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 300));
  await serving.refreshAll();
  assert.equal(serving.current('CALM')?.band, mine);
  promote(parseSymbol('CALM'), parseVersion(2));
  store.models.set(2, CORRUPTIONS['another topology'](store.models.get(2)!));
  await serving.refreshAll();
  const kept = serving.current('CALM')!;
  assert.deepEqual([kept.model.version, kept.series.days.length], [1, 400]);
  assert.equal(kept.band, mine);
  // A model that begins to answer before it has bands of its own begins with those of its calibration.
  store.loadBand = () => Promise.resolve(null);
  promote(parseSymbol('CALM'), parseVersion(3));
  await serving.refreshAll();
  const began = serving.current('CALM')!;
  assert.deepEqual([began.model.version, began.band], [3, began.model.calibration.band]);
});

test('a database that goes away while a model is read is no fault of the model', async () => {
  const { serving, store, faults, promote } = createTestServing();
  promote(parseSymbol('CALM'), parseVersion(1));
  await serving.refreshAll();
  promote(parseSymbol('CALM'), parseVersion(2));
  const { loadModel } = store;
  store.loadModel = () => Promise.reject(new ShepherdError('DATABASE_UNAVAILABLE', 'away'));
  await assert.rejects(serving.refreshAll(), { code: 'DATABASE_UNAVAILABLE' });
  assert.deepEqual([faults, serving.faults()], [[], []]);
  store.loadModel = loadModel;
  await serving.refreshAll();
  assert.equal(serving.current('CALM')?.model.version, 2);
});

test('at the start what is preferred is loaded, then others while there is room; later ones wait to be asked for', async () => {
  const { serving, promote } = createTestServing({ preferred: [parseSymbol('D'), parseSymbol('C')], capacity: 3 });
  const loaded = (): string[] => serving.loaded().map(({ symbol }) => symbol);
  for (const [index, symbol] of ['A', 'B', 'C'].entries()) promote(parseSymbol(symbol), parseVersion(index + 1));
  await serving.refreshAll();
  assert.deepEqual(loaded(), ['A', 'B', 'C']);
  promote(parseSymbol('D'), parseVersion(4));
  promote(parseSymbol('E'), parseVersion(5));
  await serving.refreshAll();
  assert.deepEqual(loaded(), ['B', 'C', 'D']); // D is preferred and takes the place of A, which was used least recently
  assert.deepEqual(serving.known(), ['A', 'B', 'C', 'D', 'E']);
  await serving.get('E');
  assert.equal(loaded().length, 3);
  await serving.refreshAll();
  assert.ok(loaded().includes('E'), 'a look at the database does not drive out what callers ask for');
});

test('a series whose champion is gone from the database is no longer known', async () => {
  const { serving, store, promote } = createTestServing();
  promote(parseSymbol('A'), parseVersion(1));
  promote(parseSymbol('B'), parseVersion(2));
  await serving.refreshAll();
  store.champions.delete('B');
  await serving.refreshAll();
  assert.deepEqual(serving.known(), ['A']);
});

test('what cannot be a symbol is refused without asking the database, and at most fifty known ones are listed', async () => {
  const { serving, store, promote } = createTestServing({ capacity: 1 });
  for (let i = 1; i <= 51; i += 1) promote(parseSymbol(`S${i}`), parseVersion(i));
  await serving.refreshAll();
  store.away = true;
  for (const symbol of ['A\u0000', '\n', 'A B', 'x'.repeat(33), '']) {
    await assert.rejects(serving.get(symbol), { code: 'UNKNOWN_SYMBOL' }, JSON.stringify(symbol));
  }
  await assert.rejects(serving.get('x'.repeat(32)), { code: 'DATABASE_UNAVAILABLE' });
  store.away = false;
  const names = Array.from({ length: 50 }, (_, i) => `S${i + 1}`).join(', ');
  await assert.rejects(serving.get('NOPE'), { message: `"NOPE" is not known here; known symbols: ${names}.` });
});

test('before any promotion the refusal says so, with and without a symbol', async () => {
  const { serving } = createTestServing();
  await serving.refreshAll();
  await assert.rejects(serving.get(undefined), {
    code: 'NO_CHAMPION',
    message: 'No model has been promoted yet; the first one is being trained.',
  });
  await assert.rejects(serving.get('CALM'), { message: '"CALM" is not known here; known symbols: none yet.' });
});

test('a champion that is not yet listed is found when it is asked for, and is known from then on', async () => {
  const { serving, promote } = createTestServing();
  await serving.refreshAll();
  promote(parseSymbol('CALM'), parseVersion(1));
  assert.equal((await serving.get('CALM')).model.version, 1);
  assert.deepEqual(serving.known(), ['CALM']);
  assert.equal((await serving.get(undefined)).symbol, 'CALM');
});

test('the days ahead are those of the exchange that the champion is listed with', async () => {
  const start = Array.from({ length: 5 }, (_, i) => addDays(parseDay('2023-09-11'), i));
  const open = nextTradingDays(start, 250, 'America/New_York');
  const days = [...start, ...open.filter((day) => day < '2024-07-04')];
  const upcomingIn = async (timeZone: string): Promise<TradingDay> => {
    const { serving, store, promote } = createTestServing();
    promote(parseSymbol('CALM'), parseVersion(1));
    store.series.set('CALM', { days, closes: new Float64Array(days.length).fill(100) });
    const { listChampions } = store;
    store.listChampions = async (only) => (await listChampions(only)).map((champion) => ({ ...champion, timeZone }));
    const { upcoming } = await serving.get('CALM');
    assert.equal(upcoming.length, MAX_HORIZON);
    return upcoming[0]!;
  };
  // The fourth of July.
  assert.deepEqual([await upcomingIn('America/New_York'), await upcomingIn('UTC')], ['2024-07-05', '2024-07-04']);
});
