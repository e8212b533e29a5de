import assert from 'node:assert/strict';
import { it } from 'node:test';
import { advanceForecasts } from '../../../core/forecast/advance.ts';
import { calibrate } from '../../../core/forecast/calibration.ts';
import { liveThrough, type Shift } from '../../../core/replay/shift.ts';
import type { ReplayModel } from '../../../core/replay/workshop.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { ewmaPredictor } from '../../helpers/ewmaPredictor.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 560, seed: 31, volatility: (i) => (i % 90 < 45 ? 0.008 : 0.02) });
const predictor = ewmaPredictor();
const calibration = calibrate(predictor, series.closes, { from: 250, to: 400 });

/** A champion promoted on the close of index 405. */
function newShift(): Shift {
  const model = { predictor, calibration } as unknown as ReplayModel; // of a model only these two are asked
  return {
    model,
    validatedOn: 405,
    referenceTo: 345,
    reference: null,
    evidence: {},
    unseenBefore: [],
    band: calibration.band,
    pending: [],
    livedTo: 405,
    scores: [],
  };
}

it('a shift lived in strides has the scores of one life, one day ahead and in time order', () => {
  const shift = newShift();
  for (let today = 405; today < 520; today += 1) {
    liveThrough(shift, series, today);
    assert.ok(shift.livedTo > today, 'today has been lived');
  }
  const whole = advanceForecasts({
    predictor,
    calibration,
    series: sliceSeries(series, 0, shift.livedTo),
    band: calibration.band,
    pending: [],
    from: 405,
  });
  assert.deepEqual(
    shift.scores,
    whole.scored.map(({ score }) => score).filter(({ horizon }) => horizon === 1),
  );
  assert.deepEqual(shift.band, whole.band);
  const met = new Set(whole.scored.map(({ issued }) => issued));
  assert.deepEqual(
    shift.pending,
    whole.issued.filter((each) => !met.has(each)),
  );
});

it('a day lived already is not lived again, and none is lived past the last', () => {
  const shift = newShift();
  liveThrough(shift, series, 406);
  const { livedTo, pending } = shift;
  const scores = [...shift.scores];
  liveThrough(shift, series, livedTo - 1);
  assert.deepEqual([shift.livedTo, shift.pending, shift.scores], [livedTo, pending, scores]);
  liveThrough(shift, series, 559);
  assert.equal(shift.livedTo, 560);
});
