import { ASSESS_USAGE, runAssess } from '../assessFiles.ts';
import { linesTo, type Command } from './command.ts';

export const assess: Command = {
  name: 'assess',
  summary: 'the drift check alone, on two files or on lines of returns; needs no database',
  usage: ASSESS_USAGE.split('\n')[0]!.trim(),
  examples: [
    'shepherd assess last-year.csv this-quarter.csv',
    'echo \'{"reference":[…],"current":[…]}\' | shepherd assess --jsonl',
  ],
  options: undefined,
  run: (context, _values, args) => runAssess(args, { stdin: process.stdin, out: linesTo(context.io).out }),
};
