import { ShepherdError } from '../../../core/errors.ts';
import { parseVersion } from '../../../core/model/version.ts';
import { forcePromotion } from '../../run/force.ts';
import { REASON, printResult, textOption, type Command } from './command.ts';

export const promoteCommand: Command = {
  name: 'promote',
  summary: 'put a stored model into service against the gate, with a reason that is kept',
  usage: 'shepherd promote <version> --force --reason "…" [--json]',
  examples: ['shepherd promote 7 --force --reason "desk wants the fine-tuned one back"'],
  options: { force: { type: 'boolean', about: 'yes, past the gate' }, reason: REASON },
  async run(context, values, [given]) {
    if (given === undefined)
      throw new ShepherdError('INVALID_INPUT', 'Name the version to promote: shepherd promote 7 --force --reason "…"');
    const version = parseVersion(given);
    const reason = textOption(values, 'reason');
    if (values['force'] !== true || reason === undefined) {
      throw new ShepherdError(
        'INVALID_INPUT',
        'Promoting by hand passes the gate by; it needs --force and --reason "…".',
      );
    }
    const result = await forcePromotion(await context.database(), { version, reason }, context.log);
    printResult(context, result, [`Model ${result.version} is now the champion of ${result.symbol}.`]);
    return 0;
  },
};
