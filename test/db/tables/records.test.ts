import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { appendCheck, listChecks, type NewDriftCheck } from '../../../db/tables/checks.ts';
import { appendDecision, listDecisions, listRetrainDays, type NewDecision } from '../../../db/tables/decisions.ts';
import type { HeldBack } from '../../../core/feed/judgeBars.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import {
  listEarlierFindings,
  listFaults,
  listHeldWith,
  resolveCorrected,
  resolveFinding,
  saveFaults,
} from '../../../db/tables/faults.ts';
import {
  findSeries,
  listSeries,
  lockSettings,
  saveModelParameters,
  saveSeries,
  saveSettings,
} from '../../../db/tables/series.ts';
import { listTrials, saveTrial } from '../../../db/tables/trials.ts';
import { withDatabase } from '../../../lab/database.ts';
import { bar, DAY, storeSeries } from '../../helpers/records.ts';

test('a series is stored once and brought up to date', async (t) => {
  const { db } = await withDatabase(t);
  const series = {
    symbol: parseSymbol('Y'),
    source: 'yahoo',
    transform: 'log-return',
    timeZone: 'America/New_York',
  } as const;
  await saveSeries(db, series);
  await saveSeries(db, { ...series, source: 'csv', transform: 'difference' });
  await storeSeries(db, parseSymbol('X'));
  await saveModelParameters(db, parseSymbol('Y'), { units: [16] });
  assert.deepEqual(await findSeries(db, parseSymbol('Y')), {
    ...series,
    source: 'csv',
    transform: 'difference',
    model: { units: [16] },
    column: null,
    settings: {},
  });
  await saveSeries(db, { ...series, column: 'Open' });
  await saveSeries(db, series); // without a word of a column it keeps the one it has
  assert.equal((await findSeries(db, parseSymbol('Y')))?.column, 'Open');
  assert.equal(await findSeries(db, parseSymbol('Z')), undefined);
  assert.deepEqual(
    (await listSeries(db)).map(({ symbol }) => symbol),
    ['X', 'Y'],
  );
});

test('a fault is found once, whatever the feed repeats', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const split: HeldBack = {
    fault: {
      kind: 'split-unadjusted',
      day: parseDay('2020-01-03'),
      lastDay: parseDay('2020-01-04'),
      sentence: 'It halved.',
      evidence: { closeBefore: 100, close: 50, factor: 0.5, dailyDeviation: 0.01 },
    },
    bars: [bar('2020-01-03', 50), bar('2020-01-04', 51)],
  };
  const gap: HeldBack = {
    fault: {
      kind: 'missing-days',
      day: parseDay('2020-01-02'),
      lastDay: parseDay('2020-01-02'),
      sentence: 'A day is missing.',
      evidence: { days: 1, after: parseDay('2020-01-01'), before: parseDay('2020-01-03') },
    },
    bars: [],
  };
  const daysOf = (faults: readonly { day: string; kind: string }[]) => faults.map(({ day, kind }) => `${day} ${kind}`);
  const halves = ['2020-01-03 split-unadjusted', '2020-01-04 split-unadjusted'];
  assert.deepEqual(daysOf(await saveFaults(db, parseSymbol('X'), [split])), halves);
  assert.deepEqual(
    daysOf(await saveFaults(db, parseSymbol('X'), [gap, split])),
    ['2020-01-02 missing-days'],
    'each is new once',
  );
  const all = await listFaults(db, { symbol: parseSymbol('X'), limit: 9 });
  assert.deepEqual(daysOf(all), ['2020-01-02 missing-days', ...halves]);
  assert.deepEqual(
    all.map(({ since, bar: held, resolution }) => [since, held?.close ?? null, resolution]),
    [
      ['2020-01-02', null, null],
      ['2020-01-03', 50, null],
      ['2020-01-03', 51, null],
    ],
  );
  const [, first, second] = all;
  assert.deepEqual(daysOf(await listFaults(db, { symbol: parseSymbol('X'), only: 'held', limit: 9 })), halves);
  assert.deepEqual(await listFaults(db, { symbol: parseSymbol('Y'), limit: 9 }), []);
  assert.deepEqual(daysOf(await listHeldWith(db, second!.id)), halves, 'bars of one finding are held together');
  assert.deepEqual(await listHeldWith(db, all[0]!.id), [], 'a gap holds nothing');
  assert.deepEqual((await listEarlierFindings(db, parseSymbol('X'))).held, [
    { kind: 'split-unadjusted', day: '2020-01-03', firstHeldTo: '2020-01-04' },
  ]);

  await saveFaults(db, parseSymbol('X'), [{ ...split, bars: [...split.bars, bar('2020-01-05', 52)] }]);
  assert.equal(
    (await listEarlierFindings(db, parseSymbol('X'))).held[0]?.firstHeldTo,
    '2020-01-04',
    'later days are news about it',
  );
  await resolveCorrected(db, parseSymbol('X'), [parseDay('2020-01-05')]);
  assert.equal(
    await resolveFinding(db, parseSymbol('X'), { kind: 'split-unadjusted', day: first!.since }, 'accepted', 'a crash'),
    2,
  );
  assert.equal(
    await resolveFinding(db, parseSymbol('X'), { kind: 'split-unadjusted', day: first!.since }, 'rejected', 'late'),
    0,
  );
  assert.deepEqual(
    (await listFaults(db, { symbol: parseSymbol('X'), limit: 9 })).map(({ resolution, reason }) => [
      resolution,
      reason,
    ]),
    [
      [null, null],
      ['accepted', 'a crash'],
      ['accepted', 'a crash'],
      ['corrected', 'the feed sent a sound bar'],
    ],
  );
  assert.deepEqual(await listEarlierFindings(db, parseSymbol('X')), {
    held: [],
    settled: [{ kind: 'split-unadjusted', day: '2020-01-03' }],
    rejected: [],
  });
  assert.deepEqual(
    daysOf(await saveFaults(db, parseSymbol('X'), [{ ...split, bars: [bar('2020-01-05', 52)] }])),
    ['2020-01-05 split-unadjusted'],
    'wrong again after it was right is news',
  );
  await resolveFinding(db, parseSymbol('X'), { kind: 'split-unadjusted', day: first!.since }, 'rejected', 'wrong');
  assert.deepEqual((await listEarlierFindings(db, parseSymbol('X'))).rejected, [
    { kind: 'split-unadjusted', bar: bar('2020-01-05', 52) },
  ]);
});

