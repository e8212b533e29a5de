import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPredictor } from '../../../core/model/infer.ts';
import type { Predictor } from '../../../core/model/network.ts';
import { parseVersion } from '../../../core/model/version.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { activateModel } from '../../../estimator/serving/activateModel.ts';
import { identityOf } from '../../../estimator/serving/store.ts';
import { randomNetwork, storedModel } from '../../../lab/servedModel.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const stored = storedModel(parseSymbol('CALM'), parseVersion(4), TEST_SERIES);

test('a model that passes is what was stored, ready to forecast', async () => {
  const { predictor, ...model } = await activateModel(stored, createPredictor);
  const { symbol, version, sha256, trainedTo, calibration } = stored;
  assert.deepEqual(model, { symbol, version, identity: identityOf(stored), sha256, trainedTo, calibration });
  assert.equal(predictor.predict(TEST_SERIES.closes).length, 5);
});

test('the golden forecast is held to a hundred-thousandth of itself, whatever the scale of the prices', async () => {
  for (const scale of [1, 1e-4, 1e4]) {
    const closes = stored.golden.closes.map((close) => scale * close);
    const of = (factor: number) => ({
      ...stored,
      golden: { closes, prediction: scale * stored.golden.prediction * factor },
    });
    for (const factor of [1, 1 + 9e-6, 1 - 9e-6]) {
      assert.equal((await activateModel(of(factor), createPredictor)).version, 4);
    }
    for (const factor of [1 + 1.1e-5, 1 - 1.1e-5, -1]) {
      await assert.rejects(activateModel(of(factor), createPredictor), {
        code: 'INVALID_ARTIFACT',
        message: /^Model 4 of CALM forecasts \S+ where it forecast \S+ when it was stored\.$/,
      });
    }
  }
});

test('a model that forecasts no number does not pass', async () => {
  const broken: Predictor = {
    ...createPredictor(randomNetwork(4)),
    predict: () => Array.from({ length: 5 }, () => ({ mean: Number.NaN, spread: 1, dof: 5 })),
  };
  await assert.rejects(
    activateModel(stored, () => broken),
    { code: 'INVALID_ARTIFACT', message: /forecasts NaN/ },
  );
});
