import { rollBack } from '../../run/force.ts';
import { SYMBOL, REASON, printResult, reasonFor, symbolOrFirst, type Command } from './command.ts';

export const rollback: Command = {
  name: 'rollback',
  summary: 'put the previous champion back into service, with a reason that is kept',
  usage: 'shepherd rollback [--symbol S] --reason "…" [--json]',
  examples: ['shepherd rollback --symbol GSPC --reason "bands far too narrow since noon"'],
  options: { symbol: SYMBOL, reason: REASON },
  async run(context, values) {
    const reason = reasonFor('A rollback', values);
    const symbol = symbolOrFirst(context, values);
    const result = await rollBack(await context.database(), { symbol, reason }, context.log);
    printResult(context, result, [`${symbol} is back on model ${result.to} (was ${result.from}).`]);
    return 0;
  },
};
