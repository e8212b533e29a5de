import assert from 'node:assert/strict';
import { silentLog } from '../../lab/silentLog.ts';
import { startMetrics } from '../../metrics/server.ts';
import type { MetricsServer } from '../../metrics/server.ts';

interface Context {
  after(work: () => Promise<void>): void;
}

/** The exporter on a free port of loopback, with the errors it has to say. */
export async function serve(
  t: Context,
  databaseUrl: string,
): Promise<MetricsServer & { readonly errors: readonly string[] }> {
  const errors: string[] = [];
  const server = await startMetrics({
    config: { host: '127.0.0.1', port: 0 },
    databaseUrl,
    log: { ...silentLog, error: (sentence) => errors.push(sentence) },
  });
  t.after(() => server.close());
  return { ...server, errors };
}

/** What Prometheus would read. */
export async function scrape({ url }: Pick<MetricsServer, 'url'>): Promise<string> {
  const response = await fetch(`${url}/metrics`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  return response.text();
}

/** The samples of an exposition in Prometheus' text format: `name{labels}` to value. */
export function samplesOf(text: string): ReadonlyMap<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1).replace('Nan', 'NaN'))];
    }),
  );
}

/** Metric names declared with a type, also those without a sample. */
export function namesOf(text: string): string[] {
  return [...text.matchAll(/^# TYPE (\S+) /gm)].map((match) => match[1]!);
}
