import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRandom, normal, pick, seedFrom } from '../../core/random.ts';

describe('seeds from names', () => {
  const fnv = new Map([
    // The reference vectors of FNV-1a, 32 bits (Landon Curt Noll's test suite).
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['b', 0xe70c2de5],
    ['foobar', 0xbf9cf968],
  ]);
  for (const [text, hash] of fnv) {
    test(`'${text}' gives the published hash`, () => {
      assert.equal(seedFrom(text), hash);
    });
  }

  test('the parts are told apart, numbers among them', () => {
    assert.notEqual(seedFrom('ab', 'c'), seedFrom('a', 'bc'));
    assert.notEqual(seedFrom('a', 1), seedFrom('a', 2));
    assert.equal(seedFrom('a', 1), seedFrom('a', '1'));
    assert.equal(seedFrom('a', 'b'), seedFrom('a\u001fb'));
  });
});

/** sfc32 as PractRand has it, in whole numbers of any size; seeded by splitmix32 as Evensen's mixer is usually used. */
function* sfc32(seed: number): Generator<number> {
  const word = (value: bigint) => BigInt.asUintN(32, value);
  let s = word(BigInt(seed));
  const next = () => {
    s = word(s + 0x9e3779b9n);
    let z = word((s ^ (s >> 16n)) * 0x21f0aaadn);
    z = word((z ^ (z >> 15n)) * 0x735a2d97n);
    return z ^ (z >> 15n);
  };
  let [a, b, c, counter] = [next(), next(), next(), 1n];
  for (;;) {
    const sum = word(a + b + counter);
    counter = word(counter + 1n);
    a = b ^ (b >> 9n);
    b = word(c + (c << 3n));
    c = word(((c << 21n) | (c >> 11n)) + sum);
    yield Number(sum) / 2 ** 32;
  }
}

describe('the stream', () => {
  test('is that of sfc32 after twelve rounds, for any seed', () => {
    for (const seed of [0, 1, -7, 123456789, 2 ** 31, 4_294_967_295]) {
      const expected = sfc32(seed);
      for (let skipped = 0; skipped < 12; skipped += 1) expected.next();
      const random = createRandom(seed);
      for (let draw = 0; draw < 200; draw += 1)
        assert.equal(random(), expected.next().value, `seed ${seed}, draw ${draw}`);
    }
  });

  test('is even over [0, 1)', () => {
    const random = createRandom(3);
    const counts = new Array<number>(20).fill(0);
    for (let draw = 0; draw < 20_000; draw += 1) counts[Math.floor(20 * random())]! += 1;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    assert.ok(chiSquare < 43.8, `${chiSquare}`); // 99.9 % point of 19 degrees
  });
});

test('normal draws have the moments of a normal', () => {
  const random = createRandom(4);
  const draws = Array.from({ length: 20_000 }, () => normal(random));
  const moment = (power: number) => draws.reduce((sum, value) => sum + value ** power, 0) / draws.length;
  // Standard errors: .0071, .01, .027 and .069.
  for (const [power, expected, error] of [
    [1, 0, 0.0071],
    [2, 1, 0.01],
    [3, 0, 0.0274],
    [4, 3, 0.0693],
  ] as const) {
    assert.ok(Math.abs(moment(power) - expected) < 4 * error, `moment ${power}: ${moment(power)}`);
  }
});

test('one of some values is picked by where the draw falls, and the largest draw picks the last', () => {
  assert.equal(
    pick(['a', 'b', 'c'], () => 0),
    'a',
  );
  assert.equal(
    pick(['a', 'b', 'c'], () => 0.34),
    'b',
  );
  assert.equal(
    pick(['a', 'b', 'c'], () => 1 - 2 ** -32),
    'c',
  );
});
