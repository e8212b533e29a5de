import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreUnseen } from '../../../core/cycle/heldOut.ts';
import { toLossDay } from '../../../core/cycle/losses.ts';
import { unseenLosses } from '../../../core/cycle/unseenLosses.ts';
import type { Predictor } from '../../../core/model/network.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { ewmaPredictor } from '../../helpers/ewmaPredictor.ts';
import { calibrationWith } from '../../helpers/smallModel.ts';

const series = simulateSeries({ length: 400, seed: 3 });
const knownTo = series.days[299]!;
const promotedOn = series.days[349]!;
const model = { predictor: ewmaPredictor(), calibration: calibrationWith(1), knownTo };
const all = scoreUnseen(model, series).map(toLossDay);

test('days up to the promotion are forecast now, later ones are as they were stored', () => {
  const stored = all.slice(50).map((loss) => ({ ...loss, crps: 2 * loss.crps }));
  assert.deepEqual(unseenLosses({ model, series, promotedOn, stored }), [...all.slice(0, 50), ...stored]);
});

test('a day without a score after the promotion is left out, and what was stored before it is not forecast again', () => {
  const asked: number[] = [];
  const predictor: Predictor = {
    ...model.predictor,
    predictRange: (closes, from, to) => {
      asked.push(to);
      return model.predictor.predictRange(closes, from, to);
    },
  };
  const stored = [...all.slice(10, 20), ...all.slice(60)].map((loss) => ({ ...loss, crps: 0 }));
  const losses = unseenLosses({ model: { ...model, predictor }, series, promotedOn, stored });
  assert.deepEqual(losses, [...all.slice(0, 10), ...stored.slice(0, 10), ...all.slice(20, 50), ...stored.slice(10)]);
  assert.deepEqual(asked, [350], 'nothing after the promotion is forecast');
});

test('a score of a day that the model has seen since is none of an unseen day', () => {
  const seen = { day: knownTo, crps: 1, naiveCrps: 1, volatility: 1 };
  assert.deepEqual(unseenLosses({ model, series, promotedOn, stored: [seen, ...all.slice(50)] }), all);
});
