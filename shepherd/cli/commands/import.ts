import { basename } from 'node:path';
import { ShepherdError } from '../../../core/errors.ts';
import { isTimeZone } from '../../feeds/exchangeDay.ts';
import { importSeries } from '../../intake/import.ts';
import { describeImport, tellImport } from '../../intake/tellImport.ts';
import { printResult, symbolOption, textOption, type Command, type Values } from './command.ts';

const USAGE = 'shepherd import <csv> --symbol S [--column C] [--time-zone Z] [--json]';

export const importCommand: Command = {
  name: 'import',
  summary: 'store a CSV of daily values as a series of your own',
  usage: USAGE,
  examples: ['shepherd import MSFT.csv --symbol MSFT', 'shepherd import weather.csv --symbol TEMP --column mean'],
  makesDatabase: true,
  options: {
    symbol: { type: 'string', about: 'the name that the series gets' },
    column: { type: 'string', about: 'header of the column to take as the price' },
    'time-zone': { type: 'string', about: 'IANA name of the exchange’s zone, such as America/New_York (UTC)' },
  },
  async run(context, values, positionals) {
    const [path] = positionals;
    const symbol = symbolOption(values);
    if (path === undefined || positionals.length > 1 || symbol === undefined) {
      throw new ShepherdError('INVALID_INPUT', `Expected one file and a symbol: ${USAGE}`);
    }
    const request = { symbol, column: textOption(values, 'column'), timeZone: timeZoneOption(values), input: { path } };
    const imported = await importSeries(await context.database(), request);
    printResult(context, { file: path, ...describeImport(imported) }, tellImport(basename(path), imported));
    return 0;
  },
};

/** @throws ShepherdError INVALID_INPUT. */
function timeZoneOption(values: Values): string | undefined {
  const timeZone = textOption(values, 'time-zone');
  if (timeZone === undefined || isTimeZone(timeZone)) return timeZone;
  const what = `--time-zone "${timeZone.slice(0, 40)}" is not a time zone; expected an IANA name such as America/New_York.`;
  throw new ShepherdError('INVALID_INPUT', what);
}
