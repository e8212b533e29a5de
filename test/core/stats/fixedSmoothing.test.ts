import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { createRandom, normal } from '../../../core/random.ts';
import { dieboldMariano } from '../../../core/stats/dieboldMariano.ts';
import { fixedSmoothingP } from '../../../core/stats/fixedSmoothing.ts';

const fixture = new URL('../../../../test/fixtures/decide/dieboldMariano.json', import.meta.url);
const { smoothed } = JSON.parse(readFileSync(fixture, 'utf8')) as {
  smoothed: { name: string; values: number[]; p: number }[];
};

describe('fixed-smoothing test', () => {
  for (const { name, values, p } of smoothed) {
    it(`gives the p computed from R's Fourier transform: ${name}`, () => {
      assert.ok(Math.abs(fixedSmoothingP(values) / p - 1) < 1e-8);
    });
  }

  it('keeps its size on persistent series where the plain test does not', () => {
    const rejected = { smoothing: 0, plain: 0 };
    for (let seed = 0; seed < 1000; seed += 1) {
      const random = createRandom(seed);
      let state = normal(random);
      const values = Array.from({ length: 60 }, () => {
        state = 0.7 * state + Math.sqrt(0.51) * normal(random);
        return state;
      });
      if (fixedSmoothingP(values) < 0.05) rejected.smoothing += 1;
      if (dieboldMariano(values).pSecondBetter < 0.05) rejected.plain += 1;
    }
    // 20,000 series of this persistence and length: 7.0 % and 24.9 %; the standard errors of 1,000 are .8 % and 1.4 %.
    assert.ok(Math.abs(rejected.smoothing - 70) < 3 * 8.1, `${rejected.smoothing} of 1000`);
    assert.ok(Math.abs(rejected.plain - 249) < 3 * 13.7, `${rejected.plain} of 1000`);
  });

  it('turns round with the sign, and says nothing of zeros', () => {
    const values = [1, -2, 3, 4, -1, 2, 2, 0, 1];
    const mirrored = fixedSmoothingP(values.map((value) => -value));
    assert.ok(Math.abs(fixedSmoothingP(values) + mirrored - 1) < 1e-12);
    assert.equal(fixedSmoothingP(new Array<number>(20).fill(0)), 0.5);
  });

  it('is certain of a constant, by its sign', () => {
    const constant = (value: number) => fixedSmoothingP(new Array<number>(16).fill(value));
    assert.deepEqual([constant(0.5), constant(-0.5)], [0, 1]);
  });

  it('takes eight values and refuses seven', () => {
    const values = [1, -2, 3, 4, -1, 2, 2, 0];
    assert.ok(fixedSmoothingP(values) > 0);
    assert.throws(() => fixedSmoothingP(values.slice(1)), {
      name: 'ShepherdError',
      code: 'TOO_FEW_VALUES',
      message: 'A fixed-smoothing test needs 8 values or more; got 7.',
    });
  });
});
