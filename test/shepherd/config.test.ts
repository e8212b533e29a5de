import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ShepherdError } from '../../core/errors.ts';
import { DEFAULT_SERIES_SETTINGS } from '../../core/settings/seriesSettings.ts';
import { readConfig } from '../../shepherd/config.ts';

test('without settings the sample plays, its own feed is the clock, and control is off', () => {
  const config = readConfig({});
  assert.equal(config.source, 'sample');
  assert.deepEqual(config.symbols, ['GSPC']);
  assert.equal(config.schedule, undefined);
  assert.equal(config.token, undefined);
  assert.equal(config.host, '127.0.0.1');
});

test('other feeds run on a schedule', () => {
  const config = readConfig({ SOURCE: 'yahoo', SYMBOLS: 'MSFT, PETR4.SA,MSFT', SCHEDULE: '' });
  assert.equal(config.schedule, '15 22 * * *');
  assert.deepEqual(config.symbols, ['MSFT', 'PETR4.SA']);
});

for (const [name, value] of [
  ['SOURCE', 'bloomberg'],
  ['SCHEDULE', 'every day'],
  ['SHEPHERD_PORT', '70000'],
  ['SHEPHERD_TOKEN', 'short'],
  ['SYMBOLS', 'MSFT;DROP TABLE'],
  ['SAMPLE_DAY_SECONDS', 'NaN'],
  ['LOG_FORMAT', 'xml'],
] as const) {
  test(`a wrong ${name} is refused in one sentence that names it`, () => {
    assert.throws(
      () => readConfig({ [name]: value }),
      (error: unknown) =>
        error instanceof ShepherdError && error.code === 'INVALID_CONFIG' && error.message.startsWith(`${name} is `),
    );
  });
}

test('what the environment says holds for every series; what it says nothing of is the default', () => {
  assert.deepEqual(readConfig({}).settings, DEFAULT_SERIES_SETTINGS);
  const { settings } = readConfig({ STALE_AFTER_DAYS: '90', GATE_POLICY: 'not-worse', COOLDOWN_DAYS: '' });
  assert.deepEqual(settings, {
    ...DEFAULT_SERIES_SETTINGS,
    decision: { ...DEFAULT_SERIES_SETTINGS.decision, staleAfterDays: 90 },
    gate: { ...DEFAULT_SERIES_SETTINGS.gate, policy: 'not-worse' },
  });
  assert.throws(() => readConfig({ DRIFT_WINDOW_DAYS: '400', DRIFT_REFERENCE_DAYS: '300' }), {
    code: 'INVALID_CONFIG',
    message: /^DRIFT_WINDOW_DAYS is 400 and DRIFT_REFERENCE_DAYS 300; /,
  });
});
