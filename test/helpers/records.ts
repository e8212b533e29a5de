import type { NewPromotion } from '../../db/tables/champions.ts';
import type { Client } from '../../db/connection/client.ts';
import { saveModel, type NewModel } from '../../db/tables/models.ts';
import { saveBars } from '../../db/tables/prices.ts';
import { saveSeries } from '../../db/tables/series.ts';
import { startBand, type BandState } from '../../core/forecast/band.ts';
import { MADE_UP_QUALITY } from '../../lab/scores.ts';
import { DEFAULT_SPEC } from '../../core/model/spec.ts';
import { addDays, parseDay, type TradingDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';

/** A bar of which only the close matters. */
export function bar(day: string, close: number, volume: number | null = null): PriceBar {
  return { day: parseDay(day), close, open: null, high: null, low: null, adjustedClose: null, volume };
}

/** `count` consecutive days from `first` with closes 100, 101, … */
export function risingBars(first: string, count: number): PriceBar[] {
  return Array.from({ length: count }, (_, i) => bar(addDays(parseDay(first), i), 100 + i));
}

/** Stores a series and its bars. */
export async function storeSeries(client: Client, symbol: SeriesSymbol, bars: readonly PriceBar[] = []): Promise<void> {
  await saveSeries(client, { symbol, source: 'csv', transform: 'log-return', timeZone: 'UTC' });
  await saveBars(client, symbol, bars);
}

/** Bands of one horizon that have seen three outcomes. */
export const BAND: BandState = startBand([[0.5, 1.5, 1]]);

export const DAY: TradingDay = parseDay('2020-01-10');

/** A model of which only what is given matters. */
export function newModel(symbol: SeriesSymbol, given: Partial<NewModel> = {}): NewModel {
  return {
    symbol,
    runId: null,
    arm: 'from-scratch',
    parent: null,
    spec: DEFAULT_SPEC,
    scale: { changeDeviation: 0.01, logVolatilityMean: -4.5, logVolatilityDeviation: 0.3 },
    seed: 2 ** 40 + 1,
    topology: '{"class_name":"Model"}',
    weights: Uint8Array.of(0, 1, 127, 128, 255),
    sha256: 'ab'.repeat(32),
    trainedFrom: parseDay('2019-01-02'),
    trainedTo: DAY,
    dataDigest: 'cd'.repeat(32),
    training: { validationDays: 250, backend: 'plain', epochs: 3, bestEpoch: 2, validationLoss: 1.5, seconds: 2 },
    calibration: { anchor: null, rhythm: null, horizons: [{ shrinkage: 0.2, spreadFactor: 1 }], band: BAND, days: 250 },
    holdout: { ...MADE_UP_QUALITY, mse: 1.25 },
    golden: { closes: [100, 101], prediction: 101.5 },
    ...given,
  };
}

/** Stores such a model and answers its version. */
export function storeModel(client: Client, symbol: SeriesSymbol, given: Partial<NewModel> = {}): Promise<ModelVersion> {
  return saveModel(client, newModel(symbol, given));
}

/** A promotion of which only what is given matters: the first of its series. */
export function newPromotion(
  symbol: SeriesSymbol,
  version: ModelVersion,
  given: Partial<NewPromotion> = {},
): NewPromotion {
  return {
    symbol,
    version,
    expected: null,
    kind: 'first',
    reason: 'there was none',
    runId: null,
    validatedTo: DAY,
    promotedOn: DAY,
    evidence: {},
    reference: { to: DAY, fitted: null },
    band: BAND,
    ...given,
  };
}
