import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { scoreClassic } from '../../../core/evaluate/classics.ts';
import { crpsStudentT } from '../../../core/metrics/crps.ts';
import { toChanges } from '../../../core/series/transform.ts';
import { filterVariance, fitGarch } from '../../../core/stats/garch.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 700, seed: 9, volatility: (i) => (i % 120 < 60 ? 0.007 : 0.016) });
const fold = { known: 600, validation: { from: 450, to: 600 }, test: { from: 605, to: 640 } };

describe('classic volatility models', () => {
  for (const [classic, asymmetric] of [
    ['garch-t', false],
    ['gjr-garch-t', true],
  ] as const) {
    it(`${classic} is fitted on what the fold knew and gives each day from the closes before it`, () => {
      const known = toChanges(series.closes.slice(0, 600), 'log-return');
      const { parameters } = fitGarch(known, { distribution: 't', asymmetric, meanModel: 'constant' });
      const dof = parameters.degreesOfFreedom!;
      const scores = scoreClassic(classic, series, fold, 'log-return');
      assert.equal(scores.length, 35);
      scores.forEach((score, i) => {
        const day = 605 + i;
        // The state after the day before; the start of so long a filter is forgotten.
        const { nextVariance } = filterVariance(parameters, toChanges(series.closes.slice(0, day), 'log-return'));
        const change = Math.log(series.closes[day]! / series.closes[day - 1]!);
        const expected = crpsStudentT(parameters.constant, Math.sqrt((nextVariance * (dof - 2)) / dof), dof, change);
        assert.ok(Math.abs(score / expected - 1) < 1e-6, `day ${day}`);
      });
    });
  }

  it('reads nothing after the days it is held to, and nothing into the fit after what is known', () => {
    const changed = (from: number) => ({
      ...series,
      closes: series.closes.map((close, i) => (i < from ? close : 2 * close)),
    });
    const scores = scoreClassic('garch-t', series, fold, 'log-return');
    assert.deepEqual(scoreClassic('garch-t', changed(640), fold, 'log-return'), scores);
    const later = scoreClassic('garch-t', changed(639), fold, 'log-return');
    assert.ok(later.at(-1)! > 10 * scores.at(-1)!, 'the last day itself is judged by its close');
  });
});
