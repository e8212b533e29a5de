import type { MessagePort } from 'node:worker_threads';
import { ShepherdError } from '../../core/errors.ts';
import { train as trainNetwork } from '../../core/model/training/train.ts';
import { trainBatch, type BatchFigures, type BatchInput } from '../../core/tables/trainBatch.ts';
import type { TrainingBackend } from '../../core/model/training/learner.ts';
import type { TrainingRequest, TrainingResult } from '../../core/model/training/request.ts';
import { completeArm, type ArmFigures, type ArmInput } from '../../core/cycle/completeArm.ts';
import { computeCheck, type CheckFigures, type CheckInput } from '../../core/cycle/computeCheck.ts';

export interface TrainingTask {
  readonly request: TrainingRequest;
  readonly backend: TrainingBackend;
  /** Reports leave through it while the training runs. */
  readonly port: MessagePort;
}

/** One training on this thread. */
export async function train({ request, backend, port }: TrainingTask): Promise<TrainingResult> {
  try {
    // Loaded only where it is asked for: the kernel needs nothing of it.
    const tfjs = backend === 'tfjs' ? await import('../../core/model/tfjs/openTfjs.ts') : undefined;
    const withLearner = await tfjs?.openTfjs();
    return told(() =>
      trainNetwork(request, {
        onEpoch: (report) => {
          port.postMessage(report);
        },
        ...(withLearner && { withLearner }),
      }),
    );
  } finally {
    port.close();
  }
}

export const complete = (input: ArmInput): ArmFigures => told(() => completeArm(input));

export const check = (input: CheckInput): CheckFigures => told(() => computeCheck(input));

export const table = (input: BatchInput): BatchFigures => told(() => trainBatch(input));

/** Only plain errors survive the way back: the code goes with it as its cause. */
function told<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ShepherdError ? new Error(error.message, { cause: { code: error.code } }) : error;
  }
}