test('checks and decisions are kept whole and listed the newest first', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const check: NewDriftCheck = {
    runId: null,
    symbol: parseSymbol('X'),
    day: DAY,
    statistic: 0.2,
    rawP: 0.01,
    calibratedP: null,
    threshold: 0.05,
    verdict: 'undetermined',
    cause: null,
    detectors: [{ detector: 'volatility-up', statistic: 1.5, limit: 3.8 }],
    report: { windows: [1000, 60] },
  };
  const id = await appendCheck(db, check);
  await appendCheck(db, { ...check, verdict: 'stable' });
  const [newest, oldest] = await listChecks(db, parseSymbol('X'), 5);
  assert.equal(newest?.verdict, 'stable');
  assert.deepEqual(oldest, { ...check, id, checkedAt: oldest?.checkedAt });

  const decision: NewDecision = {
    runId: null,
    symbol: parseSymbol('X'),
    day: DAY,
    stage: 'retrain',
    verdict: 'keep',
    reason: 'fresh',
    sentence: 'Nothing has changed.',
    report: { age: 3 },
  };
  const kept = await appendDecision(db, decision);
  await appendDecision(db, { ...decision, stage: 'gate' });
  const [judged] = await listDecisions(db, parseSymbol('X'), { stage: 'retrain', limit: 5 });
  assert.deepEqual(judged, { ...decision, id: kept, at: judged?.at });
  assert.equal((await listDecisions(db, parseSymbol('X'), { limit: 5 })).length, 2);
});

test('a repeated trial replaces the one before', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const trial = {
    search: 's',
    symbol: parseSymbol('X'),
    number: 1,
    rung: 0,
    spec: DEFAULT_SPEC,
    score: 0.5,
    detail: { epochs: 2 },
  };
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
  await storeSeries(db, parseSymbol('X'));
  await storeSeries(db, parseSymbol('Y'));
  const decide = (symbol: SeriesSymbol, stage: NewDecision['stage'], daysLater: number): Promise<string> =>
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
  assert.deepEqual(await listRetrainDays(db, parseSymbol('X')), []);
  await decide(parseSymbol('X'), 'gate', 9);
  await decide(parseSymbol('X'), 'gate', 2);
  await decide(parseSymbol('X'), 'gate', 9);
  await decide(parseSymbol('X'), 'retrain', 5);
  await decide(parseSymbol('Y'), 'gate', 7);
  assert.deepEqual(await listRetrainDays(db, parseSymbol('X')), [addDays(DAY, 2), addDays(DAY, 9)]);
});

