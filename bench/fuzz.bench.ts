import { parseSymbol } from '../core/series/symbol.ts';
import { createTestDatabase } from '../lab/database.ts';
import { simulateSeries } from '../lab/simulatedSeries.ts';
import { fuzz } from '../lab/fuzz/fuzz.ts';
import { promoteModel, storeModel, storeSeries } from '../lab/storedModels.ts';
import { atLeast, atMost, option, progress, reportBench } from './report.ts';
import { startServer } from './serving/startServer.ts';

/** Malformed and hostile requests over every route of the real service: no 5xx, no crash, flat memory. */
const SEED = Number(option('seed') ?? 20);
const REQUESTS = Number(option('requests') ?? 12_000);
/** Growth of the heap after a collection that counts as flat. */
const FLAT_MEGABYTES = 5;

const database = await createTestDatabase();
const series = simulateSeries({ length: 400, seed: SEED });
for (const symbol of [parseSymbol('CALM'), parseSymbol('OTHER')]) {
  await storeSeries(database.db, symbol, series);
  await promoteModel(database.db, symbol, await storeModel(database.db, symbol, series), null);
}
const server = await startServer('estimator', database.urls.estimator);
try {
  const warmUp = Math.floor(REQUESTS / 4);
  const told = (before: number) => (sent: number) => {
    if (sent % 1_000 === 0) progress(`${before + sent} of ${REQUESTS} requests`);
  };
  const first = await fuzz(server.url, { count: warmUp, seed: SEED, onProgress: told(0) });
  const before = await server.memory();
  const rest = await fuzz(server.url, { count: REQUESTS - warmUp, seed: SEED + 1, onProgress: told(warmUp) });
  const after = await server.memory();
  const alive = await fetch(`${server.url}/predict`, { method: 'POST' });
  const faults = [...first.faults, ...rest.faults];
  const isServerError = ({ fault }: { fault: string }): boolean => fault.startsWith('status 5');
  reportBench({
    bench: 'fuzz',
    seed: SEED,
    results: {
      sent: first.sent + rest.sent,
      answers: [first.byStatus, rest.byStatus],
      heapMegabytes: [before.heapMegabytes, after.heapMegabytes],
      residentMegabytes: [before.residentMegabytes, after.residentMegabytes],
      faults: faults.map(({ fault, request }) => `${fault}: ${request.kind}`),
    },
    bars: [
      atLeast('requests', first.sent + rest.sent, 10_000),
      atMost('answers of 5xx', faults.filter(isServerError).length, 0),
      atMost(
        'other faults (no answer, another shape of error, telling of the inside)',
        faults.filter((fault) => !isServerError(fault)).length,
        0,
      ),
      atLeast('answers the next caller (1 is yes)', alive.status === 200 ? 1 : 0, 1),
      atMost('heap growth, MB', after.heapMegabytes - before.heapMegabytes, FLAT_MEGABYTES),
    ],
  });
} finally {
  await server.stop();
  await database.close();
}
