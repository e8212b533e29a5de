import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { garchDistributions } from '../../../core/forecast/garchAnchor.ts';
import { toChanges } from '../../../core/series/transform.ts';
import { filterVariance, fitGarch } from '../../../core/stats/garch.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const changes = toChanges(
  simulateSeries({ length: 1200, seed: 41, volatility: (i) => (i % 100 < 50 ? 0.006 : 0.018) }).closes,
  'log-return',
);
const spec = { distribution: 't', asymmetric: true, meanModel: 'constant' } as const;
const anchor = { parameters: fitGarch(changes, spec).parameters };

describe('GARCH anchor of a model stored earlier', () => {
  it('forecasts more spread after wild days than after calm ones', () => {
    const spreadAfter = (end: number) => garchDistributions(anchor, changes.subarray(end - 59, end), 1)[0]!.spread;
    assert.ok(spreadAfter(1098) > 1.5 * spreadAfter(1048));
  });

  it('adds up the variances of the days ahead, each nearer to the long-run one', () => {
    const days = garchDistributions(anchor, changes.subarray(1000, 1059), 5);
    const variances = days.map(({ spread }) => spread ** 2);
    const daily = variances.map((variance, i) => variance - (variances[i - 1] ?? 0));
    const { omega, alpha, gamma, beta } = anchor.parameters;
    for (let i = 1; i < daily.length; i += 1) {
      const scale = variances[0]! / daily[0]!;
      const shrink = (days[0]!.dof - 2) / days[0]!.dof;
      const expected = omega * shrink + (alpha + gamma / 2 + beta) * daily[i - 1]! * scale;
      assert.ok(Math.abs(daily[i]! / expected - 1) < 1e-9);
    }
  });

  it('gives the variance of the day after as its first, the constant once a day, and its tail throughout', () => {
    const seen = changes.subarray(300, 420);
    const days = garchDistributions(anchor, seen, 4);
    const dof = anchor.parameters.degreesOfFreedom!;
    const { nextVariance } = filterVariance(anchor.parameters, seen);
    assert.ok(Math.abs((days[0]!.spread ** 2 * dof) / (dof - 2) / nextVariance - 1) < 1e-12);
    days.forEach((day, i) => {
      assert.ok(Math.abs(day.mean - (i + 1) * anchor.parameters.constant) < 1e-15);
      assert.equal(day.dof, dof);
    });
    const normal = { parameters: { ...anchor.parameters, degreesOfFreedom: null } };
    const [first] = garchDistributions(normal, seen, 1);
    assert.equal(first!.dof, Infinity);
    assert.ok(Math.abs(first!.spread ** 2 / nextVariance - 1) < 1e-12);
  });
});
