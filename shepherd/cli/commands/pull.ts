import { openSource } from '../../feeds/open.ts';
import { exitStatusOf, pullSymbol } from '../../intake/pull.ts';
import { requireSymbol } from '../../../core/series/symbol.ts';
import { printResult, textOption, type Command } from './command.ts';

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
    const wanted = textOption(values, 'symbol');
    const symbols = wanted === undefined ? config.symbols : [requireSymbol(wanted)];
    const source = await openSource(config, db, Date.now);
    const results = [];
    for (const symbol of symbols) {
      results.push(await pullSymbol({ db, source, signal, log }, symbol));
    }
    printResult(
      context,
      { results },
      results.map(({ symbol, sentence }) => `${symbol}: ${sentence}`),
    );
    return Math.max(...results.map(exitStatusOf));
  },
};
