import type { RecordedEvent } from '../core/events.ts';
import type { Client } from '../db/connection/client.ts';
import { listEvents } from '../db/tables/events.ts';
import type { Log } from '../service/log.ts';

/** What others put into the record is in this log within about so long. */
const LOOK_EVERY_MS = 1_000;
/** Events read at one look; more wait for the next. */
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

/** Ids of the record have no gaps and are committed in their order, so that everything up to one id has been seen or not. */
export function shareStory(client: Client, log: Log): SharedStory {
  let seenTo: bigint | undefined;
  /** Told here, and not yet met by a look. */
  const ahead = new Set<string>();
  const wasTold = ({ id }: RecordedEvent): boolean => ahead.has(id) || (seenTo !== undefined && BigInt(id) <= seenTo);
  const look = async (): Promise<void> => {
    if (seenTo === undefined) return;
    for (const event of await listEvents(client, { after: String(seenTo), limit: MOST_AT_ONCE })) {
      seenTo = BigInt(event.id);
      if (!ahead.delete(event.id)) log.event(event);
    }
  };
  return {
    log: {
      ...log,
      event(event) {
        if (wasTold(event)) return;
        ahead.add(event.id);
        log.event(event);
      },
    },
    beginAfter({ id }) {
      seenTo = BigInt(id);
      for (const told of ahead) if (BigInt(told) <= seenTo) ahead.delete(told);
    },
    look,
    follow() {
      let looking = false;
      const looks = setInterval(() => {
        if (looking) return;
        looking = true;
        // What could not be read now is there at the next look; that the database is away is told elsewhere.
        void look()
          .catch(() => undefined)
          .finally(() => (looking = false));
      }, LOOK_EVERY_MS);
      return () => {
        clearInterval(looks);
      };
    },
  };
}