test('checks and decisions are listed of one series and no more than asked for; a search has its own trials', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  const verdicts = ['stable', 'drifted', 'undetermined'] as const;
  const nothing = { statistic: null, rawP: null, calibratedP: null, threshold: null, cause: null, report: {} };
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')])
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
  const checks = await listChecks(db, parseSymbol('X'), 2);
  assert.deepEqual(
    checks.map(({ symbol, verdict }) => [symbol, verdict]),
    [
      ['X', 'undetermined'],
      ['X', 'drifted'],
    ],
  );
  const decided = async (asked: Parameters<typeof listDecisions>[2]): Promise<unknown[]> =>
    (await listDecisions(db, parseSymbol('X'), asked)).map(({ symbol, verdict }) => symbol + verdict);
  assert.deepEqual(await decided({ limit: 2 }), ['Xundetermined', 'Xdrifted']);
  assert.deepEqual(await decided({ stage: 'retrain', limit: 2 }), ['Xundetermined', 'Xstable']);
  assert.deepEqual(await decided({ stage: 'gate', limit: 2 }), ['Xdrifted']);

  const trial = {
    search: 's',
    symbol: parseSymbol('X'),
    number: 1,
    rung: 0,
    spec: DEFAULT_SPEC,
    score: 0.5,
    detail: {},
  };
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
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  const evidence = { closeBefore: 100, close: 50, factor: 0.5, dailyDeviation: 0.01 };
  const fault = { kind: 'split-unadjusted', day: DAY, lastDay: DAY, sentence: 'It halved.', evidence } as const;
  const [before, halved] = [addDays(DAY, -1), bar(DAY, 50)];
  const others: HeldBack[] = [
    { fault, bars: [halved] },
    { fault: { ...fault, kind: 'unit-error' }, bars: [halved] },
    { fault: { ...fault, day: before, lastDay: before }, bars: [bar(before, 50)] },
  ];
  assert.equal((await saveFaults(db, parseSymbol('X'), others)).length, 3);
  assert.equal((await saveFaults(db, parseSymbol('Y'), others.slice(0, 1))).length, 1);
  assert.deepEqual(
    await saveFaults(db, parseSymbol('X'), [{ fault: { ...fault, sentence: 'Said otherwise.' }, bars: [halved] }]),
    [],
  );
  assert.deepEqual(
    (await listFaults(db, { symbol: parseSymbol('X'), limit: 9 })).map(({ day, kind, sentence }) => [
      day,
      kind,
      sentence,
    ]),
    [
      [before, 'split-unadjusted', 'It halved.'],
      [DAY, 'split-unadjusted', 'It halved.'],
      [DAY, 'unit-error', 'It halved.'],
    ],
  );
  await resolveFinding(db, parseSymbol('X'), { kind: 'split-unadjusted', day: DAY }, 'accepted', 'right');
  assert.deepEqual(
    (await listFaults(db, { only: 'held', limit: 9 })).map(({ symbol, day, kind }) => [symbol, day, kind]),
    [
      ['X', before, 'split-unadjusted'],
      ['X', DAY, 'unit-error'],
      ['Y', DAY, 'split-unadjusted'],
    ],
    'settled for one series, kind and first day alone',
  );
  assert.equal((await listFaults(db, { symbol: parseSymbol('Y'), limit: 9 })).length, 1);
});

test('what is chosen for one series is chosen for that one, and stays when its feed changes', async (t) => {
  const { db } = await withDatabase(t);
  for (const symbol of [parseSymbol('X'), parseSymbol('Y')]) await storeSeries(db, symbol);
  await saveModelParameters(db, parseSymbol('X'), { units: [16] });
  await saveSettings(db, parseSymbol('X'), { GATE_LEVEL: '0.1' });
  await saveSeries(db, {
    symbol: parseSymbol('X'),
    source: 'sample',
    transform: 'difference',
    timeZone: 'America/Sao_Paulo',
  });
  assert.deepEqual(
    (await listSeries(db)).map(({ symbol, source, timeZone, model, settings }) => [
      symbol,
      source,
      timeZone,
      model,
      settings,
    ]),
    [
      ['X', 'sample', 'America/Sao_Paulo', { units: [16] }, { GATE_LEVEL: '0.1' }],
      ['Y', 'csv', 'UTC', {}, {}],
    ],
  );
  await db.transaction(async (client) => {
    assert.deepEqual(await lockSettings(client, parseSymbol('X')), { GATE_LEVEL: '0.1' });
    await assert.rejects(lockSettings(client, parseSymbol('Z')), { code: 'UNKNOWN_SYMBOL' });
  });
});
