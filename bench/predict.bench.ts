import { measureHttp } from './serving/predictHttp.ts';
import { measureInProcess } from './serving/predictInProcess.ts';
import { option, reportBench } from './report.ts';

/** Serving: in-process, and over HTTP beside stock tfjs in the same server and a bare Fastify route. */
const SEED = 1;

const own = measureInProcess({ seed: SEED, predictions: Number(option('predictions') ?? 1_000_000) });
const http = await measureHttp({
  seed: SEED,
  rounds: Number(option('rounds') ?? 5),
  secondsARound: 4,
  memoryRequests: Number(option('memory-requests') ?? 1_000_000),
});
reportBench({
  bench: 'predict',
  seed: SEED,
  results: { inProcess: own.results, http: http.results },
  bars: [...own.bars, ...http.bars],
});
