import type { BandState } from '../../core/forecast/band.ts';
import type { Series } from '../../core/series/price.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { StoredModel } from '../../db/tables/models.ts';
import type { NewPrediction } from '../../db/tables/predictions.ts';
import type { ForecastScore } from '../../db/tables/scores.ts';

/** Which model is live for a symbol, and what its series has come to. */
export interface WatchedChampion {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  /** Tells this stored model from any other of the same version: a restored database gives its numbers anew. */
  readonly identity: string;
  /** IANA name of the exchange's zone. */
  readonly timeZone: string;
  /** Changes whenever a day is added, one of the last is revised, or a forecast that counts is scored. */
  readonly seriesMark: string;
}

/** A model as it is stored, not yet trusted: what is read of it here. */
export type UntrustedModel = Pick<
  StoredModel,
  'symbol' | 'version' | 'createdAt' | 'trainedTo' | 'calibration' | 'golden' | 'topology' | 'weights' | 'sha256'
>;

/** Which stored model it is: version, hash of the weights, and when the row was made, which a number given anew does not share. */
export function identityOf({
  version,
  sha256,
  createdAt,
}: Pick<StoredModel, 'version' | 'sha256' | 'createdAt'>): string {
  return `${version} ${sha256} ${createdAt}`;
}

export interface ChangeHandlers {
  readonly onChampion: (symbol: SeriesSymbol) => void;
  readonly onPrices: (symbol: SeriesSymbol) => void;
  /** Notifications may have been missed: ask for everything. */
  readonly onRestored: () => void;
}

/**
 * What the estimator asks of the database, as seen from here; `databaseStore.ts` answers it with SQL.
 * Every function rejects with DATABASE_UNAVAILABLE while the server is away.
 */
export interface Store {
  /** Champions of all symbols, that with the oldest first model first, or of one. */
  listChampions(symbol?: SeriesSymbol): Promise<WatchedChampion[]>;
  /** Whether the series is stored, with or without a champion. */
  isStored(symbol: SeriesSymbol): Promise<boolean>;
  loadModel(version: ModelVersion): Promise<UntrustedModel>;
  loadSeries(symbol: SeriesSymbol): Promise<Series>;
  /** How the last days met the forecasts that were issued for them, one day ahead, days ascending. */
  loadScores(symbol: SeriesSymbol): Promise<ForecastScore[]>;
  /** State of the bands of the champion after the last scored day; `null` before the first, or when another version is champion. */
  loadBand(symbol: SeriesSymbol, version: ModelVersion): Promise<BandState | null>;
  appendPredictions(entries: readonly NewPrediction[]): Promise<void>;
  /** @returns a function that stops listening; rejects when the first connection fails. */
  listen(handlers: ChangeHandlers): Promise<() => Promise<void>>;
}
