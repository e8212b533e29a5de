import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { createRandom, normal } from '../../../core/random.ts';
import { dieboldMariano } from '../../../core/stats/dieboldMariano.ts';

interface Case {
  readonly name: string;
  readonly horizon: number;
  readonly first: number[];
  readonly second: number[];
  readonly statistic: number;
  readonly pSecondBetter: number;
}

const fixture = new URL('../../../../test/fixtures/decide/dieboldMariano.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as { cases: Case[] };

describe('Diebold-Mariano test', () => {
  for (const { name, horizon, first, second, statistic, pSecondBetter } of cases) {
    it(`gives the statistic and p of forecast::dm.test: ${name}`, () => {
      const differences = first.map((loss, i) => loss - second[i]!);
      const result = dieboldMariano(differences, horizon);
      assert.ok(Math.abs(result.statistic - statistic) < 1e-9 * Math.abs(statistic));
      assert.ok(Math.abs(result.pSecondBetter / pSecondBetter - 1) < 1e-7);
    });
  }

  it('turns round with its arguments', () => {
    const random = createRandom(3);
    const differences = Array.from({ length: 40 }, () => 0.2 + normal(random));
    const one = dieboldMariano(differences, 3);
    const other = dieboldMariano(
      differences.map((d) => -d),
      3,
    );
    assert.ok(Math.abs(one.pSecondBetter - other.pFirstBetter) < 1e-12);
    assert.ok(Math.abs(one.statistic + other.statistic) < 1e-12);
    assert.ok(Math.abs(one.pSecondBetter + one.pFirstBetter - 1) < 1e-12);
  });

  it('calls two identical forecasts equal, not better', () => {
    const result = dieboldMariano(new Array<number>(60).fill(0));
    assert.equal(result.pSecondBetter, 0.5);
    assert.ok(Number.isNaN(result.statistic));
  });

  it('calls a constant advantage certain, whichever side has it', () => {
    const constant = (value: number, horizon = 1) => dieboldMariano(new Array<number>(10).fill(value), horizon);
    assert.deepEqual([constant(0.25).pSecondBetter, constant(0.25).pFirstBetter], [0, 1]);
    assert.deepEqual([constant(-0.25).pSecondBetter, constant(-0.25).pFirstBetter], [1, 0]);
    assert.deepEqual([constant(0).pFirstBetter, constant(0.25, 3).pSecondBetter], [0.5, 0]);
    assert.equal(constant(0.25).meanDifference, 0.25);
    assert.ok(Number.isNaN(constant(0.25).statistic));
  });

  it('needs two days more than its horizon, and says so', () => {
    const days = [0.1, 0.3, -0.2, 0.4, 0.1];
    assert.equal(dieboldMariano(days.slice(0, 3)).days, 3);
    assert.equal(dieboldMariano(days, 3).days, 5);
    assert.throws(() => dieboldMariano(days.slice(0, 4), 3), {
      code: 'TOO_FEW_VALUES',
      message: 'A Diebold-Mariano test at horizon 3 needs 5 days or more; got 4.',
    });
    assert.throws(() => dieboldMariano([1, Infinity, 2]), {
      message: 'A loss in the Diebold-Mariano test is not a finite number.',
    });
  });

  it('refuses too few days and losses that are not finite', () => {
    const code = (expected: string) => (error: unknown) => error instanceof ShepherdError && error.code === expected;
    assert.throws(() => dieboldMariano([1, 2, 3], 2), code('TOO_FEW_VALUES'));
    assert.throws(() => dieboldMariano([1, Number.NaN, 3, 4]), code('INVALID_INPUT'));
  });
});
