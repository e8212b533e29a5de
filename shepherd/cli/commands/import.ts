import { IMPORT_USAGE, runImport } from '../../intake/import.ts';
import { linesTo, type Command } from './command.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'store a CSV of daily values as a series of your own',
  usage: IMPORT_USAGE,
  examples: ['shepherd import MSFT.csv --symbol MSFT', 'shepherd import weather.csv --symbol TEMP --column mean'],
  makesDatabase: true,
  readsArguments: true,
  options: {
    symbol: { type: 'string', about: 'the name that the series gets' },
    column: { type: 'string', about: 'header of the column to take as the price' },
    'time-zone': { type: 'string', about: 'IANA name of the exchange’s zone, such as America/New_York (UTC)' },
  },
  run: async (context, _values, args) => runImport(args, { db: await context.database(), io: linesTo(context.io) }),
};
