import { ensureSeries } from '../../intake/series.ts';
import { SYMBOL, REASON, printResult, symbolOption, textOption, type Command } from './command.ts';
import { closeRunContext, openRunContext, runNow } from './runNow.ts';

export const run: Command = {
  name: 'run',
  summary: 'one whole run now: pull, check, decide, train, gate, promote',
  usage: 'shepherd run [--symbol S] [--force] [--reason "…"] [--json]',
  examples: ['shepherd run', 'shepherd run --symbol MSFT --force --reason "after the split"'],
  makesDatabase: true,
  options: { symbol: SYMBOL, force: { type: 'boolean', about: 'train whatever the check says' }, reason: REASON },
  async run(context, values) {
    const wanted = symbolOption(values);
    const symbols = wanted === undefined ? context.config.symbols : [wanted];
    const reason = textOption(values, 'reason');
    const request = { force: values['force'] === true, ...(reason === undefined ? {} : { reason }) };
    const runContext = await openRunContext(context);
    const results = [];
    try {
      await ensureSeries(runContext.db, runContext.source, symbols, context.log);
      for (const symbol of symbols) results.push({ symbol, ...(await runNow(runContext, symbol, request)) });
    } finally {
      await closeRunContext(context, runContext);
    }
    printResult(
      context,
      { results },
      results.map((result) => `${result.symbol}: ${result.sentence ?? 'nothing to do'}`),
    );
    return 0;
  },
};
