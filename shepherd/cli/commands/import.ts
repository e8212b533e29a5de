import { IMPORT_USAGE, runImport } from '../../intake/import.ts';
import { linesTo, type Command } from './command.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'store a CSV of daily values as a series of your own',
  usage: IMPORT_USAGE,
  examples: ['shepherd import MSFT.csv --symbol MSFT', 'shepherd import weather.csv --symbol TEMP --column mean'],
  options: undefined,
  run: async (context, _values, args) => runImport(args, { db: await context.database(), io: linesTo(context.io) }),
};
