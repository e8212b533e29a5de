import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anchorDistributions, fitAnchor } from '../../../core/forecast/anchor.ts';
import { toChanges } from '../../../core/series/transform.ts';
import { filterVariance, fitGarch } from '../../../core/stats/garch.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const changes = toChanges(
  simulateSeries({ length: 1200, seed: 41, volatility: (i) => (i % 100 < 50 ? 0.006 : 0.018) }).closes,
  'log-return',
);
const anchor = fitAnchor(changes)!;

describe('anchor', () => {
  it('forecasts more spread after wild days than after calm ones', () => {
    const spreadAfter = (end: number) => anchorDistributions(anchor, changes.subarray(end - 59, end), 1)[0]!.spread;
    assert.ok(spreadAfter(1098) > 1.5 * spreadAfter(1048));
  });

  it('adds up the variances of the days ahead, each nearer to the long-run one', () => {
    const days = anchorDistributions(anchor, changes.subarray(1000, 1059), 5);
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

  it('is none where the changes are one number but for rounding', () => {
    const accrual = toChanges(
      Float64Array.from({ length: 700 }, (_, i) => 2 ** (i / 512)),
      'log-return',
    );
    assert.ok(new Set(accrual).size > 1);
    assert.equal(fitAnchor(accrual), null);
    assert.equal(fitAnchor(new Float64Array(700)), null);
  });

  it('is the asymmetric model with a Student-t tail and a constant mean, of the last five thousand changes', () => {
    const spec = { distribution: 't', asymmetric: true, meanModel: 'constant' } as const;
    assert.deepEqual(anchor.parameters, fitGarch(changes, spec).parameters);
    const long = Float64Array.from({ length: 5000 }, (_, i) => changes[i % changes.length]! * (1 + (i % 7) / 50));
    const early = new Float64Array(300).map((_, i) => Math.sin(i));
    const longer = Float64Array.from([...early, ...long]);
    assert.deepEqual(fitAnchor(longer), fitAnchor(long));
  });

  it('gives the variance of the day after as its first, the constant once a day, and its tail throughout', () => {
    const seen = changes.subarray(300, 420);
    const days = anchorDistributions(anchor, seen, 4);
    const dof = anchor.parameters.degreesOfFreedom!;
    const { nextVariance } = filterVariance(anchor.parameters, seen);
    assert.ok(Math.abs((days[0]!.spread ** 2 * dof) / (dof - 2) / nextVariance - 1) < 1e-12);
    days.forEach((day, i) => {
      assert.ok(Math.abs(day.mean - (i + 1) * anchor.parameters.constant) < 1e-15);
      assert.equal(day.dof, dof);
    });
    const normal = { parameters: { ...anchor.parameters, degreesOfFreedom: null } };
    const [first] = anchorDistributions(normal, seen, 1);
    assert.equal(first!.dof, Infinity);
    assert.ok(Math.abs(first!.spread ** 2 / nextVariance - 1) < 1e-12);
  });

  it('is absent where nothing can be fitted: fewer than 200 changes, or all alike', () => {
    assert.equal(fitAnchor(changes.subarray(0, 199)), null);
    assert.notEqual(fitAnchor(changes.subarray(0, 200)), null);
    assert.equal(fitAnchor(new Float64Array(400).fill(0.01)), null);
    assert.equal(fitAnchor(new Float64Array(400)), null);
  });
});
