import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureQuality } from '../../../core/forecast/quality.ts';
import { scoreForecast, type DayScore } from '../../../core/forecast/score.ts';
import { drawReplays } from '../../../core/replay/picture.ts';
import type { Policy } from '../../../core/replay/policy.ts';
import type { Replay, ReplayedRetrain } from '../../../core/replay/replay.ts';
import { replayCsv, summariseReplays } from '../../../core/replay/summary.ts';
import { addDays, parseDay, type TradingDay } from '../../../core/series/day.ts';

const FIRST = parseDay('2023-11-02');
const days = Array.from({ length: 120 }, (_, i) => addDays(FIRST, i)); // 60 days of 2023, 60 of 2024

/** Forecasts as wide as `spread` of days that move by 1 % up and down in turn. */
function scored(spread: number, of: readonly TradingDay[] = days): DayScore[] {
  return of.map((day, i) =>
    scoreForecast({
      day,
      actual: i % 2 === 0 ? 101 : 99,
      forecast: {
        horizon: 1,
        prediction: 100,
        lower: 95,
        upper: 100.5,
        level: 0.9,
        naive: 100,
        distribution: { mean: 0, spread, dof: 5 },
      },
      naiveDistribution: { mean: 0, spread: 0.02, dof: Infinity },
      transform: 'log-return',
    }),
  );
}

const retrain = (day: TradingDay, verdict: 'promote' | 'keep', reason: ReplayedRetrain['reason'] = 'stale') =>
  ({ day, reason, verdict, sentence: '', seconds: 1.5 }) satisfies ReplayedRetrain;
const replayOf = (policy: Policy, scores: readonly DayScore[], retrains: readonly ReplayedRetrain[] = []): Replay => ({
  policy,
  scores,
  retrains: [retrain(days[0]!, 'promote', 'no-champion'), ...retrains],
});

const never = replayOf('never', scored(0.03));
const monthly = replayOf('monthly', scored(0.01), [
  retrain(days[10]!, 'promote'),
  retrain(days[30]!, 'keep'),
  retrain(days[70]!, 'promote'),
  retrain(days[90]!, 'promote'),
]);

describe('summary of replays', () => {
  const rows = summariseReplays([never, monthly]);
  const row = (policy: Policy, year: string) => rows.find((each) => each.policy === policy && each.year === year)!;

  it('has a row for the whole and one a year, policies as given', () => {
    assert.deepEqual(
      rows.map(({ policy, year, days: count }) => [policy, year, count]),
      [
        ['never', 'all', 120],
        ['never', '2023', 60],
        ['never', '2024', 60],
        ['monthly', 'all', 120],
        ['monthly', '2023', 60],
        ['monthly', '2024', 60],
      ],
    );
  });

  it('counts trainings after the first, those promoted, and what they took, each in its year', () => {
    const costs = (policy: Policy, year: string) => {
      const { retrains, promotions, seconds } = row(policy, year);
      return [retrains, promotions, seconds];
    };
    assert.deepEqual(costs('monthly', 'all'), [4, 3, 6]);
    assert.deepEqual(costs('monthly', '2023'), [2, 1, 3]);
    assert.deepEqual(costs('monthly', '2024'), [2, 2, 3]);
    assert.deepEqual(costs('never', 'all'), [0, 0, 0]);
  });

  it('sets quality beside that of the policy that never retrains, on the same days', () => {
    const quality = measureQuality(monthly.scores);
    const { crpsToNever, crpsRatio, mseRatio, coverage } = row('monthly', 'all');
    assert.deepEqual([crpsRatio, mseRatio, coverage], [quality.crpsRatio, quality.mseRatio, 0.5]);
    assert.equal(crpsToNever, quality.crps / measureQuality(never.scores).crps);
    assert.equal(row('never', '2024').crpsToNever, 1);
    assert.ok(crpsToNever! < 1);
  });

  it('compares with nothing where those days were not replayed', () => {
    assert.equal(summariseReplays([monthly])[0]!.crpsToNever, null);
    const late = replayOf('never', scored(0.03, days.slice(1)));
    const [whole, first, second] = summariseReplays([monthly, late]);
    assert.deepEqual([whole!.crpsToNever, first!.crpsToNever], [null, null]);
    assert.notEqual(second!.crpsToNever, null, '2024 is there in full');
  });

  it('is written as CSV with its names, unrounded, and nothing for what is not known', () => {
    const [header, first, ...others] = replayCsv(summariseReplays([monthly])).split('\n');
    assert.equal(header, 'policy,year,days,retrains,promotions,seconds,mseRatio,crpsRatio,crpsToNever,coverage');
    const { mseRatio, crpsRatio } = measureQuality(monthly.scores);
    assert.equal(first, `monthly,all,120,4,3,6,${mseRatio},${crpsRatio},,0.5`);
    assert.equal(others.at(-1), '');
    assert.equal(others.length, 3);
  });
});

