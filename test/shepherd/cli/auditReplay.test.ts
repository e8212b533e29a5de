import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, type DecisionInput } from '../../../core/decide/decision.ts';
import { judgeCandidate, type GateInput } from '../../../core/decide/gate.ts';
import { createRandom } from '../../../core/random.ts';
import { addDays } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { DEFAULT_SERIES_SETTINGS } from '../../../core/settings/seriesSettings.ts';
import { appendDecision } from '../../../db/tables/decisions.ts';
import { withDatabase } from '../../../lab/database.ts';
import { runCli } from '../../../shepherd/cli/cli.ts';
import { sealRecord } from '../../../shepherd/record/seal.ts';
import { DAY, storeSeries } from '../../helpers/records.ts';
import { testSigner } from '../../helpers/sealedRecord.ts';

const X = parseSymbol('X');
const { decision: decisionSettings, gate: gateSettings } = DEFAULT_SERIES_SETTINGS;

test('a past decision is made again from what was stored, to identical doubles, and a changed one is told', async (t) => {
  const { db, urls, connectAs } = await withDatabase(t);
  await storeSeries(db, X);
  const random = createRandom(7);
  const days = Array.from({ length: 60 }, (_, i) => addDays(DAY, i));
  const losses = () => ({ days, crps: days.map(() => random() / 3), squaredError: days.map(() => random() ** 5 / 7) });
  const retrain: DecisionInput = {
    champion: { daysSinceValidation: 17 },
    drift: { verdict: 'drifted', cause: 'variance', calibratedP: 0.1 + 0.2 - 0.299, threshold: 1 / 252 },
    decay: { verdict: 'stable', ratio: 1 / 3 },
    manual: null,
    daysSinceRetrain: null,
    daysSinceAlarm: null,
    recentRetrains: 0,
    settings: decisionSettings,
  };
  const gate: GateInput = {
    champion: losses(),
    arms: [{ name: 'fine-tuned', losses: losses() }],
    naive: losses(),
    carried: {},
    settings: gateSettings,
  };
  const keep = async (
    stage: 'retrain' | 'gate',
    question: object,
    judged: ReturnType<typeof decide | typeof judgeCandidate>,
  ) => {
    const { kind, reason, sentence, numbers } = judged;
    const report = { ...numbers, settings: {} };
    return appendDecision(db, {
      runId: null,
      symbol: X,
      day: DAY,
      stage,
      verdict: kind,
      reason,
      sentence,
      report,
      question,
    });
  };
  const ids = [await keep('retrain', retrain, decide(retrain)), await keep('gate', gate, judgeCandidate(gate))];
  await sealRecord(db, testSigner);
  const replay = async (id: string): Promise<{ code: number; said: string }> => {
    let said = '';
    const io = {
      stdout: (text: string) => (said += text),
      stderr: (text: string) => (said += text),
      isTerminal: false,
    };
    return { code: await runCli(['audit', 'replay', id], { DATABASE_URL: urls.owner, SYMBOLS: X }, io), said };
  };
  for (const id of ids) {
    const { code, said } = await replay(id);
    assert.equal(code, 0, said);
    assert.match(said, /the same to the last bit of every number\.\nThe row stands as it was sealed\.\n$/);
  }
  assert.equal((await replay('999')).code, 2);
  assert.equal((await replay('one')).code, 2);

  // One unit in the last place of one loss of one day.
  await connectAs('owner').query(
    `UPDATE decisions SET question = jsonb_set(question, '{naive,crps,3}', to_jsonb($2::float8)) WHERE id = $1`,
    [ids[1], gate.naive.crps[3]! * (1 + 2 ** -52)],
  );
  const changed = await replay(ids[1]!);
  assert.deepEqual([changed.code, /is not as it was sealed/.test(changed.said)], [1, true]);
});
