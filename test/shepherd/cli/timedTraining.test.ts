import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrainingRequest, TrainingResult } from '../../../core/model/training/request.ts';
import { timeOnThread } from '../../../shepherd/cli/timedTraining.ts';
import { createTrainingPool } from '../../../shepherd/threads/pool.ts';

// What is trained plays no part here.
const [request, result] = [{} as TrainingRequest, {} as TrainingResult];

for (const threads of [1, 3]) {
  test(`with ${threads} threads so many trainings are handed to the pool at once, and each is done`, async () => {
    const { threads: told, close } = createTrainingPool({ threads });
    await close();
    assert.equal(told, threads);
    let [running, most] = [0, 0];
    const ends: (() => void)[] = [];
    const train = timeOnThread(
      {
        threads,
        train: async () => {
          running += 1;
          most = Math.max(most, running);
          await new Promise<void>((resolve) => ends.push(resolve));
          running -= 1;
          return result;
        },
      },
      new AbortController().signal,
    );
    const done = Promise.all(Array.from({ length: 5 }, () => train(request)));
    for (let ended = 0; ended < 5; ended += 1) {
      while (ends.length === 0) await new Promise((resolve) => setImmediate(resolve));
      ends.shift()?.();
    }
    assert.equal((await done).length, 5);
    assert.equal(most, threads);
  });
}

test('a training that fails gives its thread to the next', async () => {
  let asked = 0;
  const train = timeOnThread(
    { threads: 1, train: () => ((asked += 1) === 1 ? Promise.reject(new Error('no')) : Promise.resolve(result)) },
    new AbortController().signal,
  );
  const [first, second] = await Promise.allSettled([train(request), train(request)]);
  assert.deepEqual([first.status, second.status], ['rejected', 'fulfilled']);
});
