import { availableParallelism } from 'node:os';
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { ShepherdError } from '../../core/errors.ts';
import type { ArmFigures, ArmInput } from '../../core/cycle/completeArm.ts';
import type { CheckFigures, CheckInput } from '../../core/cycle/computeCheck.ts';
import type { BatchFigures, BatchInput } from '../../core/tables/trainBatch.ts';
import type { TrainingBackend } from '../../core/model/training/learner.ts';
import type { EpochReport, TrainingRequest, TrainingResult } from '../../core/model/training/request.ts';

export interface TrainingPoolOptions {
  /** Trainings at once, each on a thread of its own; default: one a core. */
  readonly threads?: number;
  /** What trains; the kernel when left out. */
  readonly backend?: TrainingBackend;
}

export interface PoolTrainingOptions {
  readonly onEpoch?: (report: EpochReport) => void;
  /** Ends the training at once; it rejects with CANCELLED. */
  readonly signal?: AbortSignal;
}

/** Threads that train, so that the one that ticks and answers never waits. Trainings beyond the threads wait in line. */
export interface TrainingPool {
  /** Trainings at once. */
  readonly threads: number;
  /** As `train` of core/model, and on the kernel with the same bytes. @throws what `train` throws, or ShepherdError CANCELLED. */
  train(request: TrainingRequest, options?: PoolTrainingOptions): Promise<TrainingResult>;
  /** As `completeArm`. */
  complete(input: ArmInput): Promise<ArmFigures>;
  /** As `computeCheck`. */
  check(input: CheckInput): Promise<CheckFigures>;
  /** As `trainBatch` of core/tables. */
  table(input: BatchInput): Promise<BatchFigures>;
  close(): Promise<void>;
}

/** Heap of one thread: a training of 24,000 days needs about 60 MB beside the kernel's own memory. */
const HEAP_MB = 512;
/** A thread without work is ended after this long. */
const IDLE_MS = 30_000;

export function createTrainingPool(options: TrainingPoolOptions = {}): TrainingPool {
  const { threads = availableParallelism(), backend = 'kernel' } = options;
  const piscina = new Piscina({
    filename: new URL('./worker.js', import.meta.url).href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout: IDLE_MS,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  });
  // Each task answers with what the worker's function of that name returns.
  const compute = async <T>(name: 'complete' | 'check' | 'table', input: object): Promise<T> => {
    try {
      return (await piscina.run(input, { name })) as T;
    } catch (error) {
      throw asKnown(error, undefined);
    }
  };
  return {
    threads,
    complete: (input) => compute('complete', input),
    check: (input) => compute('check', input),
    table: (input) => compute('table', input),
    async train(request, { onEpoch, signal } = {}) {
      const { port1: reports, port2: port } = new MessageChannel();
      reports.on('message', (report: EpochReport) => onEpoch?.(report));
      try {
        return (await piscina.run(
          { request, backend, port },
          { name: 'train', transferList: [port], ...(signal && { signal }) },
        )) as TrainingResult;
      } catch (error) {
        throw asKnown(error, signal);
      } finally {
        reports.close();
      }
    },
    close: () => piscina.destroy(),
  };
}

/** Errors lose their class on the way between threads; the code tells what they were. */
function asKnown(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true)
    return new ShepherdError('CANCELLED', 'The training was stopped before it was done.', { cause: error });
  if (
    error instanceof Error &&
    error.cause instanceof Object &&
    'code' in error.cause &&
    ShepherdError.isCode(error.cause.code)
  ) {
    return new ShepherdError(error.cause.code, error.message);
  }
  return error;
}
