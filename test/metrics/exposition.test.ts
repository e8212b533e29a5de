import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counter, gauge, histogram, render } from '../../metrics/exposition.ts';

test('gauges and counters are rendered with their meaning, type and labels', async () => {
  const text = await render([
    gauge('drift_detected', 'Has it drifted?', [{ labels: { symbol: 'MSFT' }, value: 1 }]),
    counter('runs_total', 'Runs.', [{ labels: { outcome: 'kept' }, value: 12 }]),
  ]);
  assert.deepEqual(lines(text), [
    '# HELP drift_detected Has it drifted?',
    '# TYPE drift_detected gauge',
    'drift_detected{symbol="MSFT"} 1',
    '# HELP runs_total Runs.',
    '# TYPE runs_total counter',
    'runs_total{outcome="kept"} 12',
  ]);
});

test('a histogram shows each bucket, the sum, and its last bucket as the count', async () => {
  const buckets = [
    { le: 0.1, count: 2 },
    { le: 0.5, count: 5 },
    { le: Number.POSITIVE_INFINITY, count: 6 },
  ];
  const text = await render([histogram('took_seconds', 'Time.', [{ labels: { symbol: 'A' }, buckets, sum: 3.25 }])]);
  assert.deepEqual(lines(text).slice(2), [
    'took_seconds_bucket{symbol="A",le="0.1"} 2',
    'took_seconds_bucket{symbol="A",le="0.5"} 5',
    'took_seconds_bucket{symbol="A",le="+Inf"} 6',
    'took_seconds_sum{symbol="A"} 3.25',
    'took_seconds_count{symbol="A"} 6',
  ]);
});

test('a family without samples still says what it is', async () => {
  const text = await render([gauge('forecast_mse', 'Squared error.', [])]);
  assert.deepEqual(lines(text), ['# HELP forecast_mse Squared error.', '# TYPE forecast_mse gauge']);
});

test('"cannot tell" is NaN, and a label may hold quotes, backslashes and line breaks', async () => {
  const labels = { symbol: 'a"b\\c\nd' };
  const text = await render([gauge('drift_detected', 'Drift.', [{ labels, value: Number.NaN }])]);
  assert.equal(lines(text).at(-1), String.raw`drift_detected{symbol="a\"b\\c\nd"} Nan`);
});

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
