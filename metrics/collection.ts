import type { Client } from '../db/connection/client.ts';
import { gauge } from './exposition.ts';
import type { Family } from './exposition.ts';
import type { Log } from '../service/log.ts';

/** One question to the database and the metrics its answer gives. */
export interface Collector {
  readonly name: string;
  /** No rows give families without samples; a failure throws. */
  collect(client: Client): Promise<readonly Family[]>;
}

export interface CollectionOptions {
  readonly collectors: readonly Collector[];
  readonly client: Client;
  readonly log: Pick<Log, 'note' | 'error'>;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly timeLimitMs?: number;
}

/** Half of Prometheus' own time limit, so that a slow part does not take the whole scrape with it. */
const TIME_LIMIT_MS = 5_000;

interface Answer {
  readonly name: string;
  readonly families: readonly Family[];
  readonly seconds: number;
  readonly ok: boolean;
}

/**
 * Makes the function that asks every collector, all at once, and adds how each fared.
 * A collector that fails or takes too long is missing from the answer and reported as 0; the others are not touched.
 */
export function createCollection(options: CollectionOptions): () => Promise<Family[]> {
  const { collectors, client, log, now, timeLimitMs = TIME_LIMIT_MS } = options;
  const underWay = new Map<string, Promise<readonly Family[]>>();
  const failing = new Set<string>();

  /** A question not answered yet is not asked twice: scrapes do not pile up on a database in trouble. */
  const ask = (collector: Collector): Promise<readonly Family[]> => {
    const asked = underWay.get(collector.name);
    if (asked !== undefined) return asked;
    const answer = collector.collect(client).finally(() => underWay.delete(collector.name));
    underWay.set(collector.name, answer);
    return answer;
  };

  const run = async (collector: Collector): Promise<Answer> => {
    const { name } = collector;
    const start = now();
    try {
      const families = await within(timeLimitMs, ask(collector));
      if (failing.delete(name)) log.note(`Collector ${name} reads the database again.`);
      return { name, families, seconds: (now() - start) / 1000, ok: true };
    } catch (cause) {
      // Said once, not at every scrape.
      if (!failing.has(name)) log.error(`Collector ${name} cannot read the database; its metrics are missing.`, cause);
      failing.add(name);
      return { name, families: [], seconds: (now() - start) / 1000, ok: false };
    }
  };

  return async () => {
    const answers = await Promise.all(collectors.map(run));
    return [...answers.flatMap(({ families }) => families), ...reports(answers)];
  };
}

function reports(answers: readonly Answer[]): Family[] {
  return [
    gauge(
      'collector_success',
      '1 when the collector read the database at this scrape.',
      answers.map(({ name, ok }) => ({ labels: { collector: name }, value: ok ? 1 : 0 })),
    ),
    gauge(
      'collector_duration_seconds',
      'Time the collector took at this scrape.',
      answers.map(({ name, seconds }) => ({ labels: { collector: name }, value: seconds })),
    ),
  ];
}

async function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}
