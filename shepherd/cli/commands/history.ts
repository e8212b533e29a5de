import { ShepherdError } from '../../../core/errors.ts';
import type { SeriesSymbol } from '../../../core/series/symbol.ts';
import type { Client } from '../../../db/connection/client.ts';
import { listDecisions } from '../../../db/tables/decisions.ts';
import { listRevisions } from '../../../db/tables/prices.ts';
import { listPromotions } from '../../../db/tables/promotions.ts';
import { listRuns } from '../../../db/tables/runs.ts';
import { requireSeries } from '../../../db/tables/series.ts';
import { ONE_SYMBOL, printResult, symbolOption, textOption, type Command } from './command.ts';

const DEFAULT_LIMIT = 20;

export const history: Command = {
  name: 'history',
  summary:
    'past runs, newest first, with their reasons; of one series also its decisions, promotions and corrected closes, in one line of time (UTC)',
  usage: 'shepherd history [--symbol S] [--limit N] [--json]',
  examples: ['shepherd history', 'shepherd history --symbol GSPC --limit 5'],
  options: { symbol: ONE_SYMBOL, limit: { type: 'string', about: 'how many lines at most (20)' } },
  async run(context, values) {
    const symbol = symbolOption(values);
    const limit = Number(textOption(values, 'limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1)
      throw new ShepherdError('INVALID_INPUT', '--limit takes a whole number above 0.');
    const db = await context.database();
    if (symbol !== undefined) await requireSeries(db, symbol);
    const runs = (await listRuns(db, { symbol, limit })).map(({ progress, ...run }) => run);
    const ofSeries = symbol === undefined ? NOTHING : await readSeries(db, symbol, limit);
    const { decisions, promotions, corrections } = ofSeries;
    const told = [
      ...runs.map((run) => ({
        at: run.queuedAt,
        symbol: run.symbol,
        text: `run ${run.id.padEnd(6)} ${(run.outcome ?? run.state).padEnd(12)} ${run.sentence ?? ''}${askedBy(run.request.by)}`,
      })),
      ...decisions.map(({ at, runId, stage, verdict, reason, sentence, ...decision }) => ({
        at,
        symbol: decision.symbol,
        text: `run ${runId ?? 'by hand'}, ${stage}: ${verdict} (${reason}): ${sentence}`,
      })),
      ...promotions.map(({ at, version, kind, reason, by, ...promotion }) => ({
        at,
        symbol: promotion.symbol,
        text: `model ${version} went live (${kind}${by === null ? '' : `, by ${by}`}): ${reason}`,
      })),
      ...corrections.map(({ revisedAt, day, old, new: corrected }) => ({
        at: revisedAt,
        symbol: symbol ?? '',
        text:
          old === corrected
            ? `the bar of ${day} was corrected; its close stays ${old}`
            : `the close of ${day} was corrected from ${old} to ${corrected}`,
      })),
    ];
    const lines = told
      .sort((a, b) => b.at.localeCompare(a.at)) // ISO instants of one zone
      .slice(0, limit)
      .map(({ at, symbol: of, text }) => `${at.slice(0, 19)}Z  ${of.padEnd(8)} ${text.trimEnd()}`);
    printResult(context, { runs, ...ofSeries }, lines.length === 0 ? ['No run yet.'] : lines);
    return 0;
  },
};

const askedBy = (by: string | undefined): string => (by === undefined ? '' : ` (asked by ${by})`);

interface OfSeries {
  readonly decisions: Awaited<ReturnType<typeof listDecisions>>;
  readonly promotions: Awaited<ReturnType<typeof listPromotions>>;
  readonly corrections: Awaited<ReturnType<typeof listRevisions>>;
}

const NOTHING: OfSeries = { decisions: [], promotions: [], corrections: [] };

async function readSeries(db: Client, symbol: SeriesSymbol, limit: number): Promise<OfSeries> {
  return {
    decisions: await listDecisions(db, symbol, { limit }),
    promotions: await listPromotions(db, symbol, limit),
    corrections: await listRevisions(db, symbol, limit),
  };
}
