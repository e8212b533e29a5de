import type { MessagePort } from 'node:worker_threads';
import { ShepherdError } from '../../core/errors.ts';
import { train as trainNetwork } from '../../core/model/train.ts';
import type { TrainingRequest, TrainingResult } from '../../core/model/training.ts';
import { completeArm, type ArmFigures, type ArmInput } from '../../core/cycle/completeArm.ts';
import { computeCheck, type CheckFigures, type CheckInput } from '../../core/cycle/check.ts';

/** One training on this thread; reports leave through the port while it runs. */
export function train({ request, port }: { request: TrainingRequest; port: MessagePort }): TrainingResult {
  try {
    return told(() =>
      trainNetwork(request, {
        onEpoch: (report) => {
          port.postMessage(report);
        },
      }),
    );
  } finally {
    port.close();
  }
}

export const complete = (input: ArmInput): ArmFigures => told(() => completeArm(input));

export const check = (input: CheckInput): CheckFigures => told(() => computeCheck(input));

/** Only plain errors survive the way back: the code goes with it as its cause. */
function told<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof ShepherdError ? new Error(error.message, { cause: { code: error.code } }) : error;
  }
}
