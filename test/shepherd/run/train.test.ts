import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { decodeArtifact } from '../../../core/model/artifact.ts';
import { train } from '../../../core/model/training/train.ts';
import type { TrainingRequest } from '../../../core/model/training/request.ts';
import { seedFrom } from '../../../core/random.ts';
import { sliceSeries, type Series } from '../../../core/series/price.ts';
import { getModel } from '../../../db/tables/models.ts';
import { claimSlot, startRun } from '../../../db/tables/runs.ts';
import { getSnapshot } from '../../../db/tables/snapshots.ts';
import { splitOf } from '../../../core/cycle/split.ts';
import { completeArm } from '../../../core/cycle/completeArm.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { RunContext } from '../../../shepherd/run/context.ts';
import { digestOf, trainArms } from '../../../shepherd/run/train.ts';
import { csvFolder, setUpRun } from '../../helpers/shepherdRun.ts';
import { SMALL_SPEC, ZERO_NETWORK } from '../../helpers/smallModel.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { storeWorkingModel } from '../../helpers/workingModels.ts';

const series = simulateSeries({ length: 720, seed: 28 });
const TODAY = series.days.at(-1)!;
/** Sixty days held out and a gap of the longest horizon before them. */
const KNOWN = 720 - 60 - 5;

test('both arms learn from the same days without the held-out ones, and are stored with all that made them', async (t) => {
  const setUp = await setUpRun(t, csvFolder(t, {}));
  const { db } = setUp.context;
  const requests: TrainingRequest[] = [];
  let clock = 0;
  const context: RunContext = {
    ...setUp.context,
    now: () => (clock += 1_500),
    pool: {
      ...setUp.context.pool,
      train: (request, options) => {
        requests.push(request);
        return setUp.context.pool.train(request, options);
      },
    },
  };
  const run = (await startRun(db, (await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual' }))!))!;
  const version = await storeWorkingModel(db, parseSymbol('X'), { series });
  const parent = { version, network: ZERO_NETWORK };
  const known = sliceSeries(series, 0, KNOWN);
  const digest = digestOf(known);
  const lastKnown: string = known.days.at(-1)!;

  const { result, write, events } = await trainArms({ run, series, spec: SMALL_SPEC, parent }, context);
  assert.deepEqual(result, [], 'nothing is stored before the step is written');
  await write?.(db);
  assert.deepEqual(
    result.map(({ name }) => name),
    ['fine-tuned', 'from-scratch'],
  );
  assert.deepEqual(await getSnapshot(db, digest), { days: known.days, closes: known.closes.slice() });

  for (const { name, version: stored } of result) {
    const label: string = name;
    const asked = requests.find(({ initial }) => (initial === undefined) === (name === 'from-scratch'))!;
    const seed = seedFrom('X', TODAY, name);
    assert.deepEqual([asked.closes.length, asked.closes.at(-1)], [KNOWN, series.closes[KNOWN - 1]]);
    assert.deepEqual([asked.validationDays, asked.spec, asked.seed], [250, SMALL_SPEC, seed]);
    assert.deepEqual(asked.initial, name === 'from-scratch' ? undefined : ZERO_NETWORK);

    const model = await getModel(db, stored);
    const again = train(asked);
    assert.deepEqual(decodeArtifact(model), again.network, 'the request gives these weights once more');
    const { calibration, holdout, golden } = completeArm({
      network: again.network,
      series,
      split: splitOf(series.days.length, SMALL_SPEC),
    });
    const validationLoss = again.epochs[again.bestEpoch - 1]?.validationLoss ?? null;
    const { seconds, ...training } = model.training;
    assert.ok([1.5, 3, 4.5].includes(seconds), `${seconds} s by the clock that was handed in`);
    assert.deepEqual(training, {
      validationDays: 250,
      backend: again.backend,
      epochs: again.epochs.length,
      bestEpoch: again.bestEpoch,
      validationLoss,
    });
    assert.deepEqual(
      {
        symbol: model.symbol,
        runId: model.runId,
        arm: model.arm,
        parent: model.parent,
        spec: model.spec,
        scale: model.scale,
        seed: model.seed,
        trainedFrom: model.trainedFrom,
        trainedTo: model.trainedTo,
        dataDigest: model.dataDigest,
      },
      {
        symbol: 'X',
        runId: run.id,
        arm: name,
        parent: name === 'fine-tuned' ? version : null,
        spec: SMALL_SPEC,
        scale: again.network.scale,
        seed,
        trainedFrom: series.days[0],
        trainedTo: lastKnown,
        dataDigest: digest,
      },
    );
    const plain = (value: object): unknown => JSON.parse(JSON.stringify(value));
    assert.deepEqual(
      [model.calibration, model.holdout, model.golden].map(plain),
      [calibration, holdout, golden].map(plain),
    );
    const event = events?.find(({ payload }) => payload['arm'] === name);
    assert.deepEqual(event, {
      kind: 'training:finished',
      payload: { arm: name, sha256: model.sha256, ...model.training },
      sentence:
        `Trained ${label} on ${KNOWN} days to ${lastKnown}: ${training.epochs} epochs, ` +
        `best validation loss at epoch ${training.bestEpoch}, ${seconds.toFixed(1)} s.`,
    });
  }
  assert.equal(events?.length, 2);
});

test('weights of another shape, and no weights, leave the arm from scratch alone', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, {}));
  const { db } = context;
  const run = (await startRun(db, (await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual' }))!))!;
  const version = await storeWorkingModel(db, parseSymbol('X'), { series });
  const wider = { ...SMALL_SPEC, units: [5], maxEpochs: 1 };
  for (const parent of [undefined, { version, network: ZERO_NETWORK }]) {
    const { result, write, events } = await trainArms({ run, series, spec: wider, parent }, context);
    await write?.(db);
    assert.deepEqual(
      result.map(({ name }) => name),
      ['from-scratch'],
    );
    assert.deepEqual([(await getModel(db, result[0]!.version)).parent, events?.length], [null, 1]);
  }
});

test('a training that was stopped is stopped in its threads', async (t) => {
  const { context, stop } = await setUpRun(t, csvFolder(t, {}));
  const { db } = context;
  const run = (await startRun(db, (await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual' }))!))!;
  const notes: string[] = [];
  const log = {
    ...context.log,
    note: (sentence: string) => {
      notes.push(sentence);
      stop.abort();
    },
  };
  const endless = { ...SMALL_SPEC, maxEpochs: 1e9, patience: 1e9 };
  const request = { run, series, spec: endless, parent: undefined };
  await assert.rejects(trainArms(request, { ...context, log }), { code: 'CANCELLED' });
  assert.match(notes[0] ?? '', /^X: training from-scratch, epoch 10 of at most 1000000000, loss /);
});

test('the digest is that of the days and of every bit of the closes', () => {
  const small: Series = { days: series.days.slice(0, 2), closes: Float64Array.of(1, 2) };
  const expected = createHash('sha256')
    .update('2000-01-01,2000-01-02')
    .update(Buffer.from('000000000000f03f0000000000000040', 'hex'))
    .digest('hex');
  assert.equal(digestOf(small), expected);
  assert.notEqual(digestOf({ ...small, closes: Float64Array.of(1, 2 + Number.EPSILON * 2) }), expected);
  assert.notEqual(digestOf({ ...small, days: series.days.slice(1, 3) }), expected);
});
