import type { RecordedEvent } from '../core/events.ts';
import type { Client } from '../db/connection/client.ts';
import { findSettledEvent, listEvents } from '../db/tables/events.ts';
import type { Log } from '../service/log.ts';

/** What others put into the record is in this log within about so long. */
const LOOK_EVERY_MS = 1_000;
/** Events read at once. */
const MOST_AT_ONCE = 500;

/** The log of a service that also tells what other processes have put into the record, each event once. */
export interface SharedStory {
  readonly log: Log;
  /** From this event on others' events are told; those before are the past. */
  beginAfter(event: RecordedEvent): void;
  /** Tells what is new in the record. */
  look(): Promise<void>;
  /** Looks at regular times. @returns what ends that. */
  follow(): () => void;
}

/**
 * Numbers are drawn in order and committed in any: an event with a lower number may still come until every transaction of its time has
 * ended. Until then the events above are read again, and those that were told are remembered.
 */
export function shareStory(client: Client, log: Log): SharedStory {
  /** Nothing up to here is still to come. */
  let settledTo: bigint | undefined;
  /** Told, with a number above that. */
  const told = new Set<string>();
  const tellOnce = (event: RecordedEvent): void => {
    if (told.has(event.id) || (settledTo !== undefined && BigInt(event.id) <= settledTo)) return;
    told.add(event.id);
    log.event(event);
  };
  const readOn = async (): Promise<void> => {
    for (let from = settledTo; from !== undefined;) {
      const events = await listEvents(client, { after: String(from), limit: MOST_AT_ONCE });
      for (const event of events) tellOnce(event);
      const last = events.at(-1);
      from = events.length < MOST_AT_ONCE || last === undefined ? undefined : BigInt(last.id);
    }
  };
  return {
    log: { ...log, event: tellOnce },
    beginAfter({ id }) {
      settledTo = BigInt(id);
      for (const each of told) if (BigInt(each) <= settledTo) told.delete(each);
    },
    async look() {
      // Asked first: what is settled by then is in what is read after it.
      const settled = BigInt((await findSettledEvent(client)) ?? 0);
      await readOn();
      if (settledTo === undefined || settled <= settledTo) return;
      settledTo = settled;
      for (const each of told) if (BigInt(each) <= settledTo) told.delete(each);
    },
    follow() {
      let looking = false;
      const looks = setInterval(() => {
        if (looking) return;
        looking = true;
        // What could not be read now is there at the next look; that the database is away is told elsewhere.
        void this.look()
          .catch(() => undefined)
          .finally(() => (looking = false));
      }, LOOK_EVERY_MS);
      return () => {
        clearInterval(looks);
      };
    },
  };
}
