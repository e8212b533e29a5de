import { createPredictor } from '../../../core/model/infer.ts';
import type { SeriesSymbol } from '../../../core/series/symbol.ts';
import type { ModelVersion } from '../../../core/model/version.ts';
import {
  createServing,
  type ModelFault,
  type Serving,
  type ServingOptions,
} from '../../../estimator/serving/serving.ts';
import { createMemoryStore, type MemoryStore } from './memoryStore.ts';
import { storedModel } from '../../../lab/servedModel.ts';
import { TEST_SERIES } from './testApp.ts';

export interface TestServing {
  readonly serving: Serving;
  readonly store: MemoryStore;
  readonly faults: ModelFault[];
  readonly activated: number[];
  /** Stores a model and makes it the champion of a symbol, as a promotion does. */
  promote(symbol: SeriesSymbol, version: ModelVersion): void;
}

/** The serving core on a store in memory, with what it reports kept. */
export function createTestServing(options: Partial<ServingOptions> = {}): TestServing {
  const store = createMemoryStore();
  const faults: ModelFault[] = [];
  const activated: number[] = [];
  const serving = createServing({
    store,
    createPredictor,
    preferred: [],
    events: {
      onActivated: ({ version }) => void activated.push(version),
      onFault: (fault) => void faults.push(fault),
    },
    ...options,
  });
  return {
    serving,
    store,
    faults,
    activated,
    promote(symbol, version) {
      store.series.set(symbol, TEST_SERIES);
      store.models.set(version, storedModel(symbol, version, TEST_SERIES));
      store.champions.set(symbol, version);
    },
  };
}
