import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { negativeLogLikelihood, readHead } from '../../../core/model/head.ts';
import { studentTDensity } from '../../../core/stats/studentT.ts';

const output = fc.double({ min: -4, max: 4, noNaN: true });
const target = fc.double({ min: -8, max: 8, noNaN: true });
const loss = (m: number, l: number, q: number, y: number, gradient = new Float64Array(3)): number =>
  negativeLogLikelihood(m, l, q, y, gradient);

test('outputs of zero are the volatility anchor: its mean 0 and its deviation, by the root of the day', () => {
  readHead(new Float32Array(15), 5, 0.02).forEach(({ mean, spread, dof }, h) => {
    assert.equal(mean, 0);
    assert.equal(dof, 6);
    const deviation = spread * Math.sqrt(dof / (dof - 2));
    assert.ok(Math.abs(deviation - 0.02 * Math.sqrt(h + 1)) < 1e-15);
  });
});

test('the loss is minus the log density of the forecast that the outputs are read as', () => {
  fc.assert(
    fc.property(output, output, output, target, (m, l, q, y) => {
      const outputs = new Float32Array([m, l, q]);
      const { mean, spread, dof } = readHead(outputs, 1, 1)[0]!;
      const density = studentTDensity((y - mean) / spread, dof) / spread;
      const own = loss(outputs[0]!, outputs[1]!, outputs[2]!, y);
      assert.ok(Math.abs(own + Math.log(density)) < 1e-8, `${own} ${-Math.log(density)}`);
    }),
  );
});

test('its gradients are those of central differences', () => {
  fc.assert(
    fc.property(output, output, output, target, (m, l, q, y) => {
      const gradient = new Float64Array(3);
      loss(m, l, q, y, gradient);
      const step = 1e-5;
      const measured = [
        (loss(m + step, l, q, y) - loss(m - step, l, q, y)) / (2 * step),
        (loss(m, l + step, q, y) - loss(m, l - step, q, y)) / (2 * step),
        (loss(m, l, q + step, y) - loss(m, l, q - step, y)) / (2 * step),
      ];
      measured.forEach((slope, k) => {
        assert.ok(
          Math.abs(gradient[k]! - slope) < 1e-6 * (1 + Math.abs(slope)),
          `output ${k}: ${gradient[k]} ${slope}`,
        );
      });
    }),
  );
});

test('however far the outputs run, the forecast has a finite variance', () => {
  for (const extreme of [-1e6, 1e6]) {
    const { spread, dof } = readHead(new Float32Array([extreme, extreme, extreme]), 1, 0.01)[0]!;
    assert.ok(spread > 0 && Number.isFinite(spread) && dof > 2 && Number.isFinite(dof));
  }
});
