import assert from 'node:assert/strict';
import { test } from 'node:test';
import { studentTCdf } from '../../core/stats/studentT.ts';
import { answerRisk } from '../../estimator/answers/risk.ts';
import { forecastWindow } from '../../estimator/answers/forecast.ts';
import type { Risk } from '../../estimator/schemas/risk.ts';
import { serveSeries } from './helpers/servedSeries.ts';
import { createTestApp, TEST_SERIES } from './helpers/testApp.ts';

test('the risk of a day is the tail of the distribution that is forecast for it', () => {
  const served = serveSeries(TEST_SERIES);
  for (const horizon of [1, 5, 20]) {
    const { risk, naive } = answerRisk(served, horizon);
    const { mean, spread, dof } = forecastWindow(served, TEST_SERIES, horizon)[horizon - 1]!.distribution;
    for (const { level, valueAtRisk, expectedShortfall, value } of risk) {
      assert.ok(Math.abs(studentTCdf((valueAtRisk - mean) / spread, dof) / level - 1) < 1e-6);
      assert.ok(expectedShortfall < valueAtRisk);
      assert.ok(Math.abs(Math.log(value / naive) - valueAtRisk) < 1e-12);
    }
  }
});

test('it is asked for by symbol and horizon, one day when nothing is said, and refused in a sentence else', async (t) => {
  const { app, series } = await createTestApp(t);
  const answer = (await app.inject('/models/CALM/risk')).json<Risk>();
  assert.deepEqual([answer.symbol, answer.horizon, answer.asOf], ['CALM', 1, series.days.at(-1)]);
  assert.deepEqual(
    answer.risk.map(({ level }) => level),
    [0.01, 0.025, 0.05],
  );
  const week = (await app.inject('/models/CALM/risk?horizon=5')).json<Risk>();
  week.risk.forEach(({ valueAtRisk }, i) => {
    assert.ok(valueAtRisk < answer.risk[i]!.valueAtRisk);
  });
  for (const [url, status] of [
    ['/models/CALM/risk?horizon=61', 400],
    ['/models/CALM/risk?horizon=x', 400],
    ['/models/NOPE/risk', 404],
  ] as const)
    assert.equal((await app.inject(url)).statusCode, status, url);
});
