import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startBand } from '../../../core/forecast/band.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { findChampion, saveBand } from '../../../db/tables/champions.ts';
import { loadChampion } from '../../../shepherd/run/champion.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';
import { calibrationWith, ZERO_NETWORK } from '../../helpers/smallModel.ts';

const series = simulateSeries({ length: 720, seed: 30 });

test('the champion is loaded as it was calibrated, with the bands it has lived to', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  await storeSeries(db, parseSymbol('Y'));
  assert.equal(await loadChampion(db, parseSymbol('X')), undefined);
  const version = await storeWorkingModel(db, parseSymbol('X'), { series, spreadFactor: 2 });
  await serveModel(db, parseSymbol('X'), version);
  const band = startBand(Array.from({ length: 5 }, () => [7, 8, 9]));
  await saveBand(db, parseSymbol('X'), version, band);
  const champion = await loadChampion(db, parseSymbol('X'));
  assert.ok(champion !== undefined);
  const { predictor, ...rest } = champion;
  assert.deepEqual(rest, {
    record: await findChampion(db, parseSymbol('X')),
    network: ZERO_NETWORK,
    calibration: calibrationWith(2),
    band,
  });
  assert.deepEqual(predictor.predict(series.closes), createPredictor(ZERO_NETWORK).predict(series.closes));
  assert.equal(await loadChampion(db, parseSymbol('Y')), undefined);
});
