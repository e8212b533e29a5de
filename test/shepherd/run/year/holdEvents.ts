import type { RecordedEvent } from '../../../../core/events.ts';
import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { RunId } from '../../../../core/runId.ts';
import type { Books } from './books.ts';
import { assertHolds, assertSame } from './figures.ts';

/** CRPS in the books is a numerical integral. */
const TOLERANCE = 2e-5;

/** Holds the audit record to what happened: each event once, in order, printed as it was stored. */
export function holdEvents({ events: { events }, record }: Books, told: readonly RecordedEvent[]): void {
  assertSame(record.events.map(nameOf), events.map(nameOf), 'events');
  for (const [i, event] of events.entries())
    assertHolds(record.events[i]?.payload, event.payload, `event ${i + 1} (${nameOf(event)})`, TOLERANCE);
  assertSame(
    told.map(({ id, sentence }) => ({ id: Number(id), sentence })),
    record.events.map(({ id, sentence }) => ({ id, sentence })),
    'lines of the log',
  );
}

function nameOf({ symbol, runId, kind }: { symbol: SeriesSymbol | null; runId: RunId | null; kind: string }): string {
  return `${symbol ?? 'all'} run ${runId ?? 'none'} ${kind}`;
}
