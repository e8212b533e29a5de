import { ShepherdError } from '../../../core/errors.ts';
import { listDecisions } from '../../../db/tables/decisions.ts';
import { listPromotions } from '../../../db/tables/promotions.ts';
import { listRuns } from '../../../db/tables/runs.ts';
import { printResult, textOption, type Command } from './command.ts';

const DEFAULT_LIMIT = 20;

export const history: Command = {
  name: 'history',
  summary: 'past runs, and of one series also its decisions and promotions, newest first, with their reasons',
  usage: 'shepherd history [--symbol S] [--limit N] [--json]',
  examples: ['shepherd history', 'shepherd history --symbol GSPC --limit 5'],
  options: { symbol: { type: 'string' }, limit: { type: 'string' } },
  async run(context, values) {
    const symbol = textOption(values, 'symbol');
    const limit = Number(textOption(values, 'limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1)
      throw new ShepherdError('INVALID_INPUT', '--limit takes a whole number above 0.');
    const db = await context.database();
    const runs = await listRuns(db, { ...(symbol === undefined ? {} : { symbol }), limit });
    const promotions = symbol === undefined ? [] : await listPromotions(db, symbol);
    const decisions = symbol === undefined ? [] : await listDecisions(db, symbol, { limit });
    printResult(context, { runs: runs.map(({ progress, ...run }) => run), decisions, promotions }, [
      ...(runs.length === 0
        ? ['No run yet.']
        : runs.map(
            (run) =>
              `${run.queuedAt.slice(0, 19)}  ${run.symbol.padEnd(8)} run ${run.id.padEnd(6)} ${(run.outcome ?? run.state).padEnd(12)} ${run.sentence ?? ''}`,
          )),
      ...decisions.map(
        ({ at, runId, stage, verdict, reason, sentence }) =>
          `${at.slice(0, 19)}  ${symbol ?? ''}: run ${runId ?? 'by hand'}, ${stage}: ${verdict} (${reason}): ${sentence}`,
      ),
      ...promotions.map(
        ({ at, version, kind, reason }) =>
          `${at.slice(0, 19)}  ${symbol ?? ''}: model ${version} went live (${kind}): ${reason}`,
      ),
    ]);
    return 0;
  },
};
