import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../core/series/symbol.ts';
import { listRuns } from '../../db/tables/runs.ts';
import { listSeries } from '../../db/tables/series.ts';
import { silentLog } from '../../lab/silentLog.ts';
import { followSymbols } from '../../shepherd/follow.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../helpers/shepherdRun.ts';

const [X, NOPE] = [parseSymbol('X'), parseSymbol('NOPE')];

test('a symbol that the feed does not know stops no other, and is told once a slot', { timeout: 60_000 }, async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(50, 1) }));
  const said: string[] = [];
  const log = { ...silentLog, error: (sentence: string) => said.push(sentence) };
  const followed = followSymbols([NOPE, X], { ...context, log });
  await followed.begin();
  for (const [i, slot] of ['first', 'second'].entries()) {
    followed.tick({ slot, trigger: 'schedule' });
    followed.tick({ slot, trigger: 'schedule' });
    while ((await listRuns(context.db, { limit: 9 })).length <= i || said.length < i + 2);
  }
  assert.deepEqual(
    (await listRuns(context.db, { limit: 9 })).map(({ symbol, slot }) => [symbol, slot]),
    [
      [X, 'second'],
      [X, 'first'],
    ],
  );
  assert.deepEqual(
    (await listSeries(context.db)).map(({ symbol }) => symbol),
    [X],
  );
  assert.ok(
    said.length >= 2 && said.every((sentence) => /^NOPE is not followed: .* The other series go on\.$/.test(sentence)),
    said.join(),
  );
});
