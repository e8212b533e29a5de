import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fma32 } from '../../../../core/model/kernel/fma.ts';
import { loadModule } from '../../../../core/model/kernel/modules.ts';
import { createSimdKernel } from '../../../../core/model/kernel/simd.ts';
import { createRandom } from '../../../../core/random.ts';

const bits = new Uint32Array(1);
const single = new Float32Array(bits.buffer);
const ofBits = (word: number): number => {
  bits[0] = word;
  return single[0]!; // one number
};

/** a finite float32 as an integer multiple of 2⁻¹⁴⁹. */
function units(x: number): bigint {
  single[0] = x;
  const word = bits[0]!; // one number
  const exponent = (word >>> 23) & 0xff;
  const mantissa = BigInt((word & 0x7fffff) | (exponent > 0 ? 0x800000 : 0));
  const magnitude = mantissa << BigInt(Math.max(0, exponent - 1));
  return word >>> 31 === 1 ? -magnitude : magnitude;
}

/** a · b + c by whole numbers alone, rounded once to nearest, ties to even. */
function exactly(a: number, b: number, c: number): number {
  const sum = units(a) * units(b) + (units(c) << 149n); // in 2⁻²⁹⁸
  if (sum === 0n) return Math.fround(a * b) + c; // the sign of a zero is that of the plain operations
  const magnitude = sum < 0n ? -sum : sum;
  const length = magnitude.toString(2).length;
  const dropped = BigInt(Math.max(length - 24, 149)); // bits below the last place of the result
  const half = 1n << (dropped - 1n);
  const rest = magnitude & ((1n << dropped) - 1n);
  let kept = magnitude >> dropped;
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept += 1n;
  // `kept` has at most 25 bits, so this is exact, or overflows as it should.
  const value = Number(kept) * 2 ** (Number(dropped) - 298);
  return Math.fround(sum < 0n ? -value : value);
}

/** Where rounding twice goes wrong, numbers end, and signs differ: each of these with each other in each place. */
const edges = [
  0,
  1,
  1 + 2 ** -23,
  1 + 2 ** -12,
  1 - 2 ** -24,
  1.5,
  3,
  2 ** -149,
  2 ** -148,
  3 * 2 ** -149,
  2 ** -126,
  2 ** -126 - 2 ** -149,
  2 ** -126 + 2 ** -149,
  2 ** -127,
  2 ** -75,
  2 ** -74 * (1 + 2 ** -23),
  2 ** -63,
  2 ** 64,
  2 ** 64 * (1 - 2 ** -24),
  2 ** 127,
  2 ** 128 - 2 ** 104,
  2 ** 104,
  2 ** 103,
  2 ** 24,
  2 ** 24 - 1,
  2 ** 23 + 1,
  2 ** -24,
  2 ** -25 * (1 + 2 ** -23),
  0.1,
  1 / 3,
].flatMap((x) => [Math.fround(x), -Math.fround(x)]);

function* cases(): Generator<[number, number, number]> {
  for (const a of edges) for (const b of edges) for (const c of edges) yield [a, b, c];
  const random = createRandom(1);
  const word = (): number => Math.floor(random() * 2 ** 32);
  const finite = (): number => ofBits(word() & 0xff7fffff); // never the exponent of infinities
  const like = (size: number): number => ofBits((word() & 0x807fffff) | (size << 23));
  for (let k = 0; k < 60_000; k += 1) {
    yield [finite(), finite(), finite()]; // any bits
    const [p, q] = [64 + Math.floor(random() * 120), 64 + Math.floor(random() * 120)];
    const near = Math.max(0, Math.min(254, p + q - 127 + Math.floor(random() * 60) - 30));
    yield [like(p), like(q), like(near)]; // product and sum of like size
    const [a, b] = [like(p), like(q)];
    yield [a, b, -Math.fround(a * b)]; // all but the product's low bits cancel
    // c half a place from a float, and a product that is smaller than a double can add to it: a tie, but for that.
    const small = 2 ** -Math.floor(40 + random() * 60);
    yield [(1 + 2 ** -23) * small, 1 - 2 ** -24, 1 + 2 * Math.floor(random() * 4) * 2 ** -23];
    yield [
      (2 ** 24 + 1 + 2 * Math.floor(random() * 2 ** 22)) / 2 ** 12,
      2 ** 12 * ofBits(0x3f800000 | (word() & 1)),
      small * finite(),
    ];
  }
}

const kernels = [
  ['plain', fma32],
  ...(['wasm-simd', 'wasm-fma'] as const).map((backend) => {
    const kernel = createSimdKernel(loadModule([backend]));
    assert.ok(kernel, `this machine runs ${backend}`);
    return [backend, kernel.multiplyAdd.bind(kernel)] as const;
  }),
] as const;

for (const [backend, multiplyAdd] of kernels) {
  test(`${backend}: a product and a sum are rounded once, whatever the numbers`, () => {
    for (const [a, b, c] of cases()) {
      const [x, y, z] = [Math.fround(a), Math.fround(b), Math.fround(c)];
      if (![x, y, z].every(Number.isFinite)) continue;
      const actual = multiplyAdd(x, y, z);
      if (!Object.is(actual, exactly(x, y, z)))
        assert.fail(`${x} · ${y} + ${z}: ${actual}, expected ${exactly(x, y, z)}`);
    }
  });

  test(`${backend}: infinities and what is no number come out as IEEE 754 has it`, () => {
    for (const [a, b, c, expected] of [
      [Infinity, 1, 1, Infinity],
      [Infinity, -1, 1, -Infinity],
      [1, 1, -Infinity, -Infinity],
      [Infinity, 0, 1, Number.NaN],
      [Infinity, 1, -Infinity, Number.NaN],
      [Number.NaN, 1, 1, Number.NaN],
    ] as const) {
      assert.ok(Object.is(multiplyAdd(a, b, c), expected), `${a} · ${b} + ${c}`);
    }
  });
}
