import { measureHttp } from './predictHttp.ts';
import { option, reportBench } from './report.ts';

/** Serving: over HTTP beside stock tfjs in the same server and a bare Fastify route. */
const SEED = 1;

const http = await measureHttp({
  seed: SEED,
  rounds: Number(option('rounds') ?? 5),
  secondsARound: 4,
  memoryRequests: Number(option('memory-requests') ?? 1_000_000),
});
reportBench({ bench: 'predict', seed: SEED, results: { http: http.results }, bars: http.bars });
