import { beginUngated } from '../core/cycle/tenure.ts';
import type { ModelSpec } from '../core/model/spec.ts';
import { paired } from '../core/paired.ts';
import { parseDay } from '../core/series/day.ts';
import { dayAt, sliceSeries, type Series } from '../core/series/price.ts';
import type { SeriesSymbol } from '../core/series/symbol.ts';
import { parseVersion, type ModelVersion } from '../core/model/version.ts';
import { promote } from '../db/tables/champions.ts';
import type { Client } from '../db/connection/client.ts';
import { saveModel } from '../db/tables/models.ts';
import { saveBars } from '../db/tables/prices.ts';
import { saveSeries } from '../db/tables/series.ts';
import { MADE_UP_QUALITY } from './scores.ts';
import { PLAIN_CALIBRATION, randomNetwork, storedModel } from './servedModel.ts';

const TODAY = parseDay('2001-01-01');

/** Stores a series of daily closes as a feed would have brought it. */
export async function storeSeries(client: Client, symbol: SeriesSymbol, series: Series): Promise<void> {
  await saveSeries(client, { symbol, source: 'csv', transform: 'log-return', timeZone: 'UTC' });
  await storeDays(client, symbol, series);
}

/** Stores (further, or revised) days of a known series. */
export async function storeDays(client: Client, symbol: SeriesSymbol, { days, closes }: Series): Promise<void> {
  const nothing = { open: null, high: null, low: null, adjustedClose: null, volume: null };
  await saveBars(
    client,
    symbol,
    paired(days, closes).map(([day, close]) => ({ day, close, ...nothing })),
  );
}

/** Stores a model of random weights as if it had been trained on `series`, and answers its version. */
export async function storeModel(
  client: Client,
  symbol: SeriesSymbol,
  series: Series,
  { seed = 1, spec }: { readonly seed?: number; readonly spec?: ModelSpec } = {},
): Promise<ModelVersion> {
  const model = storedModel(symbol, parseVersion(seed), sliceSeries(series, 0, series.days.length), spec);
  const network = randomNetwork(seed, spec);
  return saveModel(client, {
    ...model,
    runId: null,
    arm: 'from-scratch',
    parent: null,
    spec: network.spec,
    scale: network.scale,
    seed,
    trainedFrom: dayAt(series, 0).day,
    dataDigest: 'test',
    training: {
      validationDays: 100,
      backend: 'none',
      epochs: 0,
      bestEpoch: 0,
      validationLoss: null,
      seconds: 0,
    },
    holdout: MADE_UP_QUALITY,
  });
}

/** Makes a stored model the champion, whatever was before. */
export async function promoteModel(
  client: Client,
  symbol: SeriesSymbol,
  version: ModelVersion,
  expected: ModelVersion | null,
): Promise<void> {
  const moved = await promote(client, {
    symbol,
    version,
    expected,
    kind: expected === null ? 'first' : 'forced',
    reason: 'a test',
    runId: null,
    ...beginUngated({ trainedTo: TODAY, calibration: PLAIN_CALIBRATION }, TODAY),
  });
  if (!moved) throw new Error(`version ${version} was not promoted`);
}
