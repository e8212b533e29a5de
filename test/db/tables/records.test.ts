import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { appendCheck, listChecks, type NewDriftCheck } from '../../../db/tables/checks.ts';
import { appendDecision, listDecisions, listRetrainDays, type NewDecision } from '../../../db/tables/decisions.ts';
import { listFaults, saveFaults } from '../../../db/tables/faults.ts';
import { findSeries, listSeries, saveModelParameters, saveSeries } from '../../../db/tables/series.ts';
import { listTrials, saveTrial } from '../../../db/tables/trials.ts';
import { withDatabase } from '../../../lab/database.ts';
import { bar, DAY, storeSeries } from '../../helpers/records.ts';

test('a series is stored once and brought up to date', async (t) => {
  const { db } = await withDatabase(t);
  const series = { symbol: 'Y', source: 'yahoo', transform: 'log-return', timeZone: 'America/New_York' } as const;
  await saveSeries(db, series);
  await saveSeries(db, { ...series, source: 'csv', transform: 'difference' });
  await storeSeries(db, 'X');
  await saveModelParameters(db, 'Y', { units: [16] });
  assert.deepEqual(await findSeries(db, 'Y'), {
    ...series,
    source: 'csv',
    transform: 'difference',
    model: { units: [16] },
  });
  assert.equal(await findSeries(db, 'Z'), undefined);
  assert.deepEqual(
    (await listSeries(db)).map(({ symbol }) => symbol),
    ['X', 'Y'],
  );
});

test('a fault is found once, whatever the feed repeats', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const split = {
    day: parseDay('2020-01-03'),
    kind: 'split',
    sentence: 'It halved.',
    bar: bar('2020-01-03', 50),
    evidence: { ratio: 0.5 },
  };
  const gap = { day: parseDay('2020-01-02'), kind: 'gap', sentence: 'A day is missing.', bar: null, evidence: {} };
  assert.deepEqual(await saveFaults(db, 'X', [split]), [split]);
  assert.deepEqual(await saveFaults(db, 'X', [gap, split]), [gap]);
  assert.deepEqual(
    (await listFaults(db, 'X')).map(({ foundAt, ...fault }) => {
      assert.match(foundAt, /Z$/);
      return fault;
    }),
    [gap, split],
  );
});

test('checks and decisions are kept whole and listed the newest first', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const check: NewDriftCheck = {
    runId: null,
    symbol: 'X',
    day: DAY,
    statistic: 0.2,
    rawP: 0.01,
    calibratedP: null,
    threshold: 0.05,
    verdict: 'undetermined',
    cause: null,
    report: { windows: [1000, 60] },
  };
  const id = await appendCheck(db, check);
  await appendCheck(db, { ...check, verdict: 'stable' });
  const [newest, oldest] = await listChecks(db, 'X', 5);
  assert.equal(newest?.verdict, 'stable');
  assert.deepEqual(oldest, { ...check, id, checkedAt: oldest?.checkedAt });

  const decision: NewDecision = {
    runId: null,
    symbol: 'X',
    day: DAY,
    stage: 'retrain',
    verdict: 'keep',
    reason: 'fresh',
    sentence: 'Nothing has changed.',
    report: { age: 3 },
  };
  const kept = await appendDecision(db, decision);
  await appendDecision(db, { ...decision, stage: 'gate' });
  const [judged] = await listDecisions(db, 'X', { stage: 'retrain', limit: 5 });
  assert.deepEqual(judged, { ...decision, id: kept, at: judged?.at });
  assert.equal((await listDecisions(db, 'X', { limit: 5 })).length, 2);
});

test('a repeated trial replaces the one before', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  const trial = { search: 's', symbol: 'X', number: 1, rung: 0, spec: DEFAULT_SPEC, score: 0.5, detail: { epochs: 2 } };
  await saveTrial(db, trial);
  await saveTrial(db, { ...trial, score: null });
  await saveTrial(db, { ...trial, number: 0 });
  assert.deepEqual(await listTrials(db, 's'), [
    { ...trial, number: 0 },
    { ...trial, score: null },
  ]);
});

test('a day on which arms were judged is a day of retraining: once, oldest first, of its own series', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, 'X');
  await storeSeries(db, 'Y');
  const decide = (symbol: string, stage: NewDecision['stage'], daysLater: number): Promise<string> =>
    appendDecision(db, {
      runId: null,
      symbol,
      day: addDays(DAY, daysLater),
      stage,
      verdict: 'keep',
      reason: 'fresh',
      sentence: 'Nothing has changed.',
      report: {},
    });
  assert.deepEqual(await listRetrainDays(db, 'X'), []);
  await decide('X', 'gate', 9);
  await decide('X', 'gate', 2);
  await decide('X', 'gate', 9);
  await decide('X', 'retrain', 5);
  await decide('Y', 'gate', 7);
  assert.deepEqual(await listRetrainDays(db, 'X'), [addDays(DAY, 2), addDays(DAY, 9)]);
});

