// A server to be measured, in a process of its own: `fork`ed with what to run, it sends its URL and answers "memory" with figures.
import fastify from 'fastify';
import { silentLog } from '../../lab/silentLog.ts';
import { createPredictor } from '../../core/model/infer.ts';
import type { Network, Predictor } from '../../core/model/network.ts';
import { readConfig } from '../../estimator/config.ts';
import { PredictionSchema, type Prediction } from '../../estimator/schemas/answer.ts';
import { startEstimator } from '../../estimator/server.ts';
import { createStockPredictor } from './stockPredictor.ts';

export interface MemoryFigures {
  readonly heapMegabytes: number;
  readonly residentMegabytes: number;
}

/** `estimator` as it is; `stock` the same server with stock tfjs for the arithmetic; `bare` Fastify alone. */
export type ServerKind = 'estimator' | 'stock' | 'bare';

const [kind, databaseUrl = ''] = process.argv.slice(2) as [ServerKind, string?]; // given by `startServer` alone

async function start(): Promise<string> {
  if (kind === 'bare') return startBare();
  const { url } = await startEstimator({
    config: readConfig({ ESTIMATOR_PORT: '0', RATE_LIMIT_PER_MINUTE: '10000000' }),
    databaseUrl,
    log: silentLog,
    ...(kind === 'stock' && { createPredictor: createDeferredStock }),
  });
  return url;
}

/** Stock tfjs loads a model asynchronously; the checks of a promotion are made by our kernel meanwhile. */
function createDeferredStock(network: Network): Predictor {
  let stock: Predictor | undefined;
  const kernel = createPredictor(network);
  void createStockPredictor(network).then((loaded) => (stock = loaded));
  return {
    spec: network.spec,
    predict: (closes) => (stock ?? kernel).predict(closes),
    predictRange: (closes, from, to) => (stock ?? kernel).predictRange(closes, from, to),
  };
}

/** What Fastify itself takes to read a JSON body and answer with an object of the same size, by its own serialiser. */
function startBare(): Promise<string> {
  const answer: Prediction = {
    prediction: 2990.241839820978,
    lower: 2952.849429224907,
    upper: 3028.107756568886,
    naive: 2989.689941,
    level: 0.9,
    skill: 0.004764570819856484,
    skillInterval: [-0.012, 0.022],
    coverage: 0.8181818181818182,
    coverageInterval: [0.71, 0.89],
    betterThanNaive: null,
    model: { symbol: 'GSPC', version: 1, trainedTo: '2019-06-28' },
    asOf: '2019-10-16',
    day: '2019-10-17',
  };
  const app = fastify();
  app.post('/predict', { schema: { response: { 200: PredictionSchema } } }, () => answer);
  return app.listen({ host: '127.0.0.1', port: 0 });
}

process.on('message', () => {
  globalThis.gc?.();
  const { heapUsed, rss } = process.memoryUsage();
  const figures: MemoryFigures = { heapMegabytes: heapUsed / 2 ** 20, residentMegabytes: rss / 2 ** 20 };
  process.send?.({ figures });
});
process.send?.({ url: await start() });
