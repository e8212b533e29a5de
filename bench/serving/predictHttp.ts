import autocannon from 'autocannon';
import { DEFAULT_SPEC } from '../../core/model/spec.ts';
import { parseSymbol } from '../../core/series/symbol.ts';
import { createTestDatabase } from '../../lab/database.ts';
import { promoteModel, storeModel, storeSeries } from '../../lab/storedModels.ts';
import { simulateSeries } from '../../lab/simulatedSeries.ts';
import { atLeast, atMost, progress, quantile, type Bar } from '../report.ts';
import { startServer, type BenchServer } from './startServer.ts';

export interface HttpOptions {
  readonly seed: number;
  /** Each server is measured so often, in turns, so that what disturbs one disturbs all. */
  readonly rounds: number;
  readonly secondsARound: number;
  /** Requests over which memory must stay flat. */
  readonly memoryRequests: number;
}

/** Growth of the heap after a collection that counts as flat: the buffers of the prediction log and of the metrics. */
const FLAT_MEGABYTES = 5;
const CONNECTIONS = 10;

interface Measured {
  readonly requestsASecond: number[];
  readonly p50: number[];
  readonly p99: number[];
  failures: number;
}

/**
 * The HTTP half of the `predict` bench: requests a second and latency of window and cached symbol forecasts at 10 connections,
 * beside stock tfjs in the same server and a bare Fastify JSON route, and memory over many predictions.
 */
export async function measureHttp(options: HttpOptions): Promise<{ results: Record<string, unknown>; bars: Bar[] }> {
  const database = await createTestDatabase();
  const servers: BenchServer[] = [];
  try {
    const series = simulateSeries({ length: 2_500, seed: options.seed });
    await storeSeries(database.db, parseSymbol('BENCH'), series);
    await promoteModel(
      database.db,
      parseSymbol('BENCH'),
      await storeModel(database.db, parseSymbol('BENCH'), series, { spec: DEFAULT_SPEC }),
      null,
    );
    const estimator = await startServer('estimator', database.urls.estimator);
    const stock = await startServer('stock', database.urls.estimator);
    const bare = await startServer('bare');
    servers.push(estimator, stock, bare);

    const window = JSON.stringify({ data: [...series.closes.slice(-60)] });
    const targets = {
      window: { url: estimator.url, body: window },
      cached: { url: estimator.url, body: '{"symbol":"BENCH"}' },
      stockWindow: { url: stock.url, body: window },
      bare: { url: bare.url, body: '{"symbol":"BENCH"}' },
    };
    const measured = await measureInTurns(targets, options);
    const memory = await measureMemory(estimator, options.memoryRequests);
    const rate = (name: keyof typeof targets): number => quantile(measured[name].requestsASecond, 0.5);
    const failures = Object.values(measured).reduce((sum, each) => sum + each.failures, memory.failures);
    return {
      results: { connections: CONNECTIONS, ...measured, memory },
      bars: [
        atLeast('window forecasts over HTTP, times stock tfjs', rate('window') / rate('stockWindow'), 20),
        atMost('p99 of window forecasts at 10 connections, ms', quantile(measured.window.p99, 0.5), 15),
        atLeast('cached symbol forecasts, times a bare Fastify JSON route', rate('cached') / rate('bare'), 0.5),
        atMost(`heap growth over ${memory.requests} predictions, MB`, memory.heapGrowth, FLAT_MEGABYTES),
        atMost('failed requests', failures, 0),
      ],
    };
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await database.close();
  }
}

async function measureInTurns<Name extends string>(
  targets: Readonly<Record<Name, { url: string; body: string }>>,
  { rounds, secondsARound }: HttpOptions,
): Promise<Record<Name, Measured>> {
  const names = Object.keys(targets) as Name[]; // an object literal's own keys
  const measured = Object.fromEntries(
    names.map((name) => [name, { requestsASecond: [], p50: [], p99: [], failures: 0 }]),
  ) as unknown as Record<Name, Measured>; // one entry a name, made a line above
  for (const name of names) await load(targets[name], { duration: 1 }); // warm-up
  for (let round = 1; round <= rounds; round += 1) {
    for (const name of names) {
      progress(`round ${round} of ${rounds}: ${name}`);
      const { requests, latency, non2xx, errors } = await load(targets[name], { duration: secondsARound });
      measured[name].requestsASecond.push(requests.average);
      measured[name].p50.push(latency.p50);
      measured[name].p99.push(latency.p99);
      measured[name].failures += non2xx + errors;
    }
  }
  return measured;
}

/** Memory is first looked at when a tenth of the requests has filled what is meant to be filled. */
async function measureMemory(server: BenchServer, requests: number) {
  const target = { url: server.url, body: '{"symbol":"BENCH"}' };
  progress(`${requests} predictions for the memory`);
  const warm = await load(target, { amount: Math.ceil(requests / 10) });
  const before = await server.memory();
  const rest = await load(target, { amount: requests - Math.ceil(requests / 10) });
  const after = await server.memory();
  return {
    requests,
    heapMegabytes: [before.heapMegabytes, after.heapMegabytes],
    residentMegabytes: [before.residentMegabytes, after.residentMegabytes],
    heapGrowth: after.heapMegabytes - before.heapMegabytes,
    failures: warm.non2xx + warm.errors + rest.non2xx + rest.errors,
  };
}

function load(
  { url, body }: { url: string; body: string },
  extent: { duration: number } | { amount: number },
): Promise<autocannon.Result> {
  return autocannon({
    url: `${url}/predict`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: CONNECTIONS,
    ...extent,
  });
}
