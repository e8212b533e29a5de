import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SERIES_SETTINGS } from '../../core/settings/seriesSettings.ts';
import { type SeriesSymbol, parseSymbol } from '../../core/series/symbol.ts';
import type { Client } from '../../db/connection/client.ts';
import { listEvents } from '../../db/tables/events.ts';
import { findSeries } from '../../db/tables/series.ts';
import { silentLog } from '../../lab/silentLog.ts';
import { withDatabase } from '../../lab/database.ts';
import { changeSetting, type SettingChange } from '../../shepherd/changeSetting.ts';
import { storeSeries } from '../helpers/records.ts';

const common = DEFAULT_SERIES_SETTINGS;
const change = (given: Partial<SettingChange>): SettingChange => ({
  symbol: parseSymbol('X'),
  name: 'STALE_AFTER_DAYS',
  value: '30',
  reason: 'quarterly reports',
  ...given,
});
const settingsOf = async (client: Client, symbol: SeriesSymbol): Promise<unknown> =>
  (await findSeries(client, symbol))?.settings;

test('a setting of one series is changed and unset, each with its reason as an event', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  await storeSeries(db, parseSymbol('Y'));
  const set = await changeSetting(db, common, change({}), silentLog);
  assert.deepEqual(set, { ...change({}), before: '60', after: '30' });
  await changeSetting(db, common, change({ name: 'GATE_POLICY', value: 'not-worse' }), silentLog);
  assert.deepEqual(await settingsOf(db, parseSymbol('X')), { STALE_AFTER_DAYS: '30', GATE_POLICY: 'not-worse' });
  assert.deepEqual(await settingsOf(db, parseSymbol('Y')), {});

  const unset = await changeSetting(db, common, change({ value: null, reason: 'as the others' }), silentLog);
  assert.deepEqual([unset.before, unset.after], ['30', '60']);
  assert.deepEqual(await settingsOf(db, parseSymbol('X')), { GATE_POLICY: 'not-worse' });
  const told = await listEvents(db, { symbol: parseSymbol('X'), limit: 9 });
  assert.deepEqual(told.map(({ kind, payload, sentence }) => [kind, payload, sentence]).reverse(), [
    [
      'settings:changed',
      { name: 'STALE_AFTER_DAYS', value: '30', before: '60', after: '30', words: 'quarterly reports' },
      'STALE_AFTER_DAYS of X is 30 (before: 60): quarterly reports',
    ],
    [
      'settings:changed',
      { name: 'GATE_POLICY', value: 'not-worse', before: 'superior', after: 'not-worse', words: 'quarterly reports' },
      'GATE_POLICY of X is not-worse (before: superior): quarterly reports',
    ],
    [
      'settings:changed',
      { name: 'STALE_AFTER_DAYS', value: null, before: '30', after: '60', words: 'as the others' },
      'STALE_AFTER_DAYS of X goes by the environment again: 60 (before: 30): as the others',
    ],
  ]);
});

test('what is out of range, contradicts another or is of no series changes nothing and tells nothing', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  for (const [given, code, message] of [
    [{ value: '0' }, 'INVALID_CONFIG', /^STALE_AFTER_DAYS of X is "0"; expected a whole number from 1 to 5000\.$/],
    [{ value: '19' }, 'INVALID_CONFIG', /^COOLDOWN_DAYS of X is 20 and STALE_AFTER_DAYS 19; /],
    [{ symbol: parseSymbol('Z') }, 'UNKNOWN_SYMBOL', /^There is no series Z; known: X/],
  ] as const) {
    await assert.rejects(changeSetting(db, common, change(given), silentLog), { code, message });
  }
  assert.deepEqual(await settingsOf(db, parseSymbol('X')), {});
  assert.deepEqual(await listEvents(db, { limit: 1 }), []);
});

test('two changes at once are both kept', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  await Promise.all([
    changeSetting(db, common, change({}), silentLog),
    changeSetting(db, common, change({ name: 'RETRAIN_BUDGET', value: '3' }), silentLog),
    changeSetting(db, common, change({ name: 'GATE_LEVEL', value: '0.1' }), silentLog),
  ]);
  assert.deepEqual(await settingsOf(db, parseSymbol('X')), {
    STALE_AFTER_DAYS: '30',
    RETRAIN_BUDGET: '3',
    GATE_LEVEL: '0.1',
  });
});
