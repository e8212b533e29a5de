import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import type { UntrustedModel } from '../../../estimator/serving/store.ts';
import type { MemoryStore } from '../helpers/memoryStore.ts';
import { createTestServing } from '../helpers/testServing.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

test('a promotion puts the new model in place of the old one, whole', async () => {
  const { serving, activated, promote } = createTestServing();
  promote('CALM', 1);
  await serving.refreshAll();
  const before = serving.current('CALM')!;
  promote('CALM', 2);
  await serving.refresh('CALM');
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
    promote('CALM', 1);
    await serving.refreshAll();
    promote('CALM', 2);
    store.models.set(2, corrupt(store.models.get(2)!));
    await serving.refresh('CALM');
    await serving.refreshAll();
    assert.equal(serving.current('CALM')?.model.version, 1);
    assert.deepEqual(
      faults.map(({ symbol, version }) => [symbol, version]),
      [['CALM', 2]],
    );
    assert.deepEqual(serving.faults(), faults);

    promote('CALM', 3);
    await serving.refresh('CALM');
    assert.equal(serving.current('CALM')?.model.version, 3);
    assert.deepEqual(serving.faults(), []);
  });
}

test('a symbol whose only model is corrupt has no champion to answer with', async () => {
  const { serving, store, promote } = createTestServing();
  promote('CALM', 1);
  store.models.set(1, CORRUPTIONS['half of the weights'](store.models.get(1)!));
  await serving.refreshAll();
  await assert.rejects(serving.get('CALM'), { code: 'NO_CHAMPION', message: /Model 1 of CALM failed its checks/ });
});

test('a rollback to the model in service clears the fault of the one that failed', async () => {
  const { serving, store, promote } = createTestServing();
  promote('CALM', 1);
  await serving.refreshAll();
  promote('CALM', 2);
  store.models.set(2, CORRUPTIONS['another topology'](store.models.get(2)!));
  await serving.refresh('CALM');
  store.champions.set('CALM', 1);
  await serving.refresh('CALM');
  assert.deepEqual(serving.faults(), []);
});

test('while the database is away, what is in memory is answered and nothing counts as a fault of a model', async () => {
  const { serving, store, faults, promote } = createTestServing();
  promote('CALM', 1);
  await serving.refreshAll();
  store.away = true;
  await assert.rejects(serving.refreshAll(), { code: 'DATABASE_UNAVAILABLE' });
  assert.equal((await serving.get('CALM')).model.version, 1);
  await assert.rejects(serving.get('OTHER'), { code: 'DATABASE_UNAVAILABLE' });
  assert.deepEqual(faults, []);
  store.away = false;
  promote('CALM', 2);
  await serving.refreshAll();
  assert.equal(serving.current('CALM')?.model.version, 2);
});

for (const step of ['listChampions', 'loadModel', 'loadSeries', 'loadStanding', 'loadBand'] as const) {
  test(`a change told while a refresh is under way is not lost, though ${step} has read what was before`, async () => {
    const { serving, store, promote } = createTestServing();
    promote('CALM', 1);
    store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 300));
    const { reached, release } = holdFirst(store, step);
    const loading = serving.refresh('CALM');
    await reached;
    promote('CALM', 2);
    store.series.set('CALM', sliceSeries(TEST_SERIES, 0, 301));
    store.standings.set('CALM', { days: 60, skill: 0.1, coverage: 0.9, betterThanNaive: true });
    const told = [serving.refresh('CALM'), serving.refresh('CALM')];
    release();
    await Promise.all([loading, ...told]);
    const { model, series, standing } = serving.current('CALM')!;
    assert.deepEqual([model.version, series.days.length, standing.skill], [2, 301, 0.1]);
  });
}

/** Makes the first answer of a question to the store arrive late: it is read at once, and given when released. */
function holdFirst(
  store: MemoryStore,
  question: 'listChampions' | 'loadModel' | 'loadSeries' | 'loadStanding' | 'loadBand',
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
  promote('CALM', 1);
  await serving.refresh('CALM');
  store.away = true;
  await assert.rejects(serving.refresh('CALM'), { code: 'DATABASE_UNAVAILABLE' });
  store.away = false;
  promote('CALM', 2);
  await serving.refresh('CALM');
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
  promote('CALM', 1);
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
  promote('CALM', 1);
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
  for (const [index, symbol] of ['A', 'B', 'C'].entries()) promote(symbol, index + 1);
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

test('the default is the first configured symbol that has a champion', async () => {
  const { serving, promote } = createTestServing({ preferred: ['LATE', 'B'] });
  promote('A', 1);
  promote('B', 2);
  await serving.refreshAll();
  assert.equal((await serving.get(undefined)).symbol, 'B');
  promote('LATE', 3);
  await serving.refreshAll();
  assert.equal((await serving.get(undefined)).symbol, 'LATE');
});

test('a stored series without a model is told apart from an unknown symbol', async () => {
  const { serving, store, promote } = createTestServing();
  promote('CALM', 1);
  store.series.set('NEW', TEST_SERIES);
  await serving.refreshAll();
  await assert.rejects(serving.get('NEW'), { code: 'NO_CHAMPION', message: /NEW has no model yet/ });
  await assert.rejects(serving.get('NOPE'), { code: 'UNKNOWN_SYMBOL', message: /known symbols: CALM\./ });
});
