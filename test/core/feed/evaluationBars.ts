import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEvaluationData } from '../../../lab/evaluationData.ts';
import { parseDay } from '../../../core/series/day.ts';
import type { PriceBar } from '../../../core/series/price.ts';

export interface EvaluationSeries {
  readonly name: string;
  readonly timeZone: string;
  readonly bars: readonly PriceBar[];
}

const TIME_ZONES: Readonly<Record<string, string>> = {
  'BTC-USD': 'UTC',
  'ETH-USD': 'UTC',
  'PETR4.SA': 'America/Sao_Paulo',
};

/** The real series of these names in the evaluation folder, or none where it is absent. */
export function readEvaluationBars(names: readonly string[]): EvaluationSeries[] {
  const folder = findEvaluationData();
  if (folder === undefined) return [];
  return names.map((name) => {
    const [, ...lines] = readFileSync(join(folder, `${name}.csv`), 'utf8')
      .trim()
      .split('\n');
    return { name, timeZone: TIME_ZONES[name] ?? 'America/New_York', bars: lines.map(toBar) };
  });
}

function toBar(line: string): PriceBar {
  const [day, ...cells] = line.split(',');
  const [open, high, low, close, adjustedClose, volume] = cells.map((cell) => (cell === '' ? null : Number(cell)));
  return {
    day: parseDay(day ?? ''),
    open: open ?? null,
    high: high ?? null,
    low: low ?? null,
    close: close ?? Number.NaN,
    adjustedClose: adjustedClose ?? null,
    volume: volume ?? null,
  };
}
