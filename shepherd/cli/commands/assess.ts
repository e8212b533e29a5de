import { ASSESS_USAGE, runAssess } from '../assessFiles.ts';
import { linesTo, type Command } from './command.ts';

export const assess: Command = {
  name: 'assess',
  summary: 'the drift check alone, on two files or on lines of returns; needs no database',
  usage: ASSESS_USAGE[0],
  examples: [
    'shepherd assess last-year.csv this-quarter.csv',
    'echo \'{"reference":[…],"current":[…]}\' | shepherd assess --jsonl',
  ],
  readsArguments: true,
  options: {
    column: { type: 'string', about: 'header of the column to take, of prices or of returns' },
    returns: { type: 'boolean', about: 'the column holds changes already, whatever its name' },
    level: { type: 'string', about: 'false alarms of a single check, as a probability (0.05)' },
    'false-alarm-days': { type: 'string', about: 'days between two false alarms of a daily check, instead of a level' },
    seed: { type: 'string', about: 'of the bootstrap (1)' },
    jsonl: { type: 'boolean', about: 'read lines {"reference":[…],"current":[…]} of returns, answer a line each' },
  },
  run: (context, _values, args) => runAssess(args, { stdin: process.stdin, out: linesTo(context.io).out }),
};
