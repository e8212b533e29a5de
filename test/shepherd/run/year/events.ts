import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { RunId } from '../../../../core/runId.ts';

/** An event that must stand in the record; of its payload these figures at least. */
export interface BookedEvent {
  readonly symbol: SeriesSymbol;
  readonly runId: RunId | null;
  readonly kind: string;
  readonly payload: Readonly<{ [figure: string]: unknown }>;
}

export interface EventBook {
  readonly events: readonly BookedEvent[];
  add(symbol: SeriesSymbol, runId: RunId | null, kind: string, payload?: BookedEvent['payload']): void;
}

export function openEventBook(): EventBook {
  const events: BookedEvent[] = [];
  return {
    events,
    add: (symbol, runId, kind, payload = {}) => void events.push({ symbol, runId, kind, payload }),
  };
}
