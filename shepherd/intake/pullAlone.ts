import type { SeriesSymbol } from '../../core/series/symbol.ts';
import { holdSymbol } from '../../db/connection/holdSymbol.ts';
import type { DayRange } from '../../db/tables/prices.ts';
import { pullSymbol, type PullContext, type PullOutcome } from './pull.ts';

export interface PullAloneContext extends PullContext {
  /** Where the lease of the symbol is held, on a connection of its own. */
  readonly databaseUrl: string;
  /** How long to wait for a run that works on the symbol. */
  readonly patienceMs: number;
}

/**
 * A pull outside a run, alone on its symbol as a run is: no two store the same days side by side, and no run reads half of it.
 * @throws ShepherdError CONFLICT when a run still works on the symbol after `patienceMs`, and as `pullSymbol`.
 */
export async function pullAlone(
  context: PullAloneContext,
  symbol: SeriesSymbol,
  range?: DayRange,
): Promise<PullOutcome> {
  const { db, databaseUrl, patienceMs, signal } = context;
  const lost = new AbortController();
  const held = await holdSymbol(databaseUrl, symbol, {
    patienceMs,
    ...(signal === undefined ? {} : { signal }),
    onLost: (error) => {
      lost.abort(error);
    },
  });
  const stops = signal === undefined ? [lost.signal] : [signal, lost.signal];
  try {
    return await pullSymbol({ ...context, db: held.fence(db), signal: AbortSignal.any(stops) }, symbol, range);
  } finally {
    await held.release();
  }
}
