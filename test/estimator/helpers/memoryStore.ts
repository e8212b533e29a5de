import { ShepherdError } from '../../../core/errors.ts';
import { parseVersion } from '../../../core/model/version.ts';
import type { Series } from '../../../core/series/price.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { NewPrediction } from '../../../db/tables/predictions.ts';
import type {
  DetectorListing,
  EventListing,
  FlockListing,
  PromotionListing,
  Records,
} from '../../../estimator/serving/records.ts';
import { identityOf, type ChangeHandlers, type Store, type UntrustedModel } from '../../../estimator/serving/store.ts';
import type { ForecastScore } from '../../../db/tables/scores.ts';

/** A store in memory whose contents and availability a test sets. */
export interface MemoryStore extends Store, Records {
  /** While true, everything rejects as the database does when it is away. */
  away: boolean;
  readonly champions: Map<string, number>;
  readonly models: Map<number, UntrustedModel>;
  readonly series: Map<string, Series>;
  readonly scores: Map<string, readonly ForecastScore[]>;
  readonly predictions: NewPrediction[];
  /** Of every series; events the newest first. */
  readonly events: EventListing[];
  readonly detectors: DetectorListing[];
  readonly flock: FlockListing[];
  readonly promotions: PromotionListing[];
  /** Set once something listens. */
  handlers: ChangeHandlers | undefined;
}

export function createMemoryStore(): MemoryStore {
  const answer = <T>(value: () => T): Promise<T> =>
    store.away
      ? Promise.reject(new ShepherdError('DATABASE_UNAVAILABLE', 'PostgreSQL at secret-host is not available.'))
      : Promise.resolve().then(value);
  const store: MemoryStore = {
    away: false,
    champions: new Map(),
    models: new Map(),
    series: new Map(),
    scores: new Map(),
    predictions: [],
    events: [],
    detectors: [],
    flock: [],
    promotions: [],
    handlers: undefined,
    listChampions: (only) =>
      answer(() =>
        [...store.champions]
          .filter(([symbol]) => only === undefined || symbol === only)
          .map(([symbol, version]) => ({
            symbol: parseSymbol(symbol),
            version: parseVersion(version),
            identity: identityOf(store.models.get(version)!),
            timeZone: 'UTC',
            seriesMark: `${store.series.get(symbol)!.days.at(-1)} ${JSON.stringify(store.scores.get(symbol)?.at(-1))}`,
          })),
      ),
    isStored: (symbol) => answer(() => store.series.has(symbol)),
    loadModel: (version) => answer(() => store.models.get(version)!),
    loadSeries: (symbol) => answer(() => store.series.get(symbol)!),
    loadScores: (symbol) => answer(() => [...(store.scores.get(symbol) ?? [])]),
    loadBand: () => answer(() => null),
    appendPredictions: (entries) => answer(() => void store.predictions.push(...entries)),
    listen: (handlers) =>
      answer(() => {
        store.handlers = handlers;
        return () => Promise.resolve();
      }),
    listModels: () => answer(() => []),
    listPromotions: () => answer(() => [...store.promotions]),
    listEvents: () => answer(() => [...store.events]),
    listDetectors: () => answer(() => [...store.detectors]),
    listFlock: () => answer(() => [...store.flock]),
    findLastDrift: () => answer(() => undefined),
  };
  return store;
}
