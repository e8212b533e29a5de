import { ShepherdError } from '../core/errors.ts';
import type { SeriesSymbol } from '../core/series/symbol.ts';
import { ensureSeries } from './intake/series.ts';
import type { RunContext } from './run/context.ts';
import { queueSlot } from './queue/queue.ts';
import type { DueSlot } from './queue/schedule.ts';

/** The series that the settings name, each kept by itself: one that the feed does not know, or that fails, stops no other. */
export interface Followed {
  /** Makes those known that the feed knows. */
  begin(): Promise<void>;
  /** Queues the slot for each; a series that is still unknown is asked for once a slot. */
  tick(due: DueSlot): void;
}

export function followSymbols(symbols: readonly SeriesSymbol[], { db, source, log }: RunContext): Followed {
  /** The slot at which the feed last said that it does not know a symbol. */
  const unknown = new Map<string, string>();

  const meet = async (symbol: SeriesSymbol, slot: string): Promise<boolean> => {
    if (unknown.get(symbol) === slot) return false;
    try {
      await ensureSeries(db, source, [symbol], log);
      unknown.delete(symbol);
      return true;
    } catch (error) {
      if (!(error instanceof ShepherdError) || error.code !== 'UNKNOWN_SYMBOL') throw error;
      unknown.set(symbol, slot);
      log.error(`${symbol} is not followed: ${error.message} The other series go on.`);
      return false;
    }
  };

  return {
    async begin() {
      for (const symbol of symbols) await meet(symbol, '');
    },
    tick(due) {
      for (const symbol of symbols) {
        meet(symbol, due.slot)
          .then((known) => (known ? queueSlot(db, symbol, due, log) : undefined))
          .catch((error: unknown) => {
            log.error(
              `The run of ${symbol} for ${due.slot} could not be queued; it is tried again in a moment.`,
              error,
            );
          });
      }
    },
  };
}
