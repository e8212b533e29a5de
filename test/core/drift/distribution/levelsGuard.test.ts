import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { looksLikeLevels } from '../../../../core/drift/distribution/levelsGuard.ts';
import { createRandom, normal } from '../../../../core/random.ts';

function simulate(count: number, seed: number, ar: number): Float64Array {
  const random = createRandom(seed);
  let value = 0;
  return Float64Array.from({ length: count }, () => (value = ar * value + normal(random)));
}

const seeds = Array.from({ length: 200 }, (_, k) => k + 1);

describe('levels', () => {
  test('prices are refused at any length from 30, whatever their scale', () => {
    for (const seed of seeds) {
      for (const count of [30, 60, 1000]) {
        const prices = simulate(count, seed, 1).map((sum) => 100 * Math.exp(0.01 * sum));
        assert.ok(looksLikeLevels(prices));
        assert.ok(looksLikeLevels(prices.map((price) => -price * 1e-6)));
      }
    }
  });

  test('a random walk around zero is refused where the sample is long', () => {
    const caught = seeds.filter((seed) => looksLikeLevels(simulate(1000, seed, 1)));
    assert.ok(caught.length >= 0.97 * seeds.length, `${caught.length} of ${seeds.length}`);
  });
});

describe('near the limits', () => {
  const file = new URL('../../../../../test/fixtures/drift/levels.json', import.meta.url); // written by levels.py beside it
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as {
    cases: { name: string; levels: boolean; values: number[] }[];
  };
  for (const { name, levels, values } of cases) {
    test(`${name}: as the Dickey-Fuller regression of statsmodels has it, whatever unit and sign`, () => {
      assert.equal(looksLikeLevels(values), levels);
      assert.equal(looksLikeLevels(values.map((value) => -1e4 * value)), levels);
    });
  }

  test('thirty values of one sign are levels, twenty-nine are not yet, and one zero or other sign makes them changes', () => {
    const random = createRandom(5);
    const positive = Array.from({ length: 30 }, () => 1 + random());
    assert.deepEqual([looksLikeLevels(positive), looksLikeLevels(positive.slice(1))], [true, false]);
    assert.deepEqual([looksLikeLevels(positive.with(4, 0)), looksLikeLevels(positive.with(4, -1))], [false, false]);
    assert.equal(looksLikeLevels(positive.map((value) => -value).with(4, 0)), false);
  });
});

describe('changes', () => {
  test('returns are never refused, not even strongly dependent ones', () => {
    for (const seed of seeds) {
      for (const count of [30, 60, 1000]) {
        for (const ar of [-0.5, 0, 0.5]) assert.equal(looksLikeLevels(simulate(count, seed, ar)), false);
      }
    }
  });

  test('a constant, a few values and a market that mostly rises are no levels', () => {
    assert.equal(looksLikeLevels(new Float64Array(100)), false);
    assert.equal(looksLikeLevels(Float64Array.of(100, 101, 102)), false);
    assert.equal(looksLikeLevels(simulate(60, 1, 0).map((value, t) => (t === 9 ? -0.1 : Math.abs(value)))), false);
  });
});
