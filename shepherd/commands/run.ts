import { ShepherdError } from '../../core/errors.ts';
import { claimManualRun } from '../queue.ts';
import { failRun } from '../run/fail.ts';
import { executeRun } from '../run/run.ts';
import { DEFAULT_SETTINGS } from '../settings.ts';
import { openSource } from '../source/open.ts';
import { ensureSeries } from '../source/series.ts';
import { createTrainingPool } from '../training/pool.ts';
import { printResult, textOption, type Command } from './command.ts';

export const run: Command = {
  name: 'run',
  summary: 'one whole run now: pull, check, decide, train, gate, promote',
  usage: 'shepherd run [--symbol S] [--force] [--reason "…"] [--json]',
  examples: ['shepherd run', 'shepherd run --symbol MSFT --force --reason "after the split"'],
  options: { symbol: { type: 'string' }, force: { type: 'boolean' }, reason: { type: 'string' } },
  async run(context, values) {
    const { config, log, io, signal } = context;
    const db = await context.database();
    const wanted = textOption(values, 'symbol');
    const symbols = wanted === undefined ? config.symbols : [wanted];
    const source = await openSource(config, db, Date.now);
    await ensureSeries(db, source, symbols, log);
    const pool = createTrainingPool(config.trainingThreads === undefined ? {} : { threads: config.trainingThreads });
    const reason = textOption(values, 'reason');
    const runContext = {
      db,
      databaseUrl: await context.databaseUrl(),
      source,
      pool,
      settings: DEFAULT_SETTINGS,
      log,
      now: Date.now,
      isTerminal: io.isTerminal,
      signal,
    };
    const results = [];
    try {
      for (const symbol of symbols) {
        const id = await claimManualRun(db, symbol, Date.now(), {
          force: values['force'] === true,
          ...(reason === undefined ? {} : { reason }),
        });
        if (id === undefined)
          throw new ShepherdError(
            'CONFLICT',
            `Another run of ${symbol} was asked for in this same millisecond; repeat the command.`,
          );
        const end = await executeRun(id, runContext).catch(async (error: unknown) => {
          await failRun(id, error, runContext);
          throw error;
        });
        results.push({ symbol, run: id, ...end });
      }
    } finally {
      await pool.close();
    }
    printResult(
      context,
      { results },
      results.map((result) => `${result.symbol}: ${result.sentence ?? 'nothing to do'}`),
    );
    return 0;
  },
};
