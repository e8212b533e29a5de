import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import type { Trainer } from '../../../core/evaluate/walkForward.ts';
import { train } from '../../../core/model/training/train.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { runSearch, type SearchTrial, type TrialStore } from '../../../core/search/search.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 1000, seed: 81 });
const base = { ...DEFAULT_SPEC, units: [4], maxEpochs: 1 };
const plan = { trials: 3, origins: [1, 2] };

function memoryStore(trials: SearchTrial[] = []): TrialStore & { trials: SearchTrial[] } {
  return {
    trials,
    list: () => Promise.resolve([...trials]),
    save: (trial) => {
      trials.push(trial);
      return Promise.resolve();
    },
  };
}

function countingTrainer(): Trainer & { lengths: number[] } {
  const lengths: number[] = [];
  return {
    lengths,
    train: (request) => {
      lengths.push(request.closes.length);
      return Promise.resolve(train(request));
    },
  };
}

describe('search', () => {
  it('keeps each trial, names the best, and never touches the days a gate will hold out', async () => {
    const store = memoryStore();
    const trainer = countingTrainer();
    const { winner } = await runSearch({ series, base, seed: 1, plan, trainer, store });
    assert.deepEqual(
      store.trials.map(({ number, rung }) => [number, rung]).sort(),
      [
        [0, 0],
        [1, 0],
        [2, 0],
        [winner.number, 1],
      ].sort(),
    );
    const first = store.trials.filter(({ rung }) => rung === 0);
    assert.equal(winner.number, [...first].sort((a, b) => a.score! - b.score!)[0]!.number);
    assert.equal(trainer.lengths.length, 3 * 1 + 2);
    // 1,000 less 60 held out less the horizon is where the last fold ends.
    const { detail } = store.trials.at(-1)!;
    assert.equal(detail.days, 935 - Math.round(935 * 0.6));
  });

  it('says which trial is done, how the setting in use fared, and judges later rungs on the latest origins', async () => {
    const told: SearchTrial[] = [];
    const store = memoryStore();
    const trainer = countingTrainer();
    const request = { series, base, seed: 1, plan: { trials: 1, origins: [1, 2] }, trainer, store };
    const { winner, inUse } = await runSearch({ ...request, onTrial: (trial) => told.push(trial) });
    assert.deepEqual(told, store.trials);
    assert.deepEqual([winner.number, winner.spec], [0, base]);
    assert.equal(inUse, winner.score);
    // 935 days: the second of two origins begins half way from day 561, less the horizon that no model may know.
    assert.deepEqual(trainer.lengths, [748 - 5, 561 - 5, 748 - 5]);
    assert.deepEqual(
      told.map(({ rung, detail }) => [rung, detail.origins, detail.days]),
      [
        [0, 1, 187],
        [1, 2, 374],
      ],
    );
  });

  it('has nothing to say of the setting in use where it did not come so far, and fails where none could be trained', async () => {
    const failing = (fails: (units: number) => boolean): Trainer => ({
      train: (request) =>
        fails(request.spec.units[0]!)
          ? Promise.reject(new ShepherdError('INVALID_INPUT', 'not this one'))
          : Promise.resolve(train({ ...request, spec: { ...request.spec, units: [2] } })),
    });
    const search = (trainer: Trainer) =>
      runSearch({ series, base, seed: 1, plan: { trials: 3, origins: [1, 1] }, trainer, store: memoryStore() });
    const { winner, inUse } = await search(failing((units) => units === 4));
    assert.deepEqual([winner.number > 0, inUse], [true, null]);
    await assert.rejects(search(failing(() => true)), {
      code: 'INVALID_INPUT',
      message: 'No setting of the search could be trained on this series.',
    });
    await assert.rejects(
      search({ train: () => Promise.reject(new Error('a fault of the program')) }),
      /a fault of the program/,
    );
  });

  it('goes on where it was stopped, training nothing again', async () => {
    const whole = memoryStore();
    const straight = await runSearch({ series, base, seed: 1, plan, trainer: countingTrainer(), store: whole });
    const trainer = countingTrainer();
    const resumed = await runSearch({
      series,
      base,
      seed: 1,
      plan,
      trainer,
      store: memoryStore(whole.trials.slice(0, 3)),
    });
    assert.deepEqual(resumed, straight);
    assert.equal(trainer.lengths.length, 2);
  });

  it('notes a setting that cannot be trained and goes on; a stop stops it', async () => {
    const failing = (code: 'INVALID_INPUT' | 'CANCELLED', when: (units: number) => boolean): Trainer => ({
      train: (request) =>
        when(request.spec.units[0]!)
          ? Promise.reject(new ShepherdError(code, 'not this one'))
          : Promise.resolve(train(request)),
    });
    const store = memoryStore();
    const onlyBase = failing('INVALID_INPUT', (units) => units !== 4);
    const { winner } = await runSearch({ series, base, seed: 1, plan, trainer: onlyBase, store });
    assert.equal(winner.number, 0);
    assert.equal(store.trials.find(({ number }) => number === 1)?.detail.error, 'not this one');
    const stopped = failing('CANCELLED', () => true);
    await assert.rejects(
      () => runSearch({ series, base, seed: 1, plan, trainer: stopped, store: memoryStore() }),
      (error) => error instanceof ShepherdError && error.code === 'CANCELLED',
    );
  });
});
