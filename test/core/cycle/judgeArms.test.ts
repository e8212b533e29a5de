import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreHeldOut } from '../../../core/cycle/heldOut.ts';
import { judgeArms } from '../../../core/cycle/judgeArms.ts';
import { forecastLosses } from '../../../core/cycle/losses.ts';
import { splitOf } from '../../../core/cycle/split.ts';
import { DEFAULT_GATE_SETTINGS } from '../../../core/decide/settings.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { ewmaPredictor } from '../../helpers/ewmaPredictor.ts';
import { calibrationWith } from '../../helpers/smallModel.ts';

const series = simulateSeries({ length: 640, seed: 5 });
const { known } = splitOf(series.days.length, DEFAULT_SPEC);
const knownTo = series.days[known - 1]!;
/** Its bands and losses are the worse, the further the factor is from 1. */
const model = (spreadFactor: number) => ({
  predictor: ewmaPredictor({ spreadFactor }),
  calibration: calibrationWith(1),
  knownTo,
});
const settings = { ...DEFAULT_GATE_SETTINGS, level: 0.5 };
const question = { series, carried: {}, settings };
const scratch = { name: 'from-scratch', model: model(1) } as const;
const tuned = { name: 'fine-tuned', model: model(6) } as const;

test('the arm that wins is handed back with its own bands after the held-out days', () => {
  for (const arms of [
    [scratch, tuned],
    [tuned, scratch],
  ]) {
    const { verdict, winner } = judgeArms({ ...question, champion: model(8), arms });
    assert.equal(verdict.kind, 'promote');
    assert.equal(winner?.arm, scratch);
    assert.deepEqual(winner.band, scoreHeldOut(scratch.model, series).band);
    assert.notDeepEqual(winner.band, scoreHeldOut(tuned.model, series).band);
  }
});

test('where the champion stays nobody is handed back, and what spoke against it are the differences of the held-out days', () => {
  const champion = model(1);
  const { verdict, winner } = judgeArms({ ...question, champion, arms: [tuned] });
  assert.deepEqual([verdict.kind, winner], ['keep', null]);
  const [own, other] = [champion, tuned.model].map((each) => forecastLosses(scoreHeldOut(each, series).days));
  const { days, crps } = verdict.evidence['fine-tuned']!;
  assert.deepEqual(days, series.days.slice(-60));
  assert.deepEqual(
    crps,
    own!.crps.map((loss, i) => loss - other!.crps[i]!),
  );
});

test('without a champion the best arm wins; what was carried against it counts with the new days', () => {
  assert.equal(judgeArms({ ...question, champion: null, arms: [tuned, scratch] }).winner?.arm, scratch);
  const earlier = series.days.slice(0, 60);
  const carried = { 'fine-tuned': { days: earlier, crps: earlier.map(() => 1), squaredError: earlier.map(() => 1) } };
  const { verdict } = judgeArms({ ...question, champion: model(1), arms: [tuned], carried });
  assert.equal(verdict.numbers.arms[0]?.pooledDays, 120);
});
