import { ShepherdError } from '../../core/errors.ts';

export interface AdmissionOptions {
  /** Pieces of long work that share the thread at a time. */
  readonly running: number;
  /** Callers that may wait for their turn; one more is turned away at once. */
  readonly waiting: number;
}

/** Lets long work in, a few at a time, with a bounded queue: a quick "try again" instead of minutes of latency. */
export interface Admission {
  /** @throws ShepherdError OVERLOADED at once when the queue is full. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createAdmission({ running, waiting }: AdmissionOptions): Admission {
  let active = 0;
  const queue: (() => void)[] = [];

  const leave = (): void => {
    const next = queue.shift();
    if (next === undefined) active -= 1;
    else next(); // the place passes on, so `active` stays
  };

  return {
    async run(work) {
      if (active >= running) {
        if (queue.length >= waiting) {
          throw new ShepherdError(
            'OVERLOADED',
            `${queue.length} long requests are waiting already; try again in a moment or ask for less at once.`,
          );
        }
        await new Promise<void>((resolve) => queue.push(resolve));
      } else {
        active += 1;
      }
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
}
