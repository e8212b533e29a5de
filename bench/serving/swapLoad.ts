// Steady load on /predict in a thread of its own; every answer is held to the version that it names.
import autocannon from 'autocannon';
import { parentPort, workerData } from 'node:worker_threads';

export interface SwapLoad {
  readonly url: string;
  readonly body: string;
  readonly seconds: number;
  readonly requestsASecond: number;
  /** What each version forecasts for the body. */
  readonly expected: Readonly<Record<string, number>>;
}

export interface SwapLoadResult {
  readonly answered: number;
  readonly failed: number;
  /** Answers whose forecast is not that of the version they name. */
  readonly mixed: number;
  readonly milliseconds: readonly number[];
}

const { url, body, seconds, requestsASecond, expected } = workerData as SwapLoad; // given by `swap.bench.ts` alone

const milliseconds: number[] = [];
let mixed = 0;
const run = autocannon(
  {
    url: `${url}/predict`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    connections: 10,
    overallRate: requestsASecond,
    duration: seconds,
    verifyBody(text: string) {
      const { prediction, model } = JSON.parse(text) as { prediction: number; model: { version: number } };
      if (expected[model.version] !== prediction) mixed += 1;
      return true;
    },
  } as autocannon.Options,
  (_error, { non2xx, errors }) => {
    const result: SwapLoadResult = { answered: milliseconds.length, failed: non2xx + errors, mixed, milliseconds };
    parentPort?.postMessage(result);
  },
);
run.on('response', (_client, _status, _bytes, time) => milliseconds.push(time));
