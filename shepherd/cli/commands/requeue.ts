import { ShepherdError } from '../../../core/errors.ts';
import { parseRunId } from '../../../core/runId.ts';
import { requeue } from '../../queue/requeue.ts';
import { REASON, printResult, textOption, type Command } from './command.ts';

export const requeueCommand: Command = {
  name: 'requeue',
  summary: 'put a failed run on the queue once more, with a reason that is kept; its finished steps are kept too',
  usage: 'shepherd requeue <run> --reason "…" [--json]',
  examples: ['shepherd requeue 42 --reason "the disk was full"'],
  options: { reason: REASON },
  async run(context, values, [given, ...more]) {
    const reason = textOption(values, 'reason');
    if (given === undefined || more.length > 0 || reason === undefined) {
      throw new ShepherdError(
        'INVALID_INPUT',
        'Name a failed run, as shepherd history lists it: shepherd requeue 42 --reason "…"',
      );
    }
    const run = parseRunId(given);
    const queued = await requeue(await context.database(), { run, reason }, context.log);
    printResult(context, queued, [
      `Run ${run} of ${queued.symbol} is on the queue again; a running shepherd takes it up.`,
    ]);
    return 0;
  },
};
