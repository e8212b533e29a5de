import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Trainer } from '../../core/evaluate/walkForward.ts';
import { measureQuality } from '../../core/forecast/quality.ts';
import { readSeries, walkSeries, type WalkedSeries } from '../forecast/forecastSeries.ts';
import type { Bar } from '../report.ts';

/** A window on which a seed system published figures, and what naive makes of it as measured independently. */
interface SeedWindow {
  readonly series: string;
  readonly file: string;
  readonly column?: string;
  readonly from: string;
  readonly to: string;
  readonly naive: { readonly mae: number; readonly rmse: number; readonly mape: number };
  /** Published error of the seed's LSTM, where it is known. */
  readonly published?: { readonly mape: number };
}

/** MAPE in per cent, as published. */
export const SEED_WINDOWS: readonly SeedWindow[] = [
  {
    series: 'BTC-USD',
    file: 'BTC-USD.csv',
    from: '2025-06-01',
    to: '2025-07-15',
    naive: { mae: 1321.74, rmse: 1788.6, mape: 1.22 },
    published: { mape: 1.97 },
  },
  {
    series: 'PETR4.SA',
    file: 'PETR4.SA.asof-2024-11-14.csv',
    column: 'adj_close',
    from: '2024-06-01',
    to: '2024-11-15',
    naive: { mae: 0.364, rmse: 0.505, mape: 0.99 },
  },
  {
    series: 'MSFT',
    file: 'MSFT.csv',
    from: '2024-01-01',
    to: '2024-12-31',
    naive: { mae: 3.96, rmse: 5.29, mape: 0.95 },
  },
];

/** Naive's and the network's errors on a seed's window, each day forecast by a model that had not seen it. */
export async function measureSeedWindow(
  window: SeedWindow,
  folder: string,
  walked: ReadonlyMap<string, WalkedSeries>,
  options: { trainer: Trainer; seed: number },
): Promise<{ figures: Record<string, unknown>; bars: Bar[] } | undefined> {
  const path = join(folder, window.file);
  if (!existsSync(path)) return undefined;
  const scores = (await scoresFor(window, path, walked, options)).filter(
    ({ day }) => day >= window.from && day <= window.to,
  );
  const { days, mae, mse, mape, naiveMae, naiveMse, naiveMape, coverage } = measureQuality(scores);
  const percentage = (ratio: number | null): number => 100 * (ratio ?? Number.NaN);
  const measured = { mae: naiveMae, rmse: Math.sqrt(naiveMse), mape: percentage(naiveMape) };
  const network = { mae, rmse: Math.sqrt(mse), mape: percentage(mape) };
  return {
    figures: { ...window, days, naiveMeasured: measured, network, coverage },
    bars: (['mae', 'rmse', 'mape'] as const).map((error) => {
      const digits = (String(window.naive[error]).split('.')[1] ?? '').length;
      const rounded = Number(measured[error].toFixed(Math.max(2, digits)));
      return {
        name: `${window.series} ${window.from}..${window.to}: naive ${error} as measured independently`,
        value: rounded,
        limit: window.naive[error],
        ok: rounded === window.naive[error],
      };
    }),
  };
}

async function scoresFor(
  window: SeedWindow,
  path: string,
  walked: ReadonlyMap<string, WalkedSeries>,
  options: { trainer: Trainer; seed: number },
) {
  const known = window.column === undefined ? walked.get(window.series) : undefined;
  if (known !== undefined) return known.scores;
  const { series } = await readSeries(path, window.column);
  const from = series.days.findIndex((day) => day >= window.from);
  return (await walkSeries(series, { ...options, from, folds: 1 })).scores;
}
