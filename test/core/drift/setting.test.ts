import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_DRIFT_SETTING,
  MINIMUM_CURRENT,
  MINIMUM_REFERENCE,
  parseDriftSetting,
  SINGLE_CHECK_SETTING,
  type DriftSetting,
} from '../../../core/drift/setting.ts';

const every = (everyDays: number): Partial<DriftSetting> => ({ rule: { kind: 'false-alarms', everyDays } });
const level = (share: number): Partial<DriftSetting> => ({ rule: { kind: 'level', level: share } });

test('the defaults are those that the published false alarms and delays were measured with', () => {
  assert.deepEqual(DEFAULT_DRIFT_SETTING, {
    rule: { kind: 'false-alarms', everyDays: 252 },
    windowDays: 60,
    referenceDays: 1000,
  });
  assert.deepEqual(SINGLE_CHECK_SETTING, { ...DEFAULT_DRIFT_SETTING, rule: { kind: 'level', level: 0.05 } });
  assert.deepEqual([MINIMUM_CURRENT, MINIMUM_REFERENCE], [30, 250]);
});

test('settings up to their bounds are taken as they are', () => {
  for (const change of [
    every(20),
    every(5040),
    level(1e-6),
    level(0.499),
    { windowDays: 30 },
    { windowDays: 500 },
    { referenceDays: 250 },
    { referenceDays: 10_000 },
  ]) {
    const setting = { ...DEFAULT_DRIFT_SETTING, ...change };
    assert.equal(parseDriftSetting(setting), setting);
  }
});

test('beyond them they are refused, with the value and what was expected', () => {
  const cases: [Partial<DriftSetting>, string][] = [
    [every(19), "The drift check's false alarms every is 19; expected 20 to 5040 trading days."],
    [every(5041), "The drift check's false alarms every is 5041; expected 20 to 5040 trading days."],
    [every(Number.NaN), "The drift check's false alarms every is NaN; expected 20 to 5040 trading days."],
    [level(0), "The drift check's level is 0; expected a number above 0 and below 0.5."],
    [level(0.5), "The drift check's level is 0.5; expected a number above 0 and below 0.5."],
    [{ windowDays: 29 }, "The drift check's window is 29; expected a whole number of days from 30 to 500."],
    [{ windowDays: 501 }, "The drift check's window is 501; expected a whole number of days from 30 to 500."],
    [{ windowDays: 60.5 }, "The drift check's window is 60.5; expected a whole number of days from 30 to 500."],
    [{ referenceDays: 249 }, "The drift check's reference is 249; expected a whole number of days from 250 to 10000."],
    [
      { referenceDays: 10_001 },
      "The drift check's reference is 10001; expected a whole number of days from 250 to 10000.",
    ],
    [
      { referenceDays: 999.5 },
      "The drift check's reference is 999.5; expected a whole number of days from 250 to 10000.",
    ],
    [
      { windowDays: 300, referenceDays: 299 },
      "The drift check's window is 300; expected at most the 299 days of its reference.",
    ],
  ];
  for (const [change, message] of cases) {
    assert.throws(() => parseDriftSetting({ ...DEFAULT_DRIFT_SETTING, ...change }), {
      code: 'INVALID_CONFIG',
      message,
    });
  }
});
