import { pin, unpin, type PinRequest } from '../../run/pin.ts';
import {
  SYMBOL,
  REASON,
  printResult,
  reasonFor,
  symbolOrFirst,
  type Command,
  type CommandContext,
  type Values,
} from './command.ts';

export const pinCommand: Command = {
  name: 'pin',
  summary: 'keep a champion in service, whatever a gate finds, until it is released',
  usage: 'shepherd pin [--symbol S] --reason "…" [--json]',
  examples: ['shepherd pin --symbol GSPC --reason "audit of this model until Friday"'],
  options: { symbol: SYMBOL, reason: REASON },
  async run(context, values) {
    const { symbol, version } = await pin(await context.database(), readRequest(context, values), context.log);
    printResult(context, { symbol, version }, [`${symbol} stays on model ${version} until it is released.`]);
    return 0;
  },
};

export const unpinCommand: Command = {
  name: 'unpin',
  summary: 'release a pinned champion: the next gate may replace it again',
  usage: 'shepherd unpin [--symbol S] --reason "…" [--json]',
  examples: ['shepherd unpin --symbol GSPC --reason "audit done"'],
  options: { symbol: SYMBOL, reason: REASON },
  async run(context, values) {
    const { symbol, version } = await unpin(await context.database(), readRequest(context, values), context.log);
    printResult(context, { symbol, version }, [`Model ${version} of ${symbol} is no longer pinned.`]);
    return 0;
  },
};

function readRequest(context: CommandContext, values: Values): PinRequest {
  const reason = reasonFor('To pin or release', values);
  return { symbol: symbolOrFirst(context, values), reason };
}
