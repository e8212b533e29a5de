import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anchorDistributions, fitAnchor } from '../../../core/forecast/anchor.ts';
import { poolDistributions } from '../../../core/forecast/pool.ts';
import { toChanges } from '../../../core/series/transform.ts';
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

  it('is absent where nothing can be fitted', () => {
    assert.equal(fitAnchor(changes.subarray(0, 150)), null);
    assert.equal(fitAnchor(new Float64Array(400).fill(0.01)), null);
  });
});

describe('pool', () => {
  const network = { mean: 0.004, spread: 0.02, dof: 4 };
  const classic = { mean: 0.001, spread: 0.02, dof: 12 };

  it('lies between its two members', () => {
    const { spread, dof } = poolDistributions(network, { ...classic, spread: 0.03 }, 1);
    assert.ok(dof > 4 && dof < 12);
    const deviation = spread * Math.sqrt(dof / (dof - 2));
    assert.ok(deviation > 0.02 * Math.sqrt(12 / 10) && deviation < 0.03 * Math.sqrt(2));
  });

  it('of two equal members is either of them, but for the mean', () => {
    const { mean, spread, dof } = poolDistributions(network, network, 0.5);
    assert.ok(Math.abs(spread - network.spread) < 1e-15 && dof === 4);
    assert.equal(mean, 0.004);
  });

  it('keeps a normal network normal', () => {
    const normal = { mean: 0, spread: 1, dof: Infinity };
    assert.deepEqual(poolDistributions(normal, normal, 0), normal);
  });
});
