import { performance } from 'node:perf_hooks';
import type { TimedTraining } from '../../core/replay/workshop.ts';
import type { TrainingPool } from '../threads/pool.ts';

/** Trainings wait here rather than in the pool, so that the time of each is its own and not that of the queue. */
export function timeOnThread(pool: Pick<TrainingPool, 'threads' | 'train'>, signal: AbortSignal): TimedTraining {
  let free = pool.threads;
  const waiting: (() => void)[] = [];
  return async (request) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    const began = performance.now();
    try {
      const result = await pool.train(request, { signal });
      return { result, seconds: (performance.now() - began) / 1000 };
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
