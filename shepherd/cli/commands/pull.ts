import { openSource } from '../../feeds/open.ts';
import { exitStatusOf } from '../../intake/pull.ts';
import { pullAlone } from '../../intake/pullAlone.ts';
import { printResult, symbolOption, type Command } from './command.ts';

/** A training may be under way. */
const PATIENCE_MS = 120_000;

export const pull: Command = {
  name: 'pull',
  summary: 'fetch what is new from the feed and store it',
  usage: 'shepherd pull [--symbol S] [--json]',
  examples: ['SOURCE=yahoo shepherd pull --symbol PETR4.SA'],
  makesDatabase: true,
  options: { symbol: { type: 'string', about: 'this series alone; those of SYMBOLS when left out' } },
  async run(context, values) {
    const { config, log, signal } = context;
    const db = await context.database();
    const databaseUrl = await context.databaseUrl();
    const wanted = symbolOption(values);
    const symbols = wanted === undefined ? config.symbols : [wanted];
    const source = await openSource(config, db, Date.now);
    const results = [];
    for (const symbol of symbols) {
      results.push(await pullAlone({ db, databaseUrl, source, signal, log, patienceMs: PATIENCE_MS }, symbol));
    }
    printResult(
      context,
      { results },
      results.map(({ symbol, sentence }) => `${symbol}: ${sentence}`),
    );
    return Math.max(...results.map(exitStatusOf));
  },
};
