import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { RetrainDecision } from '../../../core/decide/decision.ts';
import { train } from '../../../core/model/training/train.ts';
import { replayPolicy } from '../../../core/replay/replay.ts';
import { openWorkshop } from '../../../core/replay/workshop.ts';
import type { TradingDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { listDecisions } from '../../../db/tables/decisions.ts';
import { listCloses } from '../../../db/tables/prices.ts';
import { listScores } from '../../../db/tables/scores.ts';
import { claimManualRun } from '../../../shepherd/queue/queue.ts';
import type { Settings } from '../../../shepherd/run/context.ts';
import { executeRun } from '../../../shepherd/run/run.ts';
import { DEFAULT_SETTINGS } from '../../helpers/defaultSettings.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../../helpers/shepherdRun.ts';
import { SMALL_SPEC } from '../../helpers/smallModel.ts';

const FIRST = 640;
const LIVED = 84;

/** Cheap trainings, an impatient clock and a gate that now and then lets a champion of noise through. */
const settings: Settings = {
  ...DEFAULT_SETTINGS,
  spec: { ...SMALL_SPEC, maxEpochs: 1 },
  decision: { ...DEFAULT_SETTINGS.decision, staleAfterDays: 22, cooldownDays: 8 },
  gate: { ...DEFAULT_SETTINGS.gate, level: 1.9 },
};

test('a replay decides, judges and scores each day as the runs of those days did', async (t) => {
  // Half a year of calm, then a world two and a half times as wild; a day in eleven is missing.
  const rows = simulatedCsv(800, 41, (i) => (i < 745 ? 0.01 : 0.025))
    .trimEnd()
    .split('\n');
  const lines = rows.filter((_, i) => i % 11 !== 7);
  const folder = csvFolder(t, { X: '' });
  const { context } = await setUpRun(t, folder);
  const { db } = context;
  for (let lived = 0; lived < LIVED; lived += 1) {
    writeFileSync(join(folder, 'X.csv'), `${lines.slice(0, FIRST + lived + 1).join('\n')}\n`);
    const id = await claimManualRun(db, parseSymbol('X'), lived, {});
    assert.ok((await executeRun(id, { ...context, settings })) !== undefined);
  }

  const series = await listCloses(db, parseSymbol('X'));
  assert.equal(series.days.length, FIRST + LIVED - 1);
  const decided: { day: TradingDay; decision: RetrainDecision }[] = [];
  const replay = await replayPolicy({
    ...settings,
    symbol: 'X',
    series,
    from: FIRST - 1,
    to: series.days.length,
    policy: 'service',
    workshop: openWorkshop({
      symbol: 'X',
      spec: settings.spec,
      historyDays: Infinity,
      train: (request) => Promise.resolve({ result: train(request), seconds: 0 }),
    }),
    onDay: (day, decision) => decided.push({ day, decision }),
  });

  const stored = (await listDecisions(db, parseSymbol('X'), { limit: 1000 })).reverse();
  const { decision, gate, drift } = settings;
  const told = (stage: string) =>
    stored
      .filter((each) => each.stage === stage)
      .map(({ day, verdict, reason, sentence, report: { settings: own, ...report } }) => {
        assert.deepEqual(own, stage === 'gate' ? gate : { decision, gate, drift }, 'what a run went by is kept');
        return { day, verdict, reason, sentence, report };
      });
  assert.deepEqual(
    decided.map(({ day, decision: { kind, reason, sentence, numbers } }) => ({
      day,
      verdict: kind,
      reason,
      sentence,
      report: numbers,
    })),
    told('retrain'),
  );
  assert.deepEqual(
    replay.retrains.map(({ day, verdict: { kind, reason, sentence, numbers } }) => ({
      day,
      verdict: kind,
      reason,
      sentence,
      report: numbers,
    })),
    told('gate'),
  );
  const figures = (score: (typeof replay.scores)[number] | (typeof scores)[number]) => [
    score.day,
    score.actual,
    score.squaredError,
    score.crps,
    score.naiveCrps,
    score.covered,
  ];
  const scores = await listScores(db, { symbol: parseSymbol('X'), days: 1000 });
  assert.deepEqual(replay.scores.map(figures), scores.map(figures));

  // The weeks held what there is to agree on.
  const reasons = new Set(replay.retrains.map(({ reason }) => reason));
  assert.ok(reasons.has('stale') && reasons.has('drifted'), [...reasons].join());
  const verdicts = replay.retrains.slice(1).map(({ verdict }) => verdict.kind);
  assert.ok(verdicts.includes('keep') && verdicts.includes('promote'), verdicts.join());
  assert.ok(decided.some(({ decision }) => decision.reason === 'cooling-down'));
});
