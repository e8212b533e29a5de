import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bandWidth, startBand, tailBand, updateBand, type BandState } from '../../../core/forecast/band.ts';
import { studentTCdf } from '../../../core/stats/studentT.ts';
import { createRandom, normal } from '../../../core/random.ts';

const scores = Array.from({ length: 99 }, (_, i) => i + 1);

/** Feeds |N(0, deviation)| scores for `days` days and returns the state and the share covered. */
function run(state: BandState, days: number, deviation: (day: number) => number, seed: number) {
  const random = createRandom(seed);
  let covered = 0;
  for (let day = 0; day < days; day += 1) {
    const score = Math.abs(normal(random)) * deviation(day);
    const inside = score <= bandWidth(state, 1);
    if (inside) covered += 1;
    state = updateBand(state, { horizon: 1, score, covered: inside });
  }
  return { state, coverage: covered / days };
}

describe('adaptive conformal band', () => {
  it('starts at the conformal quantile: a new score is inside in at least the nominal share of its n + 1 places', () => {
    for (let n = 1; n <= 500; n += 1) {
      const ranks = Array.from({ length: n }, (_, i) => i + 1);
      for (const level of [0.5, 0.9, 0.95]) {
        // The width is one of the scores, so it tells its own rank; below it lie that many of the n + 1 equally likely places.
        const rank = bandWidth(startBand([ranks.toReversed()], level), 1);
        if (rank < n) assert.ok(rank / (n + 1) >= level - 1e-12, `${n} scores at ${level}: rank ${rank}`);
        assert.ok((rank - 1) / (n + 1) < level, `${n} scores at ${level}: rank ${rank} is wider than it need be`);
      }
    }
    assert.equal(bandWidth(startBand([[3, 1]]), 1), 3, 'too few scores for the level: the largest');
    assert.equal(bandWidth(startBand([[]]), 1), Infinity);
  });

  it('starts from the last 500 scores and asks for the nominal level', () => {
    const band = startBand([Array.from({ length: 520 }, (_, i) => i), [7]], 0.8);
    assert.equal(band.level, 0.8);
    assert.deepEqual(
      band.horizons.map(({ missRate, scores: kept }) => [missRate, kept!.length, kept![0]]),
      [
        [1 - 0.8, 500, 20],
        [1 - 0.8, 1, 7],
      ],
    );
    assert.equal(startBand([[1]]).level, 0.9);
  });

  it('widens after a miss and narrows after a hit, of its own horizon only', () => {
    const state = startBand([scores, scores]);
    const missed = updateBand(state, { horizon: 2, score: 120, covered: false });
    assert.ok(bandWidth(missed, 2) > bandWidth(state, 2));
    assert.deepEqual(missed.horizons[0], state.horizons[0]);
    const hit = updateBand(state, { horizon: 2, score: 1, covered: true });
    assert.ok(hit.horizons[1]!.missRate > state.horizons[1]!.missRate);
    assert.equal(state.horizons[1]!.scores!.length, 99, 'the old state is left as it was');
  });

  it('moves the asked miss rate by a fiftieth of what the outcome was off, within .005 and .4', () => {
    const state = startBand([scores, scores]);
    const rateAfter = (from: BandState, covered: boolean, rate?: number) =>
      updateBand(from, { horizon: 1, score: 1, covered }, rate).horizons[0]!.missRate;
    const near = (actual: number, expected: number) => {
      assert.ok(Math.abs(actual - expected) < 1e-15, `${actual} is not ${expected}`);
    };
    near(rateAfter(state, true), 0.1 + 0.02 * 0.1);
    near(rateAfter(state, false), 0.1 + 0.02 * (0.1 - 1));
    near(rateAfter(state, false, 0.1), 0.1 + 0.1 * (0.1 - 1));
    const at = (missRate: number): BandState => ({ level: 0.9, horizons: [{ missRate, scores }] });
    assert.equal(rateAfter(at(0.01), false), 0.005);
    assert.equal(rateAfter(at(0.3995), true), 0.4);
    near(rateAfter(at(0.02), true), 0.022);
  });

  it('remembers the newest 500 scores of a horizon it knows and nothing of another', () => {
    const full = startBand([Array.from({ length: 500 }, (_, i) => i)]);
    const kept = updateBand(full, { horizon: 1, score: 9999, covered: false });
    assert.deepEqual(
      [kept.horizons[0]!.scores!.length, kept.horizons[0]!.scores![0], kept.horizons[0]!.scores!.at(-1)],
      [500, 1, 9999],
    );
    assert.equal(kept.level, 0.9);
    for (const horizon of [0, 2]) assert.deepEqual(updateBand(full, { horizon, score: 1, covered: true }), full);
    assert.equal(bandWidth(full, 2), Infinity, 'an unknown horizon has no bound');
  });

  it('is the next score outwards at each rate of missing', () => {
    const width = (missRate: number) =>
      bandWidth({ level: 0.9, horizons: [{ missRate, scores: [5, 1, 4, 2, 3, 9, 7, 8, 6] }] }, 1);
    // Nine scores make ten places: at a rate of .35 the rank is ceil(6.5) = 7.
    assert.deepEqual([0.1, 0.35, 0.4, 0.05].map(width), [9, 7, 6, 9]);
  });

  it('keeps nominal coverage when the spread is suddenly 1.5 times too narrow', () => {
    const state = startBand([Array.from({ length: 250 }, (_, i) => Math.abs(Math.sin(i)) * 1.9)]);
    const { coverage } = run(state, 750, () => 1.5, 5);
    assert.ok(coverage > 0.88 && coverage < 0.92, `coverage ${coverage}`);
  });

  it('never asks for an impossible quantile, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 1e6, noNaN: true }), fc.boolean())), (outcomes) => {
        let state = startBand([scores]);
        for (const [score, covered] of outcomes) state = updateBand(state, { horizon: 1, score, covered });
        const { missRate, scores: kept } = state.horizons[0]!;
        assert.ok(missRate > 0 && missRate < 0.5);
        assert.ok(kept!.length <= 500);
        assert.ok(Number.isFinite(bandWidth(state, 1)));
      }),
    );
  });

  it('does not learn from an outcome that is no number', () => {
    const state = startBand([scores]);
    assert.equal(updateBand(state, { horizon: 1, score: Number.NaN, covered: false }), state);
  });
});

describe('band by the tail of the forecast', () => {
  it('holds exactly the nominal share of its own distribution', () => {
    const state = tailBand(2);
    for (const dof of [2.2, 4, 30, Infinity])
      for (const horizon of [1, 2]) {
        const width = bandWidth(state, horizon, dof);
        assert.ok(Math.abs(1 - 2 * studentTCdf(-width, dof) - 0.9) < 1e-9, `${dof} degrees, ${horizon} days`);
      }
  });

  it('moves its level by .005 a miss and remembers no score', () => {
    const missed = updateBand(tailBand(2), { horizon: 1, score: 9, covered: false });
    assert.deepEqual(
      missed.horizons.map(({ missRate, scores: kept }) => [missRate.toFixed(12), kept]),
      [
        [(0.1 - 0.005 * 0.9).toFixed(12), null],
        [(0.1).toFixed(12), null],
      ],
    );
    assert.ok(bandWidth(missed, 1, 5) > bandWidth(tailBand(2), 1, 5));
  });
});
