import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { SeriesSettings } from '../../../core/settings/seriesSettings.ts';
import { findChampion } from '../../../db/tables/champions.ts';
import { listChecks } from '../../../db/tables/checks.ts';
import { listDecisions, type Decision } from '../../../db/tables/decisions.ts';
import { findRun } from '../../../db/tables/runs.ts';
import { saveSeries, saveSettings } from '../../../db/tables/series.ts';
import { claimManualRun } from '../../../shepherd/queue/queue.ts';
import { executeRun } from '../../../shepherd/run/run.ts';
import { DEFAULT_SETTINGS } from '../../helpers/defaultSettings.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../../helpers/shepherdRun.ts';

const settingsOf = (decision: Decision | undefined): unknown => decision?.report['settings'];

test('a run goes by the settings of its series, and keeps them with its check and its decisions', async (t) => {
  const csv = simulatedCsv(760, 3);
  const { context: common, told } = await setUpRun(t, csvFolder(t, { X: csv, Y: csv }), ['X', 'Y']);
  const { decision, gate, drift } = DEFAULT_SETTINGS;
  const context = { ...common, settings: { ...common.settings, gate: { ...gate, level: 0.2 } } };
  const { db } = context;
  await saveSettings(db, parseSymbol('X'), { STALE_AFTER_DAYS: '25', DRIFT_WINDOW_DAYS: '40', DRIFT_LEVEL: '0.01' });
  const expected: Readonly<Record<string, SeriesSettings>> = {
    X: {
      decision: { ...decision, staleAfterDays: 25 },
      gate: { ...gate, level: 0.2 },
      drift: { ...drift, windowDays: 40, rule: { kind: 'level', level: 0.01 } },
    },
    Y: { decision, gate: { ...gate, level: 0.2 }, drift },
  };

  for (const [k, symbol] of Object.keys(expected).map(parseSymbol).entries()) {
    for (const slot of [0, 1]) {
      const id = await claimManualRun(db, symbol, 1 + 2 * k + slot, {});
      await executeRun(id, context);
      assert.deepEqual((await findRun(db, id))?.progress['settings'], expected[symbol]);
    }
    const kept = await listDecisions(db, symbol, { limit: 10 });
    assert.deepEqual(
      kept.map(({ stage }) => stage),
      ['retrain', 'gate', 'retrain'],
    );
    assert.deepEqual(kept.map(settingsOf), [expected[symbol], expected[symbol]?.gate, expected[symbol]]);
    const [check] = await listChecks(db, symbol, 1);
    assert.deepEqual(check?.report['setting'], expected[symbol]?.drift);
    assert.equal(check?.report['currentSize'], expected[symbol]?.drift.windowDays);
    const champion = await findChampion(db, symbol);
    const days = csv.trimEnd().split('\n').slice(1);
    assert.equal(champion?.reference.to, days.at(-1 - (expected[symbol]?.drift.windowDays ?? 0))?.split(',')[0]);
    const said = told.findLast((event) => event.kind === 'retrain:decided' && event.symbol === symbol);
    assert.deepEqual(said?.payload['settings'], expected[symbol]);
    assert.match(said?.sentence ?? '', new RegExp(`stale after ${symbol === 'X' ? 25 : 60}`));
  }
});

test('a run whose settings contradict each other fails with the sentence, before it decides', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(60, 3) }));
  const { db } = context;
  await saveSettings(db, parseSymbol('X'), { STALE_AFTER_DAYS: '10' });
  const id = await claimManualRun(db, parseSymbol('X'), 1, {});
  await assert.rejects(executeRun(id, context), { code: 'INVALID_CONFIG', message: /^COOLDOWN_DAYS of X is 20 and / });
  assert.deepEqual(await listDecisions(db, parseSymbol('X'), { limit: 1 }), []);
});

test('a run taken up again goes on by the settings it began with', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(720, 3) }));
  const { db, pool } = context;
  const id = await claimManualRun(db, parseSymbol('X'), 1, {});
  const torn = { ...pool, train: () => Promise.reject(new Error('the power went')) };
  await assert.rejects(executeRun(id, { ...context, pool: torn }), /the power went/);
  await saveSettings(db, parseSymbol('X'), { GATE_LEVEL: '0.3' });
  await saveSeries(db, { symbol: parseSymbol('X'), source: 'csv', transform: 'log-return', timeZone: 'UTC' });
  await executeRun(id, context);
  const [gate] = await listDecisions(db, parseSymbol('X'), { stage: 'gate', limit: 1 });
  assert.deepEqual(settingsOf(gate), DEFAULT_SETTINGS.gate);
});
