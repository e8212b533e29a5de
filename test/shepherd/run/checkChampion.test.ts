import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SINGLE_CHECK_SETTING } from '../../../core/drift/setting.ts';
import { scoreUnseen } from '../../../core/cycle/heldOut.ts';
import { toLossDay } from '../../../core/cycle/losses.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { findChampion } from '../../../db/tables/champions.ts';
import { listChecks } from '../../../db/tables/checks.ts';
import type { Client } from '../../../db/connection/client.ts';
import { claimSlot } from '../../../db/tables/runs.ts';
import { loadChampion } from '../../../shepherd/run/champion.ts';
import { checkChampion, type CheckRequest } from '../../../shepherd/run/checkChampion.ts';
import { WATCHES } from '../../../core/drift/budget.ts';
import { computeCheck, type CheckFigures, type CheckInput } from '../../../core/cycle/computeCheck.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeSeries } from '../../helpers/records.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';

/** Calm to index 720, then three times as wild. */
const BREAK = 720;
const series = simulateSeries({ length: BREAK + 60, seed: 26, volatility: (i) => (i < BREAK ? 0.01 : 0.03) });
const day = (index: number) => series.days[index]!;

async function setUp(client: Client, given: Partial<CheckRequest> = {}): Promise<CheckRequest> {
  for (const symbol of [parseSymbol('X'), parseSymbol('Y'), parseSymbol('Z')]) await storeSeries(client, symbol);
  const runId = await claimSlot(client, { symbol: parseSymbol('X'), slot: 'a', trigger: 'schedule' });
  const version = await storeWorkingModel(client, parseSymbol('X'), { series: sliceSeries(series, 0, BREAK) });
  const champion = await serveModel(client, parseSymbol('X'), version, {
    validatedTo: day(BREAK - 1),
    reference: { to: day(BREAK - 1), fitted: null },
  });
  return { runId: runId!, champion, series, setting: SINGLE_CHECK_SETTING, ...given };
}

test('a check asks about the champion in service, and keeps report, fit and event', async (t) => {
  const { db } = await withDatabase(t);
  const request = await setUp(db);
  const { record, network, calibration, predictor } = request.champion;
  const asked: CheckInput[] = [];
  const pool = {
    check: (input: CheckInput): Promise<CheckFigures> => {
      asked.push(input);
      return Promise.resolve(computeCheck(input));
    },
  };
  const { result, write, events } = await checkChampion(db, { ...request, pool });
  assert.deepEqual(asked, [
    {
      symbol: 'X',
      series,
      transform: network.spec.transform,
      unseen: scoreUnseen({ predictor, calibration, knownTo: record.model.trainedTo }, series).map(toLossDay),
      validatedTo: day(BREAK - 1),
      reference: record.reference,
      setting: SINGLE_CHECK_SETTING,
      flock: 1,
    },
  ]);
  const { drift, watch, loss } = result;
  assert.equal(drift.verdict, 'drifted');
  const expected = computeCheck(asked[0]!);
  assert.deepEqual([drift, loss], [expected.drift, expected.loss]);
  assert.deepEqual(await listChecks(db, parseSymbol('X'), 9), []);
  await write?.(db);

  const today = series.days.at(-1)!;
  const [row, ...others] = await listChecks(db, parseSymbol('X'), 9);
  assert.deepEqual(others, []);
  const { id, checkedAt, ...kept } = row!;
  assert.ok(id !== '' && checkedAt !== '');
  assert.deepEqual(kept, {
    runId: request.runId,
    symbol: 'X',
    day: today,
    statistic: drift.statistic,
    rawP: drift.rawP,
    calibratedP: drift.calibratedP,
    threshold: drift.threshold,
    verdict: 'drifted',
    cause: drift.cause,
    detectors: [],
    report: JSON.parse(JSON.stringify({ ...drift, watch, loss, setting: request.setting, flock: 1 })) as object,
  });
  assert.deepEqual(events, [
    {
      kind: 'drift:checked',
      payload: {
        day: today,
        data: { verdict: 'drifted', cause: drift.cause },
        drift,
        watch,
        loss,
        setting: request.setting,
        flock: 1,
      },
      sentence: `${drift.reason} ${loss.reason}`,
    },
  ]);

  // The fit is kept with the reference, and found again by the next check, which gives the same figures on its own thread.
  const champion = (await loadChampion(db, parseSymbol('X')))!;
  assert.deepEqual(champion.record.reference, { to: day(BREAK - 1), fitted: expected.fitted });
  const marked = { ...champion.record.reference, fitted: { ...expected.fitted!, nullDistances: [0] } };
  const renewed = { ...champion, record: { ...champion.record, reference: marked } };
  const again = await checkChampion(db, { ...request, champion: renewed });
  assert.equal(again.result.drift.calibratedP, 0.5, 'by the one distance that was put there');
  await again.write?.(db);
  assert.deepEqual(
    (await findChampion(db, parseSymbol('X')))?.reference.fitted,
    expected.fitted,
    'a known fit is not stored again',
  );

  // Another setting needs another fit, which is kept in the place of the first.
  const rare = { ...request.setting, rule: { kind: 'false-alarms', everyDays: 300 } } as const;
  await (await checkChampion(db, { ...request, champion, setting: rare })).write?.(db);
  const refitted = (await findChampion(db, parseSymbol('X')))?.reference.fitted;
  assert.deepEqual([refitted?.setting.rule, refitted?.digest], [rare.rule, expected.fitted?.digest]);
  assert.notEqual(refitted?.curves, null);
});

test('what a series may spend is its share among all that have a champion, and every detector is kept with its limit', async (t) => {
  const { db } = await withDatabase(t);
  const yearly = { ...SINGLE_CHECK_SETTING, rule: { kind: 'false-alarms', everyDays: 252 } } as const;
  const request = await setUp(db, { setting: yearly });
  const read = async () => {
    const { result, write, events } = await checkChampion(db, request);
    await write?.(db);
    const [row] = await listChecks(db, parseSymbol('X'), 1);
    return { result, row: row!, events };
  };
  const alone = await read();
  const { drift, watch } = alone.result;
  assert.deepEqual(alone.row.detectors, [
    { detector: 'ks', statistic: drift.statistic, limit: drift.limit },
    ...watch.readings,
  ]);
  assert.deepEqual([alone.row.verdict, alone.row.cause], ['drifted', watch.cause]);
  assert.match(alone.events![0]!.sentence, /^Day by day: a rising volatility has \d/);

  const other = await storeWorkingModel(db, parseSymbol('Y'), { series: sliceSeries(series, 0, BREAK) });
  await serveModel(db, parseSymbol('Y'), other, { validatedTo: day(BREAK - 1) });
  const shared = await read();
  assert.equal(shared.row.detectors.length, WATCHES.length);
  for (const [k, { limit }] of shared.row.detectors.entries()) assert.ok(limit > alone.row.detectors[k]!.limit);
});

test('a check that cannot be made for want of days is on record, and leaves the reference without a fit', async (t) => {
  const { db } = await withDatabase(t);
  const request = await setUp(db);
  const { write } = await checkChampion(db, { ...request, series: sliceSeries(series, 0, 200) });
  await write?.(db);
  const [row] = await listChecks(db, parseSymbol('X'), 9);
  assert.deepEqual([row?.verdict, row?.statistic, row?.day], ['undetermined', null, day(199)]);
  assert.equal((await findChampion(db, parseSymbol('X')))?.reference.fitted, null);
});
