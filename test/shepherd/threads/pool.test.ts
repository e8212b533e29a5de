import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { encodeArtifact } from '../../../core/model/artifact.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { train } from '../../../core/model/training/train.ts';
import type { EpochReport } from '../../../core/model/training/request.ts';
import { createTrainingPool } from '../../../shepherd/threads/pool.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const { closes } = simulateSeries({ length: 400, seed: 1 });
const request = { closes, validationDays: 60, spec: { ...DEFAULT_SPEC, units: [6, 5], maxEpochs: 3 }, seed: 1 };
const pool = createTrainingPool({ threads: 2 });
after(() => pool.close());

test('a training on a thread gives the bytes and the reports of one here', async () => {
  const reports: EpochReport[] = [];
  const own = await pool.train(request, { onEpoch: (report) => reports.push(report) });
  const here = train(request);
  assert.equal(encodeArtifact(own.network).sha256, encodeArtifact(here.network).sha256);
  assert.deepEqual(own.epochs, here.epochs);
  assert.deepEqual(reports, here.epochs);
});

test('trainings beyond the threads wait in line and all are done', async () => {
  const results = await Promise.all([1, 2, 3, 4, 5].map((seed) => pool.train({ ...request, seed })));
  assert.equal(new Set(results.map(({ network }) => encodeArtifact(network).sha256)).size, 5);
});

test('a running training ends when its signal does, and the pool goes on', async () => {
  const controller = new AbortController();
  const endless = { ...request, spec: { ...request.spec, maxEpochs: 1e9, patience: 1e9 } };
  const stopAtFirst = () => {
    controller.abort();
  };
  await assert.rejects(pool.train(endless, { onEpoch: stopAtFirst, signal: controller.signal }), { code: 'CANCELLED' });
  assert.equal((await pool.train(request)).epochs.length, train(request).epochs.length);
});

test('what the training refuses is refused with its code', async () => {
  await assert.rejects(pool.train({ ...request, closes: closes.subarray(0, 50) }), {
    name: 'ShepherdError',
    code: 'TOO_FEW_VALUES',
  });
});
