import type { Overview } from '../schemas/overview.ts';
import type { EventListing } from '../serving/records.ts';

const HOUR = 3_600_000;
/** A run a day, with a weekend and a holiday between two: after that long nobody looks any more. */
const UNWATCHED_AFTER = 96 * HOUR;

/**
 * Whether a series is as new as its feed could have made it: the shepherd's own last word in the record, which counts trading days by the
 * feed's clock. @param events of the series, the newest first; null while the database is away.
 */
export function judgeFreshness(events: readonly EventListing[] | null, now: number): Overview['freshness'] {
  if (events === null) return { verdict: 'unknown', detail: 'the database is away' };
  const [newest] = events;
  const told = events.find(({ kind }) => TOLD.includes(kind));
  if (newest === undefined || told === undefined)
    return { verdict: 'imported', detail: 'it has no feed that was asked' };
  if (now - Date.parse(newest.at) > UNWATCHED_AFTER)
    return { verdict: 'unwatched', detail: `no run since ${newest.at.slice(0, 10)}` };
  if (told.kind === 'feed:silent') return { verdict: 'behind', detail: told.sentence };
  if (told.kind === 'feed:unavailable') return { verdict: 'away', detail: told.sentence };
  return { verdict: 'current', detail: `asked at ${told.at.slice(0, 16).replace('T', ' ')} UTC` };
}

const TOLD: readonly string[] = ['feed:silent', 'feed:unavailable', 'prices:pulled'];
