import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PromotionVerdict } from '../../../core/decide/gate.ts';
import { startBand } from '../../../core/forecast/band.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { getModel } from '../../../db/tables/models.ts';
import type { MlflowRun } from '../../../shepherd/tracking/mlflow.ts';
import { trackArms } from '../../../shepherd/run/track.ts';
import { withDatabase } from '../../../lab/database.ts';
import { MADE_UP_QUALITY } from '../../../lab/scores.ts';
import { storeSeries } from '../../helpers/records.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { SMALL_SPEC } from '../../helpers/smallModel.ts';
import { storeWorkingModel } from '../../helpers/workingModels.ts';

const series = simulateSeries({ length: 720, seed: 29 });

test('a tracker is told of each arm: what it was trained with, how it did, and whether it was promoted', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const holdout = (betterThanNaive: boolean | null) => ({ ...MADE_UP_QUALITY, mse: 2, days: 60, betterThanNaive });
  const training = {
    validationDays: 250,
    backend: 'wasm',
    epochs: 7,
    bestEpoch: 5,
    validationLoss: 1.25,
    seconds: 3.5,
  };
  const one = await storeWorkingModel(db, parseSymbol('X'), {
    series,
    arm: 'fine-tuned',
    holdout: holdout(true),
    training,
  });
  const layers = { ...SMALL_SPEC, units: [4, 3] };
  const two = await storeWorkingModel(db, parseSymbol('X'), { series, spec: layers, holdout: holdout(null), training });
  const told: MlflowRun[] = [];
  const tracker = {
    record: (_client: unknown, run: MlflowRun): Promise<void> => {
      told.push(run);
      return Promise.resolve();
    },
  };
  const arms = [
    { name: 'fine-tuned', version: one },
    { name: 'from-scratch', version: two },
  ] as const;
  const verdict = {} as PromotionVerdict; // what it says is told by the arms' tags alone
  const gate = { verdict, promoted: { version: two, arm: 'from-scratch', band: startBand([]) } } as const;
  const outcome = await trackArms(db, { arms, gate, tracker });
  assert.deepEqual([outcome.result, told], [null, []], 'with the step, not before it');
  await outcome.write?.(db);
  const { spec, sha256, seed, trainedFrom, trainedTo } = await getModel(db, two);
  const { betterThanNaive, ...figures } = holdout(null);
  assert.equal(betterThanNaive, null);
  assert.deepEqual(told[1], {
    name: `X model ${two}`,
    params: { ...spec, units: '4-3', seed },
    metrics: { ...figures, epochs: 7, validation_loss: 1.25, seconds: 3.5 },
    tags: {
      symbol: 'X',
      version: String(two),
      sha256,
      arm: 'from-scratch',
      trained_from: trainedFrom,
      trained_to: trainedTo,
      promoted: 'true',
      better_than_naive: 'undetermined',
    },
    failed: false,
  });
  assert.equal(told.length, 2);
  const { tags } = told[0]!;
  assert.deepEqual(
    [tags['version'], tags['arm'], tags['promoted'], tags['better_than_naive']],
    [String(one), 'fine-tuned', 'false', 'true'],
  );

  await (await trackArms(db, { arms, gate: { verdict, promoted: null }, tracker })).write?.(db);
  assert.deepEqual(
    told.slice(2).map((run) => run.tags['promoted']),
    ['false', 'false'],
  );
});
