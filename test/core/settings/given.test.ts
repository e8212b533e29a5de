import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDriftSetting } from '../../../core/drift/setting.ts';
import {
  applySettings,
  pickGiven,
  requireSeriesSettingName,
  type GivenSettings,
} from '../../../core/settings/given.ts';
import {
  DEFAULT_SERIES_SETTINGS as defaults,
  SERIES_SETTING_NAMES,
  SERIES_SETTINGS,
  type SeriesSettings,
} from '../../../core/settings/seriesSettings.ts';

/** Every setting with a value that is not its default. */
const OTHER: Required<Omit<GivenSettings, 'DRIFT_LEVEL'>> = {
  STALE_AFTER_DAYS: '30',
  COOLDOWN_DAYS: '5',
  RETRAIN_BUDGET: '4',
  RETRAIN_BUDGET_DAYS: '120',
  DRIFT_WINDOW_DAYS: '90',
  DRIFT_REFERENCE_DAYS: '750',
  DRIFT_ALARM_EVERY_DAYS: '500',
  GATE_POLICY: 'not-worse',
  GATE_LEVEL: '0.1',
  GATE_EVIDENCE_DAYS: '250',
};

test('what was given nowhere is as it was', () => {
  assert.deepEqual(applySettings(defaults, {}), defaults);
});

test('each setting changes what it is named for and nothing else', () => {
  const expected: SeriesSettings = {
    decision: { staleAfterDays: 30, cooldownDays: 5, budgetRetrains: 4, budgetDays: 120 },
    drift: { windowDays: 90, referenceDays: 750, rule: { kind: 'false-alarms', everyDays: 500 } },
    gate: { policy: 'not-worse', level: 0.1, evidenceDays: 250 },
  };
  assert.deepEqual(applySettings(defaults, OTHER), expected);
  for (const [name, value] of Object.entries(OTHER)) {
    const changed = applySettings(defaults, { [name]: value });
    for (const each of SERIES_SETTING_NAMES) {
      const { read } = SERIES_SETTINGS[each];
      assert.equal(read(changed), each === name ? value : read(defaults), `${name} changes ${each}`);
    }
  }
});

test('a level and a run length exclude each other in one place; the nearer place wins', () => {
  const common = applySettings(defaults, { DRIFT_ALARM_EVERY_DAYS: '500' });
  const own = applySettings(common, { DRIFT_LEVEL: '0.02' }, ' of X');
  assert.deepEqual(own.drift.rule, { kind: 'level', level: 0.02 });
  assert.equal(SERIES_SETTINGS.DRIFT_ALARM_EVERY_DAYS.read(own), undefined);
  assert.deepEqual(applySettings(own, { DRIFT_ALARM_EVERY_DAYS: '100' }).drift.rule, {
    kind: 'false-alarms',
    everyDays: 100,
  });
  assert.throws(() => applySettings(defaults, { DRIFT_LEVEL: '0.02', DRIFT_ALARM_EVERY_DAYS: '100' }, ' of X'), {
    code: 'INVALID_CONFIG',
    message: 'DRIFT_ALARM_EVERY_DAYS and DRIFT_LEVEL are both set of X; give one, as it replaces the other.',
  });
});

for (const [name, least, most, below, above] of [
  ['STALE_AFTER_DAYS', '20', '5000', '0', '5001'],
  ['COOLDOWN_DAYS', '0', '60', '-1', '5001'],
  ['RETRAIN_BUDGET', '1', '1000', '0', '1001'],
  ['RETRAIN_BUDGET_DAYS', '1', '5000', '0', '5001'],
  ['DRIFT_WINDOW_DAYS', '30', '500', '29', '501'],
  ['DRIFT_REFERENCE_DAYS', '250', '10000', '249', '10001'],
  ['DRIFT_ALARM_EVERY_DAYS', '20', '5040', '19', '5041'],
  ['DRIFT_LEVEL', '0.0001', '0.49', '0', '0.5'],
  ['GATE_LEVEL', '0.0001', '0.5', '0', '0.51'],
  ['GATE_EVIDENCE_DAYS', '60', '5000', '59', '5001'],
] as const) {
  test(`${name} is taken from ${least} to ${most}, and refused beyond in a sentence that names it, its value and its range`, () => {
    for (const value of [least, most]) parseDriftSetting(applySettings(defaults, { [name]: value }).drift);
    for (const value of [below, above, 'soon', '1e2']) {
      assert.throws(() => applySettings(defaults, { [name]: value }, ' of PETR4.SA'), {
        code: 'INVALID_CONFIG',
        message: `${name} of PETR4.SA is "${value}"; expected ${SERIES_SETTINGS[name].expected}.`,
      });
    }
  });
}

test('values that contradict each other are refused, also when they come from two places', () => {
  assert.throws(() => applySettings(defaults, { DRIFT_WINDOW_DAYS: '300', DRIFT_REFERENCE_DAYS: '250' }), {
    code: 'INVALID_CONFIG',
    message:
      'DRIFT_WINDOW_DAYS is 300 and DRIFT_REFERENCE_DAYS 250; a window is compared with a reference that is at least as long.',
  });
  const common = applySettings(defaults, { STALE_AFTER_DAYS: '25' });
  assert.throws(() => applySettings(common, { COOLDOWN_DAYS: '26' }, ' of X'), {
    code: 'INVALID_CONFIG',
    message:
      'COOLDOWN_DAYS of X is 26 and STALE_AFTER_DAYS 25; a stale champion could not be retrained, so give a cooldown that is at most as long.',
  });
  assert.equal(applySettings(common, { COOLDOWN_DAYS: '25' }).decision.cooldownDays, 25);
});

test('given are the known names with a value', () => {
  assert.deepEqual(pickGiven({ PATH: '/bin', STALE_AFTER_DAYS: ' 30 ', COOLDOWN_DAYS: '', GATE_LEVEL: undefined }), {
    STALE_AFTER_DAYS: '30',
  });
  assert.equal(requireSeriesSettingName('GATE_LEVEL'), 'GATE_LEVEL');
  assert.throws(() => requireSeriesSettingName('toString'), {
    code: 'INVALID_CONFIG',
    message: /^toString is not a setting of a series; these are: STALE_AFTER_DAYS, /,
  });
});
