import { verifyChain } from '../../../db/tables/events.ts';
import { printResult, textOption, type Command } from './command.ts';

const BROKEN = 1;

export const verify: Command = {
  name: 'verify',
  summary: 'recompute the hash chain of the audit record',
  usage: 'shepherd verify [--head HASH] [--json]',
  examples: ['shepherd verify', 'shepherd verify --head 5f0c…   (the head an earlier verify printed)'],
  options: { head: { type: 'string', about: 'a hash that verify printed before; it must still be in the chain' } },
  async run(context, values) {
    const verdict = await verifyChain(await context.database(), textOption(values, 'head'));
    printResult(context, verdict, [
      verdict.intact
        ? `The record of ${verdict.events} events is whole; its head is ${verdict.head ?? 'empty'}.`
        : verdict.sentence,
    ]);
    return verdict.intact ? 0 : BROKEN;
  },
};
