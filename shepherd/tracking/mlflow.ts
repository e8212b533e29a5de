import { ShepherdError } from '../../core/errors.ts';

/** Where an MLflow tracking server listens, as its own clients are told: `MLFLOW_TRACKING_URI` and, where it asks, a token. */
export interface MlflowOptions {
  readonly trackingUri: string;
  readonly token?: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly timeoutMs?: number;
}

/** One finished run to be recorded. Values of metrics that are not finite are left out: MLflow refuses them. */
export interface MlflowRun {
  readonly name: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly failed: boolean;
}

/** Which delivery of a run this is. */
export interface Delivery {
  /** The same for each delivery of one run; it becomes a tag. */
  readonly key: string;
  /** The server may have it from a delivery before. */
  readonly isRepeated: boolean;
}

export interface Mlflow {
  /**
   * Records a run; one that a delivery before has begun is gone on with.
   * @returns the run's id. @throws ShepherdError FEED_UNAVAILABLE naming what the server answered.
   */
  record(experiment: string, run: MlflowRun, delivery?: Delivery): Promise<string>;
}

/** By it a run is found again whose delivery was not answered. */
const KEY_TAG = 'shepherd.key';

const TIMEOUT_MS = 10_000;

/** Sends runs to an MLflow server over its REST API 2.0 (mlflow.org/docs/latest/rest-api.html). */
export function connectMlflow(options: MlflowOptions): Mlflow {
  const experiments = new Map<string, Promise<string>>();
  const call = createCaller(options);
  const experimentId = (name: string): Promise<string> => {
    const known = experiments.get(name);
    if (known !== undefined) return known;
    const found = findOrCreateExperiment(call, name);
    experiments.set(name, found);
    // A server that was away is asked again by the next run.
    found.catch(() => experiments.delete(name));
    return found;
  };
  return {
    async record(experiment, { name, params, metrics, tags, failed }, delivery) {
      const id = await experimentId(experiment);
      const before = delivery?.isRepeated === true ? await findRun(call, id, delivery.key) : undefined;
      // Metrics of the same instant are the same metrics to the server.
      const began = before?.began ?? options.now();
      const runId = before?.runId ?? (await createRun());
      await call('POST', 'runs/log-batch', {
        run_id: runId,
        params: Object.entries(params).map(([key, value]) => ({ key, value: String(value) })),
        metrics: Object.entries(metrics).flatMap(([key, value]) =>
          value !== null && Number.isFinite(value) ? [{ key, value, timestamp: began, step: 0 }] : [],
        ),
      });
      const status = failed ? 'FAILED' : 'FINISHED';
      await call('POST', 'runs/update', { run_id: runId, status, end_time: options.now() });
      return runId;

      async function createRun(): Promise<string> {
        const keyed = delivery === undefined ? tags : { ...tags, [KEY_TAG]: delivery.key };
        const created = await call('POST', 'runs/create', {
          experiment_id: id,
          run_name: name,
          start_time: began,
          tags: Object.entries(keyed).map(([key, value]) => ({ key, value })),
        });
        return textAt(created, ['run', 'info', 'run_id']);
      }
    },
  };
}

type Call = (method: 'GET' | 'POST', path: string, body: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** The run that a delivery before has made; undefined where none did. */
async function findRun(
  call: Call,
  experiment: string,
  key: string,
): Promise<{ runId: string; began: number } | undefined> {
  const answer = await call('POST', 'runs/search', {
    experiment_ids: [experiment],
    filter: `tags."${KEY_TAG}" = '${key}'`,
    max_results: 1,
  });
  const runs: unknown = answer instanceof Object ? Reflect.get(answer, 'runs') : undefined;
  const found: unknown = Array.isArray(runs) ? runs[0] : undefined;
  if (found === undefined) return undefined;
  const info: unknown = found instanceof Object ? Reflect.get(found, 'info') : undefined;
  const began: unknown = info instanceof Object ? Reflect.get(info, 'start_time') : undefined;
  return { runId: textAt(found, ['info', 'run_id']), began: Number(began) };
}

async function findOrCreateExperiment(call: Call, name: string): Promise<string> {
  try {
    const found = await call('GET', 'experiments/get-by-name', { experiment_name: name });
    return textAt(found, ['experiment', 'experiment_id']);
  } catch (error) {
    if (!(error instanceof MlflowRefusal) || error.reason !== 'RESOURCE_DOES_NOT_EXIST') throw error;
    return textAt(await call('POST', 'experiments/create', { name }), ['experiment_id']);
  }
}

/** The server answered with one of MLflow's own error codes. */
class MlflowRefusal extends ShepherdError {
  readonly reason: string;

  constructor(path: string, status: number, reason: string) {
    super('FEED_UNAVAILABLE', `The MLflow server answered ${path} with ${status} ${reason}.`);
    this.reason = reason;
  }
}

function createCaller({ trackingUri, token, timeoutMs = TIMEOUT_MS }: MlflowOptions): Call {
  const base = `${trackingUri.replace(/\/+$/, '')}/api/2.0/mlflow/`;
  return async (method, path, body) => {
    const url = new URL(base + path);
    if (method === 'GET') for (const [key, value] of Object.entries(body)) url.searchParams.set(key, String(value));
    const response = await fetch(url, {
      method,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
    }).catch((error: unknown) => {
      throw new ShepherdError('FEED_UNAVAILABLE', `The MLflow server at ${trackingUri} does not answer.`, {
        cause: error,
      });
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (!response.ok) throw new MlflowRefusal(path, response.status, errorCodeOf(answer));
    return answer;
  };
}

function errorCodeOf(answer: unknown): string {
  if (answer instanceof Object && 'error_code' in answer && typeof answer.error_code === 'string')
    return answer.error_code;
  return 'without a reason';
}

/** The text at a path of keys. @throws ShepherdError FEED_UNAVAILABLE where the answer has another shape. */
function textAt(answer: unknown, path: readonly string[]): string {
  let value: unknown = answer;
  for (const key of path) value = value instanceof Object ? Reflect.get(value, key) : undefined;
  if (typeof value === 'string') return value;
  throw new ShepherdError(
    'FEED_UNAVAILABLE',
    `The MLflow server's answer has no ${path.join('.')}; is it an MLflow server?`,
  );
}
