import { ShepherdError } from '../../core/errors.ts';
import type { Network, Predictor } from '../../core/model/network.ts';
import { isSymbol, type SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import { brief } from '../../service/request/checked.ts';
import { activateModel } from './activateModel.ts';
import { createServedSymbol, type ActiveModel, type ServedSymbol } from './servedSymbol.ts';
import type { WatchedChampion, Store } from './store.ts';

/** A promoted model that could not be put into service, so that the one before it still answers. */
export interface ModelFault {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly reason: string;
}

/** A fault, of which stored model, and whether looking at it again can help. */
interface KnownFault extends ModelFault {
  readonly identity: string;
  /** The model itself is wrong as it is stored; anything else may pass, and is tried at the next look. */
  readonly lasting: boolean;
}

export interface ServingEvents {
  /** A model has begun to answer. */
  onActivated(model: ActiveModel, previous: ActiveModel | undefined): void;
  onFault(fault: ModelFault): void;
}

export interface ServingOptions {
  readonly store: Store;
  readonly createPredictor: (network: Network) => Predictor;
  readonly events: ServingEvents;
  /** Loaded at start, and the first answers a request without a symbol, whether it has a champion yet or not. */
  readonly preferred: readonly SeriesSymbol[];
  /** Symbols held in memory; the one asked for least recently makes room. A symbol takes about half a megabyte. */
  readonly capacity?: number;
}

/** The models and series that answer, by symbol. */
export interface Serving {
  /** What is in memory for a symbol (absent: the default), without waiting. */
  current(symbol: string | undefined): ServedSymbol | undefined;
  /** As `current`, loading it first where needed. @throws ShepherdError UNKNOWN_SYMBOL naming the known ones, NO_CHAMPION. */
  get(symbol: string | undefined): Promise<ServedSymbol>;
  /** Brings a symbol in memory up to date; calls at the same time share the work, and a later one is never lost. */
  refresh(symbol: SeriesSymbol): Promise<void>;
  /** Learns which champions there are, and brings every symbol in memory up to date. */
  refreshAll(): Promise<void>;
  known(): readonly string[];
  /** Answers requests without a symbol: the first preferred, else the series that had a model first. Other series never change it. */
  defaultSymbol(): string | undefined;
  loaded(): readonly ServedSymbol[];
  faults(): readonly ModelFault[];
}

const CAPACITY = 500;
/** Known symbols that a refusal lists. */
const SYMBOLS_NAMED = 50;

interface Slot {
  readonly served: ServedSymbol;
  readonly seriesMark: string;
  usedAt: number;
}

export function createServing({
  store,
  createPredictor,
  events,
  preferred,
  capacity = CAPACITY,
}: ServingOptions): Serving {
  const slots = new Map<string, Slot>();
  const faults = new Map<string, KnownFault>();
  const refreshing = new Map<SeriesSymbol, { done: Promise<void>; again: boolean }>();
  /** By when they had their first model. */
  let champions = new Map<SeriesSymbol, WatchedChampion>();
  let clock = 0;

  const defaultSymbol = (): SeriesSymbol | undefined => preferred[0] ?? [...champions.keys()][0];

  const current = (symbol: string | undefined): ServedSymbol | undefined => {
    const slot = slots.get(symbol ?? defaultSymbol() ?? '');
    if (slot === undefined) return undefined;
    slot.usedAt = clock += 1;
    return slot.served;
  };

  const bringUpToDate = async (symbol: SeriesSymbol): Promise<void> => {
    const [champion] = await store.listChampions(symbol);
    if (champion === undefined) return;
    champions.set(symbol, champion);
    const before = slots.get(symbol);
    const model = await nextModel(champion, before?.served.model);
    if (model === undefined) return;
    if (before?.served.model === model && before.seriesMark === champion.seriesMark) return;
    // A promotion alone leaves the days and their scores as they were.
    const same = before?.seriesMark === champion.seriesMark ? before.served : undefined;
    const [series, scores, band] = await Promise.all([
      same?.series ?? store.loadSeries(symbol),
      same?.scores ?? store.loadScores(symbol),
      store.loadBand(symbol, model.version),
    ]);
    // A model that stays because the champion is at fault keeps the bands it had.
    const kept = before?.served.model === model ? before.served.band : null;
    slots.set(symbol, {
      served: createServedSymbol(model, series, { scores, band: band ?? kept }, champion.timeZone),
      seriesMark: champion.seriesMark,
      usedAt: (clock += 1),
    });
    if (before?.served.model !== model) events.onActivated(model, before?.served.model);
    makeRoom(slots, capacity);
  };

  /** The model to answer with: the champion, or the one in service where the champion fails its checks. */
  const nextModel = async (
    champion: WatchedChampion,
    before: ActiveModel | undefined,
  ): Promise<ActiveModel | undefined> => {
    const { symbol, version, identity } = champion;
    if (before?.identity === identity) {
      faults.delete(symbol);
      return before;
    }
    const known = faults.get(symbol);
    const again = known?.identity === identity ? known : undefined;
    if (again?.lasting === true) return before; // said already; only another promotion helps
    try {
      const model = await activateModel(await store.loadModel(version), createPredictor);
      faults.delete(symbol);
      return model;
    } catch (error) {
      const code = error instanceof ShepherdError ? error.code : undefined;
      if (code === 'DATABASE_UNAVAILABLE') throw error;
      const reason = error instanceof Error ? error.message : String(error);
      const fault = { symbol, version, identity, reason, lasting: code === 'INVALID_ARTIFACT' };
      faults.set(symbol, fault);
      if (again?.reason !== reason) events.onFault({ symbol, version, reason });
      return before;
    }
  };

  /** Why a symbol cannot be answered. */
  const explainAbsence = async (symbol: string): Promise<ShepherdError> => {
    const fault = faults.get(symbol);
    if (fault !== undefined) {
      const sentence = `Model ${fault.version} of ${symbol} failed its checks, and no model before it is loaded.`;
      return new ShepherdError('NO_CHAMPION', sentence);
    }
    if (isSymbol(symbol) && (await store.isStored(symbol))) {
      return new ShepherdError(
        'NO_CHAMPION',
        `${symbol} has no model yet; its first one is promoted after its first run.`,
      );
    }
    const known = champions.size === 0 ? 'none yet' : [...champions.keys()].slice(0, SYMBOLS_NAMED).join(', ');
    return new ShepherdError('UNKNOWN_SYMBOL', `${brief(symbol)} is not known here; known symbols: ${known}.`);
  };

  const refresh = (symbol: SeriesSymbol): Promise<void> => {
    const running = refreshing.get(symbol);
    if (running !== undefined) {
      running.again = true; // what it has read may be older than what this call is about
      return running.done;
    }
    const state = { done: Promise.resolve(), again: true };
    state.done = (async () => {
      while (state.again) {
        state.again = false;
        await bringUpToDate(symbol);
      }
    })().finally(() => refreshing.delete(symbol));
    refreshing.set(symbol, state);
    return state.done;
  };

  return {
    current,
    async get(asked) {
      const inMemory = current(asked);
      if (inMemory !== undefined) return inMemory;
      const symbol = asked ?? defaultSymbol();
      if (symbol === undefined) {
        throw new ShepherdError('NO_CHAMPION', 'No model has been promoted yet; the first one is being trained.');
      }
      if (isSymbol(symbol)) await refresh(symbol);
      const loaded = current(symbol);
      if (loaded !== undefined) return loaded;
      throw await explainAbsence(symbol);
    },
    refresh,
    async refreshAll() {
      const listed = await store.listChampions();
      champions = new Map(listed.map((champion) => [champion.symbol, champion]));
      let room = capacity - slots.size;
      const stale = listed.filter(({ symbol, identity, seriesMark }) => {
        const slot = slots.get(symbol);
        if (slot === undefined) return preferred.includes(symbol) || (room -= 1) >= 0;
        return slot.served.model.identity !== identity || slot.seriesMark !== seriesMark;
      });
      for (const { symbol } of stale) await refresh(symbol);
    },
    known: () => [...champions.keys()].sort(),
    defaultSymbol,
    loaded: () => [...slots.values()].map(({ served }) => served),
    faults: () => [...faults.values()].map(({ symbol, version, reason }) => ({ symbol, version, reason })),
  };
}

function makeRoom(slots: Map<string, Slot>, capacity: number): void {
  while (slots.size > capacity) {
    const [oldest] = [...slots].reduce((a, b) => (a[1].usedAt <= b[1].usedAt ? a : b));
    slots.delete(oldest);
  }
}