test('checks and decisions are listed of one series and no more than asked for; a search has its own trials', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of ['X', 'Y']) await storeSeries(db, symbol);
  const verdicts = ['stable', 'drifted', 'undetermined'] as const;
  const nothing = { statistic: null, rawP: null, calibratedP: null, threshold: null, cause: null, report: {} };
  for (const symbol of ['X', 'Y'])
    for (const [i, verdict] of verdicts.entries()) {
      await appendCheck(db, { runId: null, symbol, day: DAY, ...nothing, verdict });
      const stage = i === 1 ? 'gate' : 'retrain';
      const sentence = 'Kept.';
      await appendDecision(db, {
        runId: null,
        symbol,
        day: DAY,
        stage,
        verdict,
        reason: 'fresh',
        sentence,
        report: {},
      });
    }
  const checks = await listChecks(db, 'X', 2);
  assert.deepEqual(
    checks.map(({ symbol, verdict }) => [symbol, verdict]),
    [
      ['X', 'undetermined'],
      ['X', 'drifted'],
    ],
  );
  const decided = async (asked: Parameters<typeof listDecisions>[2]): Promise<unknown[]> =>
    (await listDecisions(db, 'X', asked)).map(({ symbol, verdict }) => symbol + verdict);
  assert.deepEqual(await decided({ limit: 2 }), ['Xundetermined', 'Xdrifted']);
  assert.deepEqual(await decided({ stage: 'retrain', limit: 2 }), ['Xundetermined', 'Xstable']);
  assert.deepEqual(await decided({ stage: 'gate', limit: 2 }), ['Xdrifted']);

  const trial = { search: 's', symbol: 'X', number: 1, rung: 0, spec: DEFAULT_SPEC, score: 0.5, detail: {} };
  for (const [search, number, rung] of [
    ['s', 0, 1],
    ['s', 2, 0],
    ['other', 2, 0],
    ['s', 1, 0],
  ] as const)
    await saveTrial(db, { ...trial, search, number, rung });
  await saveTrial(db, { ...trial, spec: { ...DEFAULT_SPEC, batch: 4 }, score: 0.25, detail: { epochs: 9 } });
  assert.deepEqual(
    (await listTrials(db, 's')).map(({ number, rung, score, spec: { batch }, detail }) => [
      number,
      rung,
      score,
      batch,
      detail,
    ]),
    [
      [1, 0, 0.25, 4, { epochs: 9 }],
      [2, 0, 0.5, DEFAULT_SPEC.batch, {}],
      [0, 1, 0.5, DEFAULT_SPEC.batch, {}],
    ],
  );
});

test('faults of another series, another day or another kind are others', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of ['X', 'Y']) await storeSeries(db, symbol);
  const fault = { day: DAY, kind: 'split', sentence: 'It halved.', bar: null, evidence: { ratio: 0.5 } };
  const others = [fault, { ...fault, kind: 'gap' }, { ...fault, day: addDays(DAY, -1) }];
  assert.deepEqual(await saveFaults(db, 'X', others), others);
  assert.deepEqual(await saveFaults(db, 'Y', [fault]), [fault]);
  assert.deepEqual(await saveFaults(db, 'X', [{ ...fault, sentence: 'Said otherwise.' }]), []);
  assert.deepEqual(
    (await listFaults(db, 'X')).map(({ day, kind, sentence }) => [day, kind, sentence]),
    [
      [addDays(DAY, -1), 'split', 'It halved.'],
      [DAY, 'gap', 'It halved.'],
      [DAY, 'split', 'It halved.'],
    ],
  );
  assert.equal((await listFaults(db, 'Y')).length, 1);
});

test('what is chosen for one series is chosen for that one, and stays when its feed changes', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of ['X', 'Y']) await storeSeries(db, symbol);
  await saveModelParameters(db, 'X', { units: [16] });
  await saveSeries(db, { symbol: 'X', source: 'sample', transform: 'difference', timeZone: 'America/Sao_Paulo' });
  assert.deepEqual(
    (await listSeries(db)).map(({ symbol, source, timeZone, model }) => [symbol, source, timeZone, model]),
    [
      ['X', 'sample', 'America/Sao_Paulo', { units: [16] }],
      ['Y', 'csv', 'UTC', {}],
    ],
  );
});