describe('picture of replays', () => {
  const picture = drawReplays([never, monthly], 'GSPC <&> 2023');
  const numbers = (text: string) => text.split(/[ ,]/).map(Number);
  const lines = [...picture.matchAll(/<polyline points="([^"]+)" fill="none" stroke="([^"]+)"/g)].map(
    ([, points, colour]) => ({
      colour,
      points: points!.split(' ').map(numbers),
    }),
  );

  it('is one SVG with the title in it, made safe', () => {
    assert.match(picture, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 960 420"[^>]*>\n/);
    assert.ok(picture.endsWith('</svg>\n'));
    assert.match(picture, /<text x="64\.0" y="20\.0" text-anchor="start" fill="#333">GSPC &lt;&amp;> 2023<\/text>/);
  });

  it('has a line a policy in a colour of its own, after the first quarter, to the right edge', () => {
    assert.deepEqual(
      lines.map(({ colour }) => colour),
      ['#000000', '#56b4e9'],
    );
    for (const { points } of lines) {
      assert.equal(points.length, 60);
      const xs = points.map(([x]) => x!);
      assert.ok(Math.abs(xs[0]! - (64 + (786 * 60) / 119)) < 0.06 && Math.abs(xs.at(-1)! - 850) < 0.06);
      assert.ok(xs.every((x, i) => i === 0 || x > xs[i - 1]!));
    }
  });

  it('draws the part of the CRPS of naive that was saved, more of it higher up, on a scale that is written beside it', () => {
    const saved = (replay: Replay) => {
      const sum = (value: (score: DayScore) => number) =>
        replay.scores.reduce((total, each) => total + value(each) / each.volatility, 0);
      return 100 * (1 - sum((each) => each.crps) / sum((each) => each.naiveCrps));
    };
    const grid = [...picture.matchAll(/y1="([\d.]+)" y2="\1"[^>]*\/><text[^>]*>(-?[\d.]+) %</g)].map(([, y, value]) => [
      Number(y),
      Number(value),
    ]);
    assert.equal(grid.length, 3);
    assert.deepEqual([grid[0]![0], grid[2]![0]], [380, 36], 'the lowest value lies at the bottom');
    const [low, high] = [grid[0]!, grid[2]!];
    const place = (value: number) => low[0]! + ((high[0]! - low[0]!) * (value - low[1]!)) / (high[1]! - low[1]!);
    [never, monthly].forEach((replay, i) => {
      // The scale is written to a tenth of a per cent.
      const y = lines[i]!.points.at(-1)![1]!;
      assert.ok(
        Math.abs(y - place(saved(replay))) < (344 / (high[1]! - low[1]!)) * 0.11 + 0.1,
        `${replay.policy}: ${y}`,
      );
    });
    assert.ok(Math.abs(grid[1]![1]! - (low[1]! + high[1]!) / 2) <= 0.1);
  });

  it('marks promotions with a dot on the line, and the years where they begin', () => {
    const dots = [...picture.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="3" fill="#56b4e9"\/>/g)];
    assert.deepEqual(
      dots.map(([, x, y]) => [Number(x), Number(y)]),
      [70, 90].map((day) => lines[1]!.points[day - 60]),
      'of those after the first quarter',
    );
    assert.ok(!picture.includes('fill="#000000"/>'), 'the policy that never retrains has none');
    const [year] = [...picture.matchAll(/<text x="([\d.]+)" y="404\.0" text-anchor="middle" fill="#333">(\d{4})</g)];
    assert.equal(year![2], '2024');
    assert.ok(Math.abs(Number(year![1]) - (64 + (786 * 60) / 119)) < 0.06);
  });

  it('names each line at its end, no name over another', () => {
    const close = drawReplays([never, { ...never, policy: 'stale' }, { ...never, policy: 'decay' }], '');
    const labels = [...close.matchAll(/<text x="858\.0" y="([\d.]+)"[^>]*>(never|stale|decay)</g)].map(
      ([, y, name]) => [name, Number(y)],
    );
    assert.deepEqual(
      labels.map(([name]) => name),
      ['never', 'stale', 'decay'],
    );
    const heights = labels.map(([, y]) => Number(y));
    assert.deepEqual(
      heights.slice(1).map((y, i) => Math.round(10 * (y - heights[i]!)) / 10),
      [14, 14],
    );
    const end = lines[0]!.points.at(-1)![1]!;
    const [own] = [...picture.matchAll(/<text x="858\.0" y="([\d.]+)"[^>]*>never</g)];
    assert.ok(Math.abs(Number(own![1]) - (end + 4)) < 0.11);
  });

  it('says so where there is too little to draw', () => {
    const short = replayOf('never', scored(0.03, days.slice(0, 60)));
    assert.match(drawReplays([short], 'GSPC'), /GSPC: too few days to draw/);
    assert.match(drawReplays([], 'GSPC'), /too few days to draw/);
    assert.ok(!drawReplays([replayOf('never', scored(0.03, days.slice(0, 61)))], 'GSPC').includes('too few'));
  });
});
