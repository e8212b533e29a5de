import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { DEFAULT_DECISION_SETTINGS, DEFAULT_GATE_SETTINGS } from '../../../core/decide/settings.ts';
import { DEFAULT_DRIFT_SETTING } from '../../../core/drift/setting.ts';
import { train } from '../../../core/model/training/train.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { drawReplays } from '../../../core/replay/picture.ts';
import type { Policy } from '../../../core/replay/policy.ts';
import { replayPolicy, type Replay } from '../../../core/replay/replay.ts';
import { replayCsv, summariseReplays } from '../../../core/replay/summary.ts';
import { openWorkshop } from '../../../core/replay/workshop.ts';
import type { Series } from '../../../core/series/price.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const FROM = 700;
const TO = 860;
/** The world turns three times as wild on day 760. */
const series = simulateSeries({ length: 900, seed: 62, volatility: (i) => (i < 760 ? 0.008 : 0.024) });

function replay(policy: Policy, data: Series = series, workshop = workshopFor(), to = TO): Promise<Replay> {
  return replayPolicy({
    symbol: 'SIM',
    series: data,
    from: FROM,
    to,
    policy,
    workshop,
    decision: DEFAULT_DECISION_SETTINGS,
    gate: DEFAULT_GATE_SETTINGS,
    drift: DEFAULT_DRIFT_SETTING,
  });
}

function workshopFor() {
  return openWorkshop({
    symbol: 'SIM',
    spec: { ...DEFAULT_SPEC, units: [4], maxEpochs: 1 },
    historyDays: 2500,
    train: (request) => Promise.resolve({ result: train(request), seconds: 1 }),
  });
}

describe('replay', () => {
  let never: Replay;
  let monthly: Replay;
  let drift: Replay;
  const workshop = workshopFor();
  before(async () => {
    [never, monthly, drift] = await Promise.all([
      replay('never', series, workshop),
      replay('monthly', series, workshop),
      replay('drift', series, workshop),
    ]);
  });

  it('trains a first model on the first day and scores every day after it, once', () => {
    assert.deepEqual(
      never.retrains.map(({ day, reason }) => [day, reason]),
      [[series.days[FROM], 'no-champion']],
    );
    for (const { scores } of [never, monthly, drift]) {
      assert.deepEqual(
        scores.map(({ day }) => day),
        series.days.slice(FROM + 1, TO),
      );
    }
  });

  it('retrains by the calendar every twenty days', () => {
    const days = monthly.retrains.map(({ day }) => series.days.indexOf(day) - FROM);
    assert.deepEqual(days, [0, 20, 40, 60, 80, 100, 120, 140]);
  });

  it('retrains on drift after the world has changed and not before', () => {
    const days = drift.retrains.slice(1).map(({ day }) => series.days.indexOf(day));
    assert.ok(days.length >= 1, 'no alarm');
    assert.ok(days.every((day) => day > 760));
    assert.ok(drift.retrains.slice(1).every(({ reason }) => reason === 'drifted'));
  });

  it('trains once what two policies share', () => {
    const together = workshop.trainings();
    const arms = 3 * 1 + 2 * (monthly.retrains.length + drift.retrains.length - 2);
    assert.ok(together <= arms - 2, `${together} trainings for ${arms} arms`);
  });

  it('decides and forecasts on a day from the closes up to that day alone', async () => {
    const altered = { ...series, closes: series.closes.map((close, i) => (i < 800 ? close : 3 * close)) };
    const day = series.days[799]!;
    const past = (policy: Policy, data: Series) => replay(policy, data, workshopFor(), 810);
    const until = ({ retrains, scores }: Replay) => ({
      retrains: retrains.filter((each) => each.day <= day),
      scores: scores.filter((each) => each.day <= day),
    });
    for (const policy of ['stale', 'drift', 'decay'] as const) {
      assert.deepEqual(until(await past(policy, altered)), until(await past(policy, series)));
    }
  });

  it('is summed up by policy and year, as CSV and as a picture', () => {
    const rows = summariseReplays([never, monthly]);
    assert.deepEqual(
      rows.map(({ policy, year }) => `${policy} ${year}`),
      ['never all', 'never 2001', 'never 2002', 'monthly all', 'monthly 2001', 'monthly 2002'],
    );
    assert.equal(rows[0]!.crpsToNever, 1);
    assert.equal(rows[3]!.retrains, 7);
    assert.equal(rows[3]!.seconds, 14);
    assert.equal(rows[3]!.days, rows[4]!.days + rows[5]!.days);
    const csv = replayCsv(rows).trimEnd().split('\n');
    assert.equal(csv.length, 7);
    assert.ok(csv.every((line) => line.split(',').length === 10));
    const picture = drawReplays([never, monthly], 'a < b & c');
    assert.match(picture, /^<svg /);
    assert.ok(picture.includes('a &lt; b &amp; c'));
    assert.equal(picture.match(/<polyline/g)?.length, 2);
    assert.ok(!picture.includes('NaN'));
  });
});
