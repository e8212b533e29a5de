import { isNonEmpty, last } from '../../core/nonEmpty.ts';
import { wholeNumber } from '../../core/prose/figures.ts';
import { plural } from '../../core/prose/plural.ts';
import type { TradingDay } from '../../core/series/day.ts';
import { chooseTransform } from '../../core/series/transform.ts';
import type { Imported } from './import.ts';
import { tellFaults } from './story.ts';

function sayTransform({ file, series }: Imported): string {
  const changes = series.transform === 'log-return' ? 'log returns' : 'differences';
  const suggested = chooseTransform(file.bars.map(({ close }) => close));
  if (suggested !== series.transform) return `${changes}, as when the series was first stored`;
  return `${changes}, as ${suggested === 'log-return' ? 'every value is' : 'not every value is'} above 0`;
}

function sayMissing(missing: readonly TradingDay[]): string {
  const count = plural(missing.length, 'expected trading day');
  return missing.length === 1
    ? `${count} is missing: ${missing[0] ?? ''}.`
    : `${count} are missing, the first ${missing[0] ?? ''}, the last ${missing.at(-1) ?? ''}.`;
}

/** An import in lines for people. @param name of its file. */
export function tellImport(name: string, imported: Imported): string[] {
  const { file, series, stored, missing } = imported;
  const { symbol } = series;
  const [from, to] = [file.bars[0].day, last(file.bars).day];
  const { inserted, revised, unchanged, faults } = stored;
  return [
    `${symbol}: read ${plural(file.rows, 'row')} of ${name}, column "${file.column}", ${from} to ${to}.`,
    `${symbol}: ${wholeNumber(inserted)} new, ${wholeNumber(revised.length)} revised, ${wholeNumber(unchanged)} unchanged.`,
    ...(missing.length > 0 ? [`${symbol}: ${sayMissing(missing)}`] : []),
    ...(isNonEmpty(faults) ? [`${symbol}: ${tellFaults(faults).sentence}`] : []),
    `${symbol}: the model sees ${sayTransform(imported)}.`,
  ];
}

/** An import as plain JSON. */
export function describeImport({ file, series, stored, missing }: Imported): object {
  const { inserted, revised, unchanged, faults } = stored;
  return {
    symbol: series.symbol,
    column: file.column,
    rows: file.rows,
    firstDay: file.bars[0].day,
    lastDay: last(file.bars).day,
    inserted,
    revised: revised.length,
    unchanged,
    missing: missing.length === 0 ? null : { days: missing.length, first: missing[0], last: missing.at(-1) },
    faults: faults.map(({ day, kind, sentence }) => ({ day, kind, sentence })),
    transform: series.transform,
    timeZone: series.timeZone,
  };
}
